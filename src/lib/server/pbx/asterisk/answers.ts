import type { CommandResult } from '../port.ts';
import type { AriAnswer } from './ari-client.ts';

export const isGood = (answer: AriAnswer) => answer.status >= 200 && answer.status < 300;

/** What an answer of ARI means for a command. */
export function result(answer: AriAnswer): CommandResult {
  if (isGood(answer)) return { ok: true };
  const detail = `${answer.status} ${typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)}`;
  if (answer.status === 404) return { ok: false, code: 'not-found', detail };
  if (answer.status === 409 || answer.status === 412) return { ok: false, code: 'conflict', detail };
  if (answer.status === 0) return { ok: false, code: answer.body === 'no answer' ? 'deadline' : 'unavailable', detail };
  return { ok: false, code: 'refused', detail };
}
