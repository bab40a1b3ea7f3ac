import type { WebSocket } from 'ws';
import { z } from 'zod';
import { id } from '#lib/acd/ids.ts';
import type { Lookup } from '#lib/live/live-state.ts';
import type { Topic } from '#lib/live/topics.ts';
import type { LiveFeed, OpenView } from './feed.ts';
import { createFrames, type Frames } from './frames.ts';

/** Whom a live socket belongs to. */
export interface LiveUser {
  userId: string;
  organizationId: string;
  timeZone: string;
  /** Asked at subscription; another role ends the socket (`stillValid`). */
  mayView: (topic: Topic) => boolean;
  stillValid: () => Promise<boolean>;
  /** The queues the wallboard may show; null: all of the organization. */
  visibleQueues: () => Promise<ReadonlySet<string> | null>;
}

export interface ConnectionsOptions {
  feed: LiveFeed;
  lookup: (organizationId: string) => Lookup;
  nowMs: () => number;
  /** The last page of an agent's desk is gone (after a short grace), or one is there again. */
  presence: (user: LiveUser, here: boolean) => void;
  onError: (error: unknown) => void;
}

const clientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('subscribe'), topic: z.enum(['wallboard', 'desk']) }),
  z.object({ type: z.literal('unsubscribe'), topic: z.enum(['wallboard', 'desk']) }),
  z.object({ type: z.literal('again'), topic: z.enum(['wallboard', 'desk']) }),
  z.object({ type: z.literal('pong'), n: z.number() })
]);

/** 10 frames a second at most; the first of a burst goes at once. */
const frameEveryMs = 100;
const pingEveryMs = 3_000;
/** B9: a page that does not answer is gone; a hidden tab answers, since the server asks (telephony.md). */
const goneAfterMs = 8_000;
/** More than this unsent: the reader is slow and gets the next whole view instead of each change. */
const slowBytes = 256 * 1024;
/** So soon after a change of role, membership or session do open sockets follow it. */
const checkEveryMs = 10_000;
/** A reload brings the page back within this. */
const presenceGraceMs = 1_500;

interface Channel {
  key: string;
  organizationId: string;
  view: OpenView;
  make: () => object | null;
  frames: Frames | null;
  readers: Set<Reader>;
  sentAtMs: number;
  timer: NodeJS.Timeout | null;
}
interface Reader {
  socket: WebSocket;
  user: LiveUser;
  channels: Map<Topic, Channel>;
  /** Fell behind: the whole view is next. */
  behind: Set<Topic>;
  heardAtMs: number;
}

