import type { AdapterEvent, AdapterSnapshot, DialledCode, PbxListener } from '#lib/server/pbx/port.ts';

type Of<T extends AdapterEvent['type']> = Extract<AdapterEvent, { type: T }>;

export interface Recorder {
  listener: PbxListener;
  /** A place in the record, for `event` and `since`. */
  mark(): number;
  since(mark: number): AdapterEvent[];
  /** The first event of the type that fits, since the mark: past or to come. Rejects after `deadlineMs`. */
  event<T extends AdapterEvent['type']>(
    type: T,
    fits: (event: Of<T>) => boolean,
    since?: number,
    deadlineMs?: number
  ): Promise<Of<T>>;
  /** The code dialled as number `n`, from 0. */
  code(n: number): Promise<DialledCode>;
  codes(): number;
  connections(): number;
  /** The snapshot of connection number `n`, from 0. */
  snapshot(n: number): Promise<AdapterSnapshot>;
}

/** Listens to a PBX, keeps all it says, and lets a test wait for what is still to be said. */
export function createRecorder(): Recorder {
  const events: AdapterEvent[] = [];
  const codes: DialledCode[] = [];
  const snapshots: AdapterSnapshot[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of waiting) check();
  };

  function until<T>(find: () => T | undefined, what: () => string, deadlineMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(check);
        reject(new Error(`waited ${deadlineMs} ms for ${what()}`));
      }, deadlineMs);
      function check(): void {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        waiting.delete(check);
        resolve(found);
      }
      waiting.add(check);
      check();
    });
  }

  return {
    listener: {
      event(event) {
        events.push(event);
        wake();
      },
      code(dialled) {
        codes.push(dialled);
        wake();
      },
      connected(snapshot) {
        snapshots.push(snapshot);
        wake();
      },
      disconnected: () => undefined,
      replaced: () => undefined
    },
    mark: () => events.length,
    since: (mark) => events.slice(mark),
    event<T extends AdapterEvent['type']>(type: T, fits: (event: Of<T>) => boolean, since = 0, deadlineMs = 8_000) {
      const find = () =>
        events.slice(since).find((event): event is Of<T> => event.type === type && fits(event as Of<T>));
      return until(find, () => `${type}; seen: ${JSON.stringify(events.slice(since).slice(-20))}`, deadlineMs);
    },
    code: (n) =>
      until(
        () => codes[n],
        () => `code ${n}`,
        8_000
      ),
    codes: () => codes.length,
    connections: () => snapshots.length,
    snapshot: (n) =>
      until(
        () => snapshots[n],
        () => `connection ${n}`,
        8_000
      )
  };
}
