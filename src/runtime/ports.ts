import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { readFile, readdir, readlink } from 'node:fs/promises';

/** A free TCP port on loopback, given by the system. */
export function freeTcpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

export function freeUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** null when the port can be taken; else why not. */
export function whyTaken(host: string, port: number): Promise<'in-use' | 'not-allowed' | 'no-such-address' | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'EACCES'
          ? 'not-allowed'
          : error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
            ? 'no-such-address'
            : 'in-use'
      )
    );
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

/** Who listens on a TCP port, if this user may see it: `node (pid 123)`. Read from /proc, as no tool need be there. */
export async function whoListens(port: number): Promise<string | null> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(file, 'utf8').catch(() => '')).split('\n')) {
      const fields = line.trim().split(/\s+/);
      if (fields[3] === '0A' && fields[1]?.endsWith(`:${wanted}`) && fields[9]) inodes.add(`socket:[${fields[9]}]`);
    }
  }
  if (inodes.size === 0) return null;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [] as string[])) {
      const link = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      if (inodes.has(link))
        return `${(await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'process')).trim()} (pid ${pid})`;
    }
  }
  return null;
}