export function createConnections(options: ConnectionsOptions) {
  const { feed } = options;
  const channels = new Map<string, Promise<Channel>>();
  const readers = new Set<Reader>();
  const desks = new Map<string, { readers: Set<Reader>; timer: NodeJS.Timeout | null; told: boolean }>();
  let pings = 0;

  feed.onStale(() => {
    const frame = JSON.stringify({ type: 'stale', sinceMs: feed.staleSinceMs() });
    for (const reader of readers) reader.socket.send(frame);
  });
  const pinging = setInterval(() => {
    pings += 1;
    const frame = `{"type":"ping","n":${pings}}`;
    const now = performance.now();
    for (const reader of readers) {
      if (now - reader.heardAtMs > goneAfterMs) reader.socket.terminate();
      else reader.socket.send(frame);
    }
    // Service level, alarms and the day change with time alone; what has not changed is not sent.
    for (const [key, made] of channels) if (key.startsWith('wallboard')) made.then(touch, () => undefined);
  }, pingEveryMs);
  const checking = setInterval(() => {
    for (const reader of readers) check(reader).catch((error: unknown) => options.onError(error)); // database away: the socket stays
  }, checkEveryMs);

  /** The session, the role, and which queues may be seen: what has changed ends the socket or moves it to another view. */
  async function check(reader: Reader): Promise<void> {
    if (!(await reader.user.stillValid())) return reader.socket.close(4401, 'signed out');
    const board = reader.channels.get('wallboard');
    if (!board) return;
    const key = wallboardKey(reader.user, await reader.user.visibleQueues());
    if (board.key === key || reader.channels.get('wallboard') !== board) return;
    unsubscribe(reader, 'wallboard');
    await subscribe(reader, 'wallboard');
  }

  function connect(socket: WebSocket, user: LiveUser): void {
    const reader: Reader = { socket, user, channels: new Map(), behind: new Set(), heardAtMs: performance.now() };
    readers.add(reader);
    if (feed.staleSinceMs() !== null) socket.send(JSON.stringify({ type: 'stale', sinceMs: feed.staleSinceMs() }));
    socket.on('message', (data: Buffer) => {
      reader.heardAtMs = performance.now();
      const frame = clientFrame.safeParse(parse(data));
      if (!frame.success) return socket.close(1008, 'not a frame of this protocol');
      if (frame.data.type === 'subscribe')
        subscribe(reader, frame.data.topic).catch((error: unknown) => {
          options.onError(error);
          socket.close(1013, 'try again');
        });
      else if (frame.data.type === 'unsubscribe') unsubscribe(reader, frame.data.topic);
      else if (frame.data.type === 'again') {
        const channel = reader.channels.get(frame.data.topic);
        if (channel?.frames) socket.send(channel.frames.snapshot(options.nowMs()));
      }
    });
    socket.on('close', () => {
      readers.delete(reader);
      for (const topic of reader.channels.keys()) unsubscribe(reader, topic);
    });
    socket.on('error', () => socket.terminate());
  }

  async function subscribe(reader: Reader, topic: Topic): Promise<void> {
    const { user, socket } = reader;
    if (reader.channels.has(topic)) return;
    if (!user.mayView(topic)) return socket.send(JSON.stringify({ type: 'denied', topic }));
    const visible = topic === 'wallboard' ? await user.visibleQueues() : null;
    const key = topic === 'desk' ? `desk:${user.userId}` : wallboardKey(user, visible);
    const channel = await channelOf(key, topic, user, visible);
    if (!readers.has(reader)) return drop(channel);
    reader.channels.set(topic, channel);
    channel.readers.add(reader);
    if (topic === 'desk') arrived(reader);
    flush(channel);
    if (channel.frames) socket.send(channel.frames.snapshot(options.nowMs()));
  }

  function channelOf(key: string, topic: Topic, user: LiveUser, visible: ReadonlySet<string> | null): Promise<Channel> {
    const known = channels.get(key);
    if (known) return known;
    const made = (async () => {
      const view = await feed.open(user.organizationId, user.timeZone, () => touch(channel));
      const lookup = options.lookup(user.organizationId);
      const channel: Channel = {
        key,
        organizationId: user.organizationId,
        view,
        frames: null,
        readers: new Set(),
        sentAtMs: 0,
        timer: null,
        make: () =>
          topic === 'desk'
            ? view.projection().desk(id.agent(user.userId), options.nowMs(), lookup)
            : view.projection().wallboard(visible, options.nowMs())
      };
      const first = channel.make();
      // A user who is no agent (yet) has no desk in the engine: the channel waits for one.
      if (first) channel.frames = createFrames(topic, withPosition(first, channel));
      return channel;
    })();
    channels.set(key, made);
    made.catch(() => channels.delete(key));
    return made;
  }

  /** At once when the last frame is long ago, else at the end of its tenth of a second. */
  function touch(channel: Channel): void {
    if (channel.timer) return;
    const wait = frameEveryMs - (performance.now() - channel.sentAtMs);
    if (wait <= 0) flush(channel);
    else channel.timer = setTimeout(() => flush(channel), wait);
  }

  function flush(channel: Channel): void {
    if (channel.timer) clearTimeout(channel.timer);
    channel.timer = null;
    const view = channel.make();
    if (!view) return;
    const nowMs = options.nowMs();
    const positioned = withPosition(view, channel);
    if (!channel.frames)
      channel.frames = createFrames(channel.key.startsWith('desk') ? 'desk' : 'wallboard', positioned);
    const frame = channel.frames.next(positioned, nowMs);
    if (!frame) return;
    channel.sentAtMs = performance.now();
    const topic: Topic = channel.key.startsWith('desk') ? 'desk' : 'wallboard';
    let whole: string | null = null;
    for (const reader of channel.readers) {
      if (reader.socket.bufferedAmount > slowBytes) reader.behind.add(topic);
      else if (reader.behind.delete(topic)) reader.socket.send((whole ??= channel.frames.snapshot(nowMs)));
      else reader.socket.send(frame);
    }
  }

  /** Tells a page that the view has come as far as the fact which its click led to. */
  function withPosition(view: object, channel: Channel): object {
    const { epoch, n } = channel.view.position();
    return channel.key.startsWith('desk') ? { ...view, position: `${epoch}-${n}` } : view;
  }

  function unsubscribe(reader: Reader, topic: Topic): void {
    const channel = reader.channels.get(topic);
    if (!channel) return;
    reader.channels.delete(topic);
    channel.readers.delete(reader);
    if (topic === 'desk') left(reader);
    drop(channel);
  }

  function drop(channel: Channel): void {
    if (channel.readers.size > 0) return;
    if (channel.timer) clearTimeout(channel.timer);
    channel.view.close();
    channels.delete(channel.key);
  }

  function arrived(reader: Reader): void {
    const desk = desks.get(reader.user.userId) ?? { readers: new Set(), timer: null, told: false };
    desks.set(reader.user.userId, desk);
    desk.readers.add(reader);
    if (desk.timer) clearTimeout(desk.timer);
    desk.timer = null;
    if (!desk.told) options.presence(reader.user, true);
    desk.told = true;
  }

  function left(reader: Reader): void {
    const desk = desks.get(reader.user.userId);
    if (!desk?.readers.delete(reader) || desk.readers.size > 0) return;
    desk.timer = setTimeout(() => {
      desks.delete(reader.user.userId);
      options.presence(reader.user, false);
    }, presenceGraceMs);
  }

  return {
    connect,
    /** Something that views show, but no fact tells, has come (a caller's name). */
    refresh() {
      for (const made of channels.values()) made.then(touch, () => undefined);
    },
    close() {
      clearInterval(pinging);
      clearInterval(checking);
      for (const desk of desks.values()) if (desk.timer) clearTimeout(desk.timer);
    }
  };
}
export type Connections = ReturnType<typeof createConnections>;

const wallboardKey = (user: LiveUser, visible: ReadonlySet<string> | null) =>
  `wallboard:${user.organizationId}:${visible ? [...visible].sort().join(',') : '*'}`;

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return null; // refused as no frame of the protocol
  }
}
