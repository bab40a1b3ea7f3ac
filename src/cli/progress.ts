import type { WriteStream } from 'node:tty';

/** Shorter waits need no company. */
const quietMs = 3_000;
const everyMs = 250;

/** One line at a terminal that says how far a long run has come; nothing where nobody looks. */
export function createProgress(to: WriteStream) {
  const startedAt = performance.now();
  let shownAt = 0;
  return {
    show(text: string): void {
      const now = performance.now();
      if (!to.isTTY || now - startedAt < quietMs || now - shownAt < everyMs) return;
      shownAt = now;
      to.write(`\r\x1b[2K${text}`);
    },
    /** Before anything else is printed. */
    clear(): void {
      if (shownAt > 0) to.write('\r\x1b[2K');
    }
  };
}
