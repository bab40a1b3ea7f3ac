/** Time as an argument: the real one here, a virtual one in `#lib/simulation`. */
export interface Clock {
  /** The wall clock in epoch milliseconds; it may step. */
  wallMs(): number;
  /** Milliseconds since some start; never back, and untouched by steps of the wall clock. */
  elapsedMs(): number;
  after(ms: number, run: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

/** Longer waits would overflow into firing at once. */
const longestTimerMs = 2_147_483_647;

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), longestTimerMs));
    return { cancel: () => clearTimeout(timer) };
  }
};
