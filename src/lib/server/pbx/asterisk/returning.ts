/** The dialplan tries again each second: so long after us all who were sent there are back. */
const returnWithinMs = 1_500;

/** Callers who are on their way back from the dialplan. */
export interface Returning {
  take(channelId: string): void;
  done: Promise<void>;
}

/** Until all have been taken, or the time is over: one may have hung up meanwhile. */
export function createReturning(channelIds: string[]): Returning {
  const left = new Set(channelIds);
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, returnWithinMs);
    finish = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return {
    done,
    take(channelId) {
      if (left.delete(channelId) && left.size === 0) finish();
    }
  };
}
