import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP relay on loopback whose connections can be cut, while what stands behind it goes on. */
export interface CutProxy {
  port: number;
  /** Ends every connection at once; new ones are taken. */
  cut(): Promise<void>;
  /** Takes no new ones until `restore`, and ends those there are. */
  refuse(): void;
  restore(): void;
  close(): Promise<void>;
}

export async function startProxy(toPort: number): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  let refusing = false;
  const server = createServer((near) => {
    if (refusing) return near.destroy();
    const far = connect(toPort, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near]
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    async cut() {
      cutAll();
    },
    refuse() {
      refusing = true;
      cutAll();
    },
    restore() {
      refusing = false;
    },
    close: () => {
      cutAll();
      return new Promise((resolve) => server.close(() => resolve()));
    }
  };
}
