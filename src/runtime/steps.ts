/** Progress of the set-up: one line a step with its time; in a terminal the running step is shown at once. */
export interface Steps {
  step<T>(title: string, work: (note: (text: string) => void) => Promise<T> | T): Promise<T>;
}

/** `write` gets whole pieces of text. Steps that took under `quietMs` and noted nothing are not shown. */
export function createSteps(options: { tty: boolean; quietMs?: number; write: (text: string) => void }): Steps {
  const { tty, write, quietMs = 50 } = options;
  return {
    async step(title, work) {
      const from = performance.now();
      let noted = '';
      const line = (mark: string, rest: string) =>
        `${tty ? '\r\x1b[2K' : ''}  ${mark} ${title}${noted && ` (${noted})`}${rest}`;
      if (tty) write(line('…', ''));
      try {
        const result = await work((text) => {
          noted = text;
          if (tty) write(line('…', ''));
        });
        const ms = performance.now() - from;
        if (ms >= quietMs || noted) write(`${line('✓', ` ${(ms / 1000).toFixed(1)} s`)}\n`);
        else if (tty) write('\r\x1b[2K');
        return result;
      } catch (error) {
        write(`${line('✗', '')}\n`);
        throw error;
      }
    }
  };
}
