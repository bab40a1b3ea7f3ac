import { randomUUID } from 'node:crypto';
import type { AgentId, DeviceId } from '#lib/acd/ids.ts';
import type { Clicks } from './clicks.ts';

/** A reload brings the page back within this. */
const graceMs = 1_500;
/** What could not be told is told again; after a minute the PBX itself has long known that the softphone is gone. */
const retryMs = 3_000;
const goneAttempts = 20;

/** One page of an agent's desk, as long as it is there. */
export interface Presence {
  /** It has just been heard of: every few seconds (`Clicks.page`). */
  refresh(): void;
  leave(): void;
}

/**
 * B9: the device of an agent without any page is unreachable before SIP notices. Each page is told by itself, since
 * others of the same agent may be on other web processes: only the store sees them all.
 */
export function createPresences(tell: Clicks['page']) {
  const leaving = new Set<NodeJS.Timeout>();
  let closed = false;

  function later(ms: number, work: () => void): void {
    if (closed) return;
    const timer = setTimeout(() => {
      leaving.delete(timer);
      work();
    }, ms);
    leaving.add(timer);
  }

  return {
    arrive(agentId: AgentId, deviceId: DeviceId): Presence {
      const page = { id: randomUUID(), agentId, deviceId };
      let untold = false;
      function refresh(): void {
        const anew = untold;
        untold = false;
        void tell(page, true, anew).then((told) => (untold ||= !told));
      }
      function gone(attempt: number): void {
        void tell(page, false, attempt > 1).then((told) => {
          if (!told && attempt < goneAttempts) later(retryMs, () => gone(attempt + 1));
        });
      }
      refresh();
      return { refresh, leave: () => later(graceMs, () => gone(1)) };
    },
    /** The pages come back to another process, or are forgotten by the store. */
    close() {
      closed = true;
      for (const timer of leaving) clearTimeout(timer);
    }
  };
}
export type Presences = ReturnType<typeof createPresences>;
