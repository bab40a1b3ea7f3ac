import type postgres from 'postgres';
import type { ConfigurationChange } from './changes.ts';
import { batchRows, markApplied, readUnapplied } from './read.ts';

export interface ConfigurationReader {
  /** Read now; while a read is running, once more after it. Resolves when it has been; never rejects. */
  nudge(): Promise<void>;
  /** Waits for the read that is running. */
  stop(): Promise<void>;
}

export interface ReaderOptions {
  /** A pool of the owner's role. */
  sql: postgres.Sql;
  cell: number;
  /**
   * Puts changes in force, in order, and resolves once they are read back. Must be safe to repeat: when the commit
   * after it is lost, the same changes come again. Rejecting leaves them unapplied for the next time.
   */
  apply: (changes: ConfigurationChange[]) => Promise<void>;
  /** For when a nudge is lost, and the pause after a failure. */
  everyMs: number;
  /** A read or `apply` that failed; it is tried again after `everyMs`. */
  onError: (error: unknown) => void;
}

/**
 * The worker's end of `configuration_version`: reads what is not in force, applies it, and only then marks it, so that
 * a form shows *live* for nothing less. Reads at the start, at each nudge and every `everyMs`.
 */
export function startConfigurationReader({ sql, cell, apply, everyMs, onError }: ReaderOptions): ConfigurationReader {
  let stopped = false;
  let again = false;
  let running: Promise<void> | null = null;

  async function readOnce(): Promise<boolean> {
    return sql.begin(async (tx) => {
      const { changes, sequences } = await readUnapplied(tx, cell);
      if (sequences.length === 0) return false;
      await apply(changes);
      await markApplied(tx, sequences);
      return sequences.length === batchRows;
    });
  }

  async function drain(): Promise<void> {
    try {
      do {
        again = false;
        while (!stopped && (await readOnce()));
      } while (again && !stopped);
    } catch (error) {
      onError(error);
    } finally {
      running = null;
    }
  }

  async function nudge(): Promise<void> {
    again = true;
    if (!stopped) running ??= drain();
    await running;
  }

  const timer = setInterval(nudge, everyMs);
  void nudge();
  return {
    nudge,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    }
  };
}
