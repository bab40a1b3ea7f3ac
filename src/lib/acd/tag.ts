import type { Language } from './configuration.ts';
import type { SpokenWait } from './speech.ts';
import { id, isForwardId } from './ids.ts';
import type { AgentId, CallId, ForwardId, OfferId, OrganizationId, QueueId, VisitId } from './ids.ts';

/**
 * The channel variable VX on the caller's leg: what recovery needs when the state is lost, so that waiting callers
 * keep their places and talking ones their partners. `partnerId` stands there once they talk, `agentId` if with an agent.
 */
export interface Tag {
  callId: CallId;
  visitId: VisitId;
  organizationId: OrganizationId;
  queueId: QueueId;
  queuedAtMs: number;
  creditSeconds: number;
  strict: boolean;
  language: Language;
  partnerId: OfferId | ForwardId | null;
  agentId: AgentId | null;
  talkSinceMs: number | null;
  /** P8: no worse place is said after it; null: none was. */
  saidPlace: number | null;
  /** P9: no longer one is said after it. */
  saidWait: SpokenWait | null;
}

/** Asterisk copies the variable into every event, so it is kept short. */
export const tagLimitBytes = 400;
const version = '3';
/** Fields of each version that is understood: the first had nothing of what was said, the second the place. */
const fieldsOf: Record<string, number> = { 1: 12, 2: 13, 3: 14 };

/** `3|call|visit|…`, percent-encoded fields, so that it passes a dialplan unharmed. Throws when it would be too long. */
export function encodeTag(tag: Tag): string {
  const text = [
    version,
    tag.callId,
    tag.visitId,
    tag.organizationId,
    tag.queueId,
    tag.queuedAtMs,
    tag.creditSeconds,
    tag.strict ? 1 : 0,
    tag.language,
    tag.partnerId ?? '',
    tag.agentId ?? '',
    tag.talkSinceMs ?? '',
    tag.saidPlace ?? '',
    tag.saidWait ? `${tag.saidWait.fromMinutes}-${tag.saidWait.toMinutes}` : ''
  ]
    .map((field) => encodeURIComponent(field))
    .join('|');
  // Percent-encoding leaves ASCII only: length is bytes.
  if (text.length > tagLimitBytes) throw new Error(`tag-too-long: ${text.length} bytes`);
  return text;
}

/** null for anything that is not a tag of a version we know. */
export function decodeTag(text: string | null): Tag | null {
  const fields = text?.split('|') ?? [];
  if (fields.length !== fieldsOf[fields[0] ?? '']) return null;
  const [, callId, visitId, organizationId, queueId, queuedAt, credit, strict, language, ...more] = fields.map(decode);
  const [partnerId, agentId, talkSince, saidPlace, saidWait] = more;
  const queuedAtMs = Number(queuedAt);
  const creditSeconds = Number(credit);
  if (!callId || !visitId || !organizationId || !queueId) return null;
  if (!Number.isFinite(queuedAtMs) || !Number.isFinite(creditSeconds)) return null;
  if (language !== 'sv' && language !== 'en') return null;
  return {
    callId: id.call(callId),
    visitId: id.visit(visitId),
    organizationId: id.organization(organizationId),
    queueId: id.queue(queueId),
    queuedAtMs,
    creditSeconds,
    strict: strict === '1',
    language,
    partnerId: partnerId ? (isForwardId(partnerId) ? id.forward(partnerId) : id.offer(partnerId)) : null,
    agentId: agentId ? id.agent(agentId) : null,
    talkSinceMs: numberOrNull(talkSince),
    saidPlace: numberOrNull(saidPlace),
    saidWait: waitOrNull(saidWait)
  };
}

function numberOrNull(field: string | undefined): number | null {
  return field && Number.isFinite(Number(field)) ? Number(field) : null;
}

function waitOrNull(field: string | undefined): SpokenWait | null {
  const [, fromMinutes, toMinutes] = /^(\d+)-(\d+)$/.exec(field ?? '') ?? [];
  return toMinutes === undefined ? null : { fromMinutes: Number(fromMinutes), toMinutes: Number(toMinutes) };
}

function decode(field: string): string {
  try {
    return decodeURIComponent(field);
  } catch {
    // A broken escape: not ours. An empty field makes the whole tag null where it matters.
    return '';
  }
}
