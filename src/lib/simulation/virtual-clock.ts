import type { Clock, Timer } from '#lib/server/cell/clock.ts';

export interface VirtualClock extends Clock {
  /** Runs the next timer and all that follows from it at once. False when there is none up to `untilMs`. */
  step(untilMs: number): Promise<boolean>;
  /** The wall clock jumps; what has been measured by elapsed time does not. */
  stepWall(byMs: number): void;
  /** A clock whose timers die with a process: after `kill` none of them runs. */
  mortal(): { clock: Clock; kill(): void };
}

/** Time that passes only when told to, and then at once. */
export function createVirtualClock(startWallMs: number): VirtualClock {
  const timers: { atMs: number; n: number; run: () => void; cancelled: boolean }[] = [];
  let elapsedMs = 0;
  let offsetMs = startWallMs;
  let made = 0;

  function after(ms: number, run: () => void): Timer {
    made += 1;
    const timer = { atMs: elapsedMs + Math.max(0, ms), n: made, run, cancelled: false };
    let low = 0;
    let high = timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = timers[middle]!;
      if (other.atMs > timer.atMs || (other.atMs === timer.atMs && other.n > timer.n)) low = middle + 1;
      else high = middle;
    }
    // The next one due stands last.
    timers.splice(low, 0, timer);
    return { cancel: () => void (timer.cancelled = true) };
  }

  function due(untilMs: number) {
    while (timers.at(-1)?.cancelled) timers.pop();
    const next = timers.at(-1);
    return next && next.atMs <= untilMs ? next : null;
  }

  const clock: Clock = { wallMs: () => offsetMs + elapsedMs, elapsedMs: () => elapsedMs, after };
  return {
    ...clock,
    async step(untilMs) {
      let next = due(untilMs);
      if (!next) {
        // What waits for nothing but promises may still set one.
        await settled();
        next = due(untilMs);
      }
      if (!next) {
        elapsedMs = Math.max(elapsedMs, untilMs);
        return false;
      }
      timers.pop();
      elapsedMs = Math.max(elapsedMs, next.atMs);
      next.run();
      await settled();
      return true;
    },
    stepWall(byMs) {
      offsetMs += byMs;
    },
    mortal() {
      let alive = true;
      return {
        clock: { ...clock, after: (ms, run) => after(ms, () => alive && run()) },
        kill() {
          alive = false;
        }
      };
    }
  };
}

/** Everything that waits for nothing but promises has run when the event loop comes round. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
