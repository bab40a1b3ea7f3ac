import type { createCommitter } from './committer.ts';
import type { Journal } from './journal.ts';

/** Share of the journal from which on it is told. */
const alarmAt = 0.5;

export interface CatchUpOptions {
  journal: Journal;
  committer: ReturnType<typeof createCommitter>;
  /** `finish` is due, between two batches. */
  due: () => void;
  /** Another epoch rules. */
  fenced: () => void;
  log: (level: 'info' | 'warn', text: string) => void;
}

/**
 * What was decided while the store was away goes into it once it is back: all but its end beside the batches, however
 * long that takes; the end and the whole state between two of them.
 */
export function createCatchUp({ journal, committer, due, fenced, log }: CatchUpOptions) {
  let running = false;
  let toFinish = false;
  let told = false;

  return {
    /** Every second while not durable. Nothing in it is waited for: the beat must go on. */
    beat(): void {
      journal.sync().catch((error: unknown) => log('warn', `journal: ${String(error)}`));
      if (journal.filled >= alarmAt && !told)
        log('warn', `the journal is ${Math.round(journal.filled * 100)} % full; then facts are lost`);
      told = journal.filled >= alarmAt;
    },

    /** The store answers again. */
    async drain(): Promise<void> {
      if (running) return;
      running = true;
      try {
        const result = await committer.drain();
        if (result === 'fenced') return fenced();
        toFinish = result === 'done';
      } catch (error) {
        log('warn', `journal: ${String(error)}`);
      } finally {
        // Until the end of it is in, too: a part written beside that would put old values over new ones.
        running = toFinish;
      }
      if (toFinish) due();
    },

    get toFinish() {
      return toFinish;
    },

    /** No batch may be written beside it. What fails is tried again at the next beat. */
    async finish(): Promise<void> {
      toFinish = false;
      try {
        const result = await committer.finish();
        if (result === 'fenced') return fenced();
        if (result === 'done') log('info', 'the store has all that was decided while it was away');
      } catch (error) {
        log('warn', `journal: ${String(error)}`);
      } finally {
        running = false;
      }
    }
  };
}
