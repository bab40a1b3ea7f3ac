import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { joinSip, sipFrameLimit } from './sip-proxy.ts';

/** Kit knows no WebSockets: the web entry finds this handler on `globalThis`, where the server's `init` puts it. */
export const upgradeKey = Symbol.for('vaxel.upgrade');
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface SocketUser {
  userId: string;
  organizationId: string;
}

export interface SocketOptions<User extends SocketUser> {
  /** The person of this cookie header; null: nobody. Kit's hooks do not run for upgrades, so this is all there is. */
  whois: (cookies: string) => Promise<User | null>;
  /** Asked every 10 s of each open SIP socket: false ends it. Rejecting (the database is away) leaves it open. */
  stillValid: (user: User) => Promise<boolean>;
  /** Whether this person may have a softphone. */
  mayPhone: (user: User) => boolean;
  /** `ws://127.0.0.1:PORT/ws` */
  asteriskSip: string;
  live: (socket: WebSocket, user: User) => void;
  onError: (error: unknown) => void;
}

/** So many sockets of one kind and person at once: a page has one, and a few tabs may be open. */
const socketsPerUser = 12;
const checkEveryMs = 10_000;

/** `/sip` and `/live`; anything else is closed. Origin must be the page's own host. */
export function createUpgrade<User extends SocketUser>(
  options: SocketOptions<User>
): { handle: UpgradeHandler; close(): void } {
  const sip = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: sipFrameLimit,
    handleProtocols: (protocols) => (protocols.has('sip') ? 'sip' : false)
  });
  const live = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 16 * 1024 });
  const open = new Map<string, number>();
  const phones = new Map<WebSocket, User>();
  const checking = setInterval(() => {
    for (const [socket, user] of phones)
      options.stillValid(user).then(
        (valid) => {
          if (!valid) socket.close(4401, 'signed out');
        },
        (error: unknown) => options.onError(error)
      );
  }, checkEveryMs);

  async function decide(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const [pathname] = (request.url ?? '').split('?');
    if (pathname !== '/sip' && pathname !== '/live') return refuse(socket, 404, 'Not Found');
    if (!sameOrigin(request)) return refuse(socket, 403, 'Forbidden');
    const user = await options.whois(request.headers.cookie ?? '');
    if (!user) return refuse(socket, 401, 'Unauthorized');
    if (pathname === '/sip' && !options.mayPhone(user)) return refuse(socket, 403, 'Forbidden');
    const key = `${pathname}:${user.userId}`;
    if ((open.get(key) ?? 0) >= socketsPerUser) return refuse(socket, 429, 'Too Many Requests');
    const server = pathname === '/sip' ? sip : live;
    server.handleUpgrade(request, socket, head, (accepted) => {
      open.set(key, (open.get(key) ?? 0) + 1);
      accepted.on('close', () => open.set(key, (open.get(key) ?? 1) - 1));
      if (pathname === '/live') return options.live(accepted, user);
      phones.set(accepted, user);
      accepted.on('close', () => phones.delete(accepted));
      joinSip(accepted, options.asteriskSip);
    });
  }

  return {
    handle(request, socket, head) {
      socket.on('error', () => socket.destroy());
      decide(request, socket, head).catch(() => refuse(socket, 503, 'Service Unavailable'));
    },
    /** Pages come back by themselves: 1001 tells them that the server goes away. */
    close() {
      clearInterval(checking);
      for (const server of [sip, live]) for (const client of server.clients) client.close(1001, 'restarting');
    }
  };
}

function sameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (!origin || !host) return false;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function refuse(socket: Duplex, status: number, text: string): void {
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
