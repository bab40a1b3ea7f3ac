import { connect, type Socket } from 'node:net';

/** One AMI message: names as Asterisk spells them. A name that comes twice keeps its last value. */
export type AmiMessage = Record<string, string>;

/**
 * AMI watches the PBX (contacts, security, quality); it never changes a call. It does not reconnect: its owner makes a
 * new one and asks for the whole again.
 */
export interface AmiClient {
  /** The response, and for list actions the events up to its `EventList: Complete`. Rejects after 2 s. */
  action(name: string, fields?: Record<string, string>): Promise<{ response: AmiMessage; events: AmiMessage[] }>;
  close(): void;
}

export interface AmiOptions {
  host: string;
  port: number;
  user: string;
  password: string;
  event: (message: AmiMessage) => void;
  closed: (reason: string) => void;
}

const deadlineMs = 2_000;
/** No AMI message is near this; more without an end means that the other side is no AMI. */
const mostBuffered = 1_000_000;

/** Resolves when logged in. */
export async function connectAmi(options: AmiOptions): Promise<AmiClient> {
  const socket = await open(options.host, options.port);
  const outstanding = new Map<
    string,
    {
      resolve: (value: { response: AmiMessage; events: AmiMessage[] }) => void;
      reject: (error: Error) => void;
      response: AmiMessage | null;
      events: AmiMessage[];
      timer: NodeJS.Timeout;
    }
  >();
  let number = 0;
  let buffer = '';
  let gone = false;

  const end = (reason: string) => {
    if (gone) return;
    gone = true;
    socket.destroy();
    for (const one of outstanding.values()) {
      clearTimeout(one.timer);
      one.reject(new Error(`AMI: ${reason}`));
    }
    outstanding.clear();
    options.closed(reason);
  };
  socket.on('error', (error) => end(error.message));
  socket.on('close', () => end('socket closed'));
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    buffer += chunk;
    if (buffer.length > mostBuffered) return end('a message without end');
    if (buffer.startsWith('Asterisk Call Manager/')) {
      const line = buffer.indexOf('\r\n');
      if (line < 0) return;
      buffer = buffer.slice(line + 2);
    }
    for (let at = buffer.indexOf('\r\n\r\n'); at >= 0; at = buffer.indexOf('\r\n\r\n')) {
      take(parseAmi(buffer.slice(0, at)));
      buffer = buffer.slice(at + 4);
    }
  });

  function take(message: AmiMessage): void {
    const one = message.ActionID ? outstanding.get(message.ActionID) : undefined;
    if (!one) {
      if (message.Event) options.event(message);
      return;
    }
    if (message.Response) {
      one.response = message;
      if (message.EventList !== 'start') finish(message.ActionID ?? '', one);
    } else if (message.EventList === 'Complete') finish(message.ActionID ?? '', one);
    else one.events.push(message);
  }

  function finish(
    actionId: string,
    one: {
      resolve: (value: { response: AmiMessage; events: AmiMessage[] }) => void;
      response: AmiMessage | null;
      events: AmiMessage[];
      timer: NodeJS.Timeout;
    }
  ): void {
    outstanding.delete(actionId);
    clearTimeout(one.timer);
    one.resolve({ response: one.response ?? {}, events: one.events });
  }

  const client: AmiClient = {
    action(name, fields = {}) {
      if (gone) return Promise.reject(new Error('AMI: not connected'));
      const actionId = `v${++number}`;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          outstanding.delete(actionId);
          reject(new Error(`AMI: no answer to ${name}`));
        }, deadlineMs);
        outstanding.set(actionId, { resolve, reject, response: null, events: [], timer });
        const lines = Object.entries({ Action: name, ActionID: actionId, ...fields }).map(
          ([key, value]) => `${key}: ${value.replace(/[\r\n]/g, ' ')}`
        );
        socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      });
    },
    close: () => end('closed by us')
  };
  const { response } = await client.action('Login', { Username: options.user, Secret: options.password, Events: 'on' });
  if (response.Response !== 'Success') {
    end('login refused');
    throw new Error(`AMI: login refused: ${response.Message ?? ''}`);
  }
  return client;
}

export function parseAmi(text: string): AmiMessage {
  const message: AmiMessage = {};
  for (const line of text.split('\r\n')) {
    const at = line.indexOf(':');
    if (at > 0) message[line.slice(0, at)] = line.slice(at + 1).trim();
  }
  return message;
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(2_000, () => socket.destroy(new Error('AMI: no connection within 2 s')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
