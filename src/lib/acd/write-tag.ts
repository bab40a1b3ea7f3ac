import type { AgentId, ForwardId, OfferId } from './ids.ts';
import type { Call, Visit } from './state.ts';
import { encodeTag } from './tag.ts';
import { send } from './turn.ts';
import type { Turn } from './turn.ts';

type Tagged = Pick<Visit, 'id' | 'queueId' | 'queuedAtMs' | 'creditSeconds' | 'strict'> &
  Partial<Pick<Visit, 'saidPlace' | 'saidWait'>>;

/** Writes the caller's leg what recovery needs without a state; again at each change of it. */
export function writeTag(
  turn: Turn,
  call: Call,
  visit: Tagged,
  talk: { id: OfferId | ForwardId; agentId: AgentId | null; talkSinceMs: number | null } | null
): void {
  const value = encodeTag({
    callId: call.id,
    visitId: visit.id,
    organizationId: call.organizationId,
    queueId: visit.queueId,
    queuedAtMs: visit.queuedAtMs,
    creditSeconds: visit.creditSeconds,
    strict: visit.strict,
    language: call.language,
    partnerId: talk?.id ?? null,
    agentId: talk?.agentId ?? null,
    talkSinceMs: talk?.talkSinceMs ?? null,
    saidPlace: visit.saidPlace?.place ?? null,
    saidWait: visit.saidWait ?? null
  });
  send(turn, { type: 'tag', callId: call.id, value });
}
