import { getContext, setContext } from 'svelte';
import type { ClientFrame, DeskView, ServerFrame, Topic, WallboardView } from '#lib/live/topics.ts';

type Views = { wallboard: WallboardView; desk: DeskView & { position: string } };

const firstRetryMs = 150;
const mostRetryMs = 5_000;
/** The server pings every 3 s; silent for so long, the path is dead even if the socket does not know it. */
const silentMs = 10_000;

/**
 * One topic over `/live`: a whole view, then numbered changes; a gap asks for the whole again. Comes back by itself,
 * with jitter, so that a thousand pages do not come back at once. Timers count on from `offsetMs`, without traffic.
 */
export class LiveView<T extends Topic> {
  #view = $state.raw<Views[T] | null>(null);
  #connected = $state(false);
  #staleSinceMs = $state<number | null>(null);
  #offsetMs = $state(0);
  #denied = $state(false);
  #n = 0;
  #socket: WebSocket | null = null;
  #stopped = false;
  #retryMs = firstRetryMs;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  #waiting = new Set<() => void>();
  readonly topic: T;

  constructor(topic: T) {
    this.topic = topic;
  }

  /** null until the first snapshot. */
  get view(): Views[T] | null {
    return this.#view;
  }
  get connected(): boolean {
    return this.#connected;
  }
  /** Since when what is shown has stood still; null: it is live. */
  get staleSinceMs(): number | null {
    return this.#staleSinceMs;
  }
  get denied(): boolean {
    return this.#denied;
  }
  /** The server's clock minus this page's. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  start(): void {
    this.#stopped = false;
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#silenceTimer);
    this.#socket?.close();
  }

  /** Resolves when the view fits, at the latest after `withinMs`: then with false. */
  until(fits: (view: Views[T]) => boolean, withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.#view || !fits(this.#view)) return;
        done(true);
      };
      const timer = setTimeout(() => done(false), withinMs);
      const done = (value: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(value);
      };
      this.#waiting.add(look);
      look();
    });
  }

  #open(): void {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/live`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#retryMs = firstRetryMs;
      this.#send({ type: 'subscribe', topic: this.topic });
      this.#heard();
    };
    socket.onmessage = ({ data }) => {
      this.#heard();
      this.#take(JSON.parse(String(data)) as ServerFrame);
    };
    socket.onclose = ({ code }) => {
      if (this.#socket !== socket) return;
      clearTimeout(this.#silenceTimer);
      this.#connected = false;
      if (this.#view && this.#staleSinceMs === null) this.#staleSinceMs = Date.now() + this.#offsetMs;
      if (code === 4401) location.assign('/sign-in');
      if (this.#stopped) return;
      this.#retryTimer = setTimeout(() => this.#open(), this.#retryMs * (0.5 + Math.random()));
      this.#retryMs = Math.min(this.#retryMs * 2, mostRetryMs);
    };
  }

  #heard(): void {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#socket?.close(), silentMs);
  }

  #take(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ping':
        // In `onmessage`: a long-hidden tab's own timers run once a minute only.
        return this.#send({ type: 'pong', n: frame.n });
      case 'stale':
        this.#staleSinceMs = frame.sinceMs;
        return;
      case 'denied':
        this.#denied = true;
        return;
      case 'snapshot':
        this.#n = frame.n;
        this.#view = frame.view as Views[T];
        this.#connected = true;
        this.#staleSinceMs = null;
        break;
      case 'delta':
        if (!this.#view || frame.n !== this.#n + 1) {
          if (frame.n > this.#n) this.#send({ type: 'again', topic: this.topic });
          return;
        }
        this.#n = frame.n;
        this.#view = { ...this.#view, ...frame.change } as Views[T];
        break;
    }
    this.#offsetMs = frame.nowMs - Date.now();
    for (const look of this.#waiting) look();
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}

const key = Symbol('live');

/** Made by the page that shows the topic; its parts use it. */
export function createLive<T extends Topic>(topic: T): LiveView<T> {
  return setContext(key, new LiveView(topic));
}

export function useLive<T extends Topic>(): LiveView<T> {
  return getContext<LiveView<T>>(key);
}
