/** One share in a thing that several hold. */
export interface Share<T> {
  value: Promise<T>;
  /** Once; the last to let go closes the thing. */
  release(): void;
}

/**
 * Things that take a while to open and are held by several at once, one per key. Who waits for the opening holds it
 * already, so that nobody's leaving closes it under them; what was closed, or could not be opened, is opened anew.
 */
export function createShared<T>(close: (value: T) => void) {
  const entries = new Map<string, { value: Promise<T>; holders: number }>();
  return {
    hold(key: string, open: () => Promise<T>): Share<T> {
      const entry = entries.get(key) ?? { value: open(), holders: 0 };
      entries.set(key, entry);
      entry.holders += 1;
      /** Another may stand under the key by now. */
      const forget = () => entries.get(key) === entry && entries.delete(key);
      entry.value.catch(forget);
      return {
        value: entry.value,
        release() {
          entry.holders -= 1;
          if (entry.holders > 0) return;
          forget();
          entry.value.then(close, () => undefined);
        }
      };
    },
    values: () => [...entries.values()].map(({ value }) => value)
  };
}
