import type { WebSocket } from 'ws';
import { z } from 'zod';
import { id } from '#lib/acd/ids.ts';
import type { Lookup } from '#lib/live/live-state.ts';
import type { Topic, WallboardView } from '#lib/live/topics.ts';
import type { LiveFeed, OpenView } from './feed.ts';
import type { Trouble } from './trouble.ts';
import { createFrames, type Frames } from './frames.ts';
import type { Presence, Presences } from './presence.ts';
import { createShared, type Share } from './shared.ts';

/** Whom a live socket belongs to. */
export interface LiveUser {
  userId: string;
  organizationId: string;
  timeZone: string;
  /** Of an agent. */
  deviceId: string | null;
  /** Asked at subscription; another role ends the socket (`stillValid`). */
  mayView: (topic: Topic) => boolean;
  stillValid: () => Promise<boolean>;
  /** The queues the wallboard may show; null: all of the organization. */
  visibleQueues: () => Promise<ReadonlySet<string> | null>;
}

export interface ConnectionsOptions {
  feed: LiveFeed;
  trouble: Trouble;
  lookup: (organizationId: string) => Lookup;
  nowMs: () => number;
  presences: Presences;
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
/** A page answers pings and asks for a topic now and then; more than this between two pings is no page of ours. */
const framesPerPing = 100;
/** B9: a page that does not answer is gone; a hidden tab answers, since the server asks (telephony.md). */
const goneAfterMs = 8_000;
/** More than this unsent: the reader is slow and gets the next whole view instead of each change. */
const slowBytes = 256 * 1024;
/** So soon after a change of role, membership or session do open sockets follow it. */
const checkEveryMs = 10_000;

interface Channel {
  key: string;
  topic: Topic;
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
  /** Topics asked for, from the first moment on; `channel` once it is there. */
  topics: Map<Topic, Subscription>;
  /** New, behind, or asked again: the whole view is next. */
  behind: Set<Topic>;
  heardAtMs: number;
  /** Since the last ping. */
  frames: number;
}
interface Subscription {
  share: Share<Channel> | null;
  channel: Channel | null;
  /** Of a desk. */
  presence: Presence | null;
}

export function createConnections(options: ConnectionsOptions) {
  const { feed, trouble } = options;
  const channels = createShared<Channel>((channel) => {
    if (channel.timer) clearTimeout(channel.timer);
    channel.view.close();
  });
  const readers = new Set<Reader>();
  let pings = 0;

  trouble.onChange(() => {
    for (const reader of readers) reader.socket.send(staleFrame());
    forEachChannel((channel) => channel.topic === 'wallboard' && touch(channel));
  });
  const pinging = setInterval(() => {
    pings += 1;
    const frame = `{"type":"ping","n":${pings}}`;
    const now = performance.now();
    for (const reader of readers) {
      reader.frames = 0;
      if (now - reader.heardAtMs > goneAfterMs) reader.socket.terminate();
      else reader.socket.send(frame);
      reader.topics.get('desk')?.presence?.refresh();
    }
    // Service level, alarms and the day change with time alone; what has not changed is not sent. Whoever fell behind
    // catches up though nothing more happens.
    forEachChannel((channel) => {
      if (channel.topic === 'wallboard' || [...channel.readers].some(({ behind }) => behind.has(channel.topic)))
        touch(channel);
    });
  }, pingEveryMs);
  const checking = setInterval(() => {
    for (const reader of readers) check(reader).catch((error: unknown) => options.onError(error)); // database away: the socket stays
  }, checkEveryMs);

  function forEachChannel(visit: (channel: Channel) => void): void {
    for (const opened of channels.values()) opened.then(visit, () => undefined);
  }

  /** The session, the role, and which queues may be seen: what has changed ends the socket or moves it to another view. */
  async function check(reader: Reader): Promise<void> {
    if (!(await reader.user.stillValid())) return reader.socket.close(4401, 'signed out');
    const board = reader.topics.get('wallboard');
    if (!board?.channel) return;
    const key = wallboardKey(reader.user, await reader.user.visibleQueues());
    if (board.channel.key === key || reader.topics.get('wallboard') !== board) return;
    unsubscribe(reader, 'wallboard');
    subscribeOrClose(reader, 'wallboard');
  }

  function connect(socket: WebSocket, user: LiveUser): void {
    const heardAtMs = performance.now();
    const reader: Reader = { socket, user, topics: new Map(), behind: new Set(), heardAtMs, frames: 0 };
    readers.add(reader);
    socket.on('message', (data: Buffer) => {
      reader.heardAtMs = performance.now();
      reader.frames += 1;
      if (reader.frames > framesPerPing) return socket.close(1008, 'too many frames');
      const frame = clientFrame.safeParse(parse(data));
      if (!frame.success) return socket.close(1008, 'not a frame of this protocol');
      if (frame.data.type === 'subscribe') subscribeOrClose(reader, frame.data.topic);
      else if (frame.data.type === 'unsubscribe') unsubscribe(reader, frame.data.topic);
      else if (frame.data.type === 'again') {
        const channel = reader.topics.get(frame.data.topic)?.channel;
        if (!channel) return;
        reader.behind.add(frame.data.topic);
        touch(channel);
      }
    });
    socket.on('close', () => {
      readers.delete(reader);
      for (const topic of reader.topics.keys()) unsubscribe(reader, topic);
    });
    socket.on('error', () => socket.terminate());
  }

  function subscribeOrClose(reader: Reader, topic: Topic): void {
    subscribe(reader, topic).catch((error: unknown) => {
      options.onError(error);
      reader.socket.close(1013, 'try again');
    });
  }

  /** Its place in `topics` is taken before anything is waited for: asked again meanwhile it is the same, and taken back it is dropped. */
  async function subscribe(reader: Reader, topic: Topic): Promise<void> {
    const { user, socket, topics } = reader;
    if (topics.has(topic)) return;
    if (!user.mayView(topic)) return socket.send(JSON.stringify({ type: 'denied', topic }));
    const own: Subscription = { share: null, channel: null, presence: null };
    topics.set(topic, own);
    const visible = topic === 'wallboard' ? await user.visibleQueues() : null;
    if (topics.get(topic) !== own) return;
    const key = topic === 'desk' ? `desk:${user.userId}` : wallboardKey(user, visible);
    own.share = channels.hold(key, () => openChannel(key, topic, user, visible));
    const channel = await own.share.value;
    if (topics.get(topic) !== own) return;
    own.channel = channel;
    channel.readers.add(reader);
    if (topic === 'desk' && user.deviceId !== null)
      own.presence = options.presences.arrive(id.agent(user.userId), id.device(user.deviceId));
    reader.behind.add(topic);
    flush(channel);
  }

  async function openChannel(
    key: string,
    topic: Topic,
    user: LiveUser,
    visible: ReadonlySet<string> | null
  ): Promise<Channel> {
    let channel: Channel | null = null;
    const view = await feed.open(user.organizationId, user.timeZone, () => channel && touch(channel));
    const lookup = options.lookup(user.organizationId);
    channel = {
      key,
      topic,
      view,
      frames: null,
      readers: new Set(),
      sentAtMs: 0,
      timer: null,
      make: () =>
        topic === 'desk'
          ? view.projection().desk(id.agent(user.userId), options.nowMs(), lookup)
          : withAlarms(view.projection().wallboard(visible, options.nowMs()))
    };
    return channel;
  }

  const staleFrame = () => JSON.stringify({ type: 'stale', sinceMs: trouble.staleSinceMs() });

  function withAlarms(board: WallboardView): WallboardView {
    return { ...board, alarms: [...trouble.alarms(), ...board.alarms] };
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
    // The first goes to everybody as a whole.
    const frame = channel.frames?.next(positioned, nowMs) ?? null;
    channel.frames ??= createFrames(channel.topic, positioned);
    let whole: string | null = null;
    for (const reader of channel.readers) {
      const { socket, behind } = reader;
      if (socket.bufferedAmount > slowBytes) behind.add(channel.topic);
      else if (behind.delete(channel.topic)) {
        socket.send((whole ??= channel.frames.snapshot(nowMs)));
        // A page takes a whole view for a live one.
        if (trouble.staleSinceMs() !== null) socket.send(staleFrame());
      } else if (frame) socket.send(frame);
    }
    if (frame || whole) channel.sentAtMs = performance.now();
  }

  /** Tells a page that the view has come as far as the fact which its click led to. */
  function withPosition(view: object, channel: Channel): object {
    const { epoch, n } = channel.view.position();
    return channel.topic === 'desk' ? { ...view, position: `${epoch}-${n}` } : view;
  }

  function unsubscribe(reader: Reader, topic: Topic): void {
    const own = reader.topics.get(topic);
    if (!own) return;
    reader.topics.delete(topic);
    reader.behind.delete(topic);
    own.channel?.readers.delete(reader);
    own.presence?.leave();
    own.share?.release();
  }

  return {
    connect,
    /** Something that views show, but no fact tells, has come (a caller's name). */
    refresh: () => forEachChannel(touch),
    close() {
      clearInterval(pinging);
      clearInterval(checking);
      options.presences.close();
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
