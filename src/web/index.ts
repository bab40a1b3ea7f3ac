/**
 * The web process: Kit's handler for pages, and the upgrade to `/live` and `/sip`. Composition only; everything else is
 * made inside Kit's own module graph (a second import of `#lib/server` here would make a second instance of it all).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';

const host = process.env.HOST || '127.0.0.1';
const port = Number(process.env.PORT || 3000);
const upgradeKey = Symbol.for('vaxel.upgrade');
const closeKey = Symbol.for('vaxel.close');
const globals = globalThis as unknown as Record<symbol, ((...args: unknown[]) => unknown) | undefined>;

// Without ORIGIN, pages are served under whatever name they are asked by: the host stands in the request, and the
// protocol is known here, not by a proxy's header that anybody could send.
const protocolHeader = 'x-vaxel-protocol';
if (!process.env.ORIGIN) process.env.PROTOCOL_HEADER = protocolHeader;

// Two announcements of the longest, or one piece of music (`#lib/sounds.ts`); Kit's own limit is 512 kB.
process.env.BODY_SIZE_LIMIT ??= '12M';

const build = resolve(process.env.VAXEL_BUILD ?? 'build');
const { handler } = (await import(pathToFileURL(join(build, 'handler.js')).href)) as {
  handler: (request: IncomingMessage, response: ServerResponse) => void;
};

const server = createServer((request, response) => {
  request.headers[protocolHeader] = 'http';
  handler(request, response);
});
server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
  const upgrade = globals[upgradeKey];
  if (upgrade) upgrade(request, socket, head);
  else socket.destroy();
});
server.listen(port, host);

const stopWithinMs = 5_000;
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    setTimeout(() => process.exit(0), stopWithinMs).unref();
    server.close();
    Promise.resolve(globals[closeKey]?.()).then(
      () => {
        server.closeAllConnections();
        process.exit(0);
      },
      () => process.exit(1)
    );
  });
