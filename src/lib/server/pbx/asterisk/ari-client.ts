import { connect as connectTcp, type createConnection, type Socket, type TcpNetConnectOpts } from 'node:net';
import { WebSocket } from 'ws';
import type { AriEvent, RESTResponse } from './ari-types.ts';

/**
 * ARI over one WebSocket: events in, REST requests out on the same socket (2–4 times the speed of HTTP, and a request
 * cannot outlive the connection whose events it belongs to). It does not reconnect: its owner makes a new one, so that
 * "which connection was that" is never in doubt.
 */
export interface AriClient {
  request(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    query?: Record<string, string | number | boolean | undefined>,
    body?: unknown
  ): Promise<AriAnswer>;
  /**
   * A whole list (`channels`, `bridges`), by HTTP: Asterisk writes an answer to the WebSocket by way of a thread's stack
   * (half a megabyte), so that one of some seven hundred channels would end the process.
   */
  list(path: 'channels' | 'bridges'): Promise<AriAnswer>;
  close(): void;
}

/** `status` 0: no answer within the deadline, or the connection went. */
export interface AriAnswer {
  status: number;
  body: unknown;
}

export interface AriOptions {
  /** `http://127.0.0.1:PORT` */
  url: string;
  user: string;
  password: string;
  app: string;
  event: (event: AriEvent) => void;
  /** Once, when the connection is gone for good. */
  closed: (reason: string) => void;
  requestDeadlineMs?: number;
}

/** Thousands of channels take a while. */
const listDeadlineMs = 5_000;
/** More outstanding requests than this means that Asterisk hangs: they fail at once instead of piling up. */
const mostOutstanding = 10_000;

/** Resolves when the application is registered; rejects when that takes over 5 s or is refused. */
export function connectAri(options: AriOptions): Promise<AriClient> {
  const deadlineMs = options.requestDeadlineMs ?? 2_000;
  const address = new URL('/ari/events', options.url.replace(/^http/, 'ws'));
  address.searchParams.set('app', options.app);
  address.searchParams.set('api_key', `${options.user}:${options.password}`);
  const outstanding = new Map<string, { resolve: (answer: AriAnswer) => void; timer: NodeJS.Timeout }>();
  let number = 0;
  let gone = false;
  let wire: Socket | null = null;
  let gathering = false;

  /** What is sent in one turn of the loop goes out in one piece: a write for each request costs both sides a wake-up. */
  function gather(): void {
    if (gathering || !wire) return;
    gathering = true;
    wire.cork();
    process.nextTick(() => {
      gathering = false;
      wire?.uncork();
    });
  }

  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, {
      perMessageDeflate: false,
      maxPayload: 64 * 1024 * 1024,
      handshakeTimeout: 5_000,
      createConnection: ((to: TcpNetConnectOpts) => (wire = connectTcp(to))) as typeof createConnection
    });
    const end = (reason: string) => {
      if (gone) return;
      gone = true;
      for (const { resolve: answer, timer } of outstanding.values()) {
        clearTimeout(timer);
        answer({ status: 0, body: reason });
      }
      outstanding.clear();
      reject(new Error(`ARI: ${reason}`));
      options.closed(reason);
      socket.terminate();
    };
    const client: AriClient = {
      request(method, path, query = {}, body) {
        if (gone || outstanding.size >= mostOutstanding) return Promise.resolve({ status: 0, body: 'not connected' });
        const requestId = String(++number);
        return new Promise((answer) => {
          const timer = setTimeout(() => {
            outstanding.delete(requestId);
            answer({ status: 0, body: 'no answer' });
          }, deadlineMs);
          outstanding.set(requestId, { resolve: answer, timer });
          gather();
          socket.send(
            JSON.stringify({
              type: 'RESTRequest',
              transaction_id: requestId,
              request_id: requestId,
              method,
              uri: path,
              query_strings: Object.entries(query).flatMap(([name, value]) =>
                value === undefined ? [] : [{ name, value: String(value) }]
              ),
              ...(body === undefined ? {} : { content_type: 'application/json', message_body: JSON.stringify(body) })
            })
          );
        });
      },
      async list(path) {
        if (gone) return { status: 0, body: 'not connected' };
        const authorization = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
        try {
          const response = await fetch(new URL(`/ari/${path}`, options.url), {
            headers: { authorization },
            signal: AbortSignal.timeout(listDeadlineMs)
          });
          return { status: response.status, body: await response.json() };
        } catch (error) {
          return { status: 0, body: String(error) };
        }
      },
      close: () => end('closed by us')
    };
    socket.on('open', () => resolve(client));
    socket.on('error', (error) => end(error.message));
    socket.on('close', (code, reason) => end(`socket closed (${code}${reason.length ? ` ${reason.toString()}` : ''})`));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as AriEvent | (RESTResponse & { type: 'RESTResponse' });
      if (message.type !== 'RESTResponse') {
        options.event(message);
        return;
      }
      const waiting = outstanding.get(message.request_id);
      if (!waiting) return; // later than its deadline: its owner has gone on
      outstanding.delete(message.request_id);
      clearTimeout(waiting.timer);
      waiting.resolve({ status: message.status_code, body: parse(message.message_body) });
    });
  });
}

function parse(body: string | undefined): unknown {
  if (!body) return null;
  try {
    return JSON.parse(body);
  } catch (error) {
    return `${(error as Error).message}: ${body.slice(0, 200)}`;
  }
}
