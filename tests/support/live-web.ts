import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { createSession, sessionCookie, type Actor } from '#lib/server/auth/index.ts';
import { createLiveServices } from '#lib/server/web/live.ts';
import type { ServerFrame } from '#lib/live/topics.ts';
import type { Fixture } from '../integration/db-fixture.ts';
import { env } from './environment.ts';

const withinMs = 5_000;

/** The live half of a `web` process, at a port of its own; any number over the same stores. */
export async function startLiveWeb(fixture: Fixture, cell: number, nowMs: () => number = () => Date.now()) {
  const errors: unknown[] = [];
  const services = createLiveServices({
    settings: {
      database: env('VAXEL_DATABASE'),
      databaseWeb: env('VAXEL_DATABASE_WEB'),
      redis: env('VAXEL_REDIS'),
      secret: '0'.repeat(64),
      cell,
      host: '127.0.0.1',
      port: 0,
      origin: null
    },
    asteriskSip: 'ws://127.0.0.1:9/ws',
    db: fixture.web.db,
    nowMs,
    onError: (error) => errors.push(error)
  });
  const server = createServer();
  server.on('upgrade', services.upgrade);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    services,
    errors,
    /** A page's socket. `cookie`: instead of a session of the actor's. */
    async open(actor: Actor, cookie?: string): Promise<Page> {
      const header = cookie ?? `${sessionCookie}=${(await createSession(fixture.web.db, actor, Date.now())).token}`;
      const socket = new WebSocket(`ws://${host}/live`, { headers: { origin: `http://${host}`, cookie: header } });
      return page(socket);
    },
    async close() {
      services.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    }
  };
}
export type LiveWeb = Awaited<ReturnType<typeof startLiveWeb>>;

export interface Page {
  socket: WebSocket;
  /** All but pings, which are answered. */
  frames: ServerFrame[];
  send(frame: object): void;
  /** The first frame, from the `from`th on, that fits; fails after 5 s. */
  frame(fits: (frame: ServerFrame) => boolean, from?: number): Promise<ServerFrame>;
}

/** Resolves when the socket is open; rejects with the server's answer when it refuses. */
async function page(socket: WebSocket): Promise<Page> {
  const frames: ServerFrame[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as ServerFrame;
    if (frame.type === 'ping') return socket.send(JSON.stringify({ type: 'pong', n: frame.n }));
    frames.push(frame);
    for (const look of waiting) look();
  });
  await once(socket, 'open');
  return {
    socket,
    frames,
    send: (frame) => socket.send(JSON.stringify(frame)),
    frame: (fits, from = 0) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not among ${JSON.stringify(frames)}`)), withinMs);
        const look = () => {
          const found = frames.slice(from).find(fits);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      })
  };
}
