import { and, asc, eq } from 'drizzle-orm';
import type { Fact, VisitOutcome } from '#lib/acd/facts.ts';
import { explain } from '#lib/calls/explain.ts';
import { idsIn } from '#lib/calls/ids-in.ts';
import { createOwnFacts } from '#lib/calls/own-facts.ts';
import { createSpeaker, type Explanation } from '#lib/calls/speaker.ts';
import { can, type Actor } from '#lib/server/auth/can.ts';
import { schema, type Snapshot, type Transaction } from '#lib/server/db/index.ts';
import { readFacts } from '#lib/server/history/read-facts.ts';
import { locales, type Language } from '#lib/i18n/language.ts';
import { OperationError } from './error.ts';
import { formatNumber } from './phone.ts';
import { readNames, type Names } from './read-names.ts';
import { readOrganization } from './read-organization.ts';

/** A call's own facts at most: a caller who waits for a day beside agents who come and go stays below it. */
const factsMost = 5_000;
/** What a call leads to is told so soon after its end; only the end of a wrap-up is waited for longer. */
const afterwardsMs = 10_000;
const longestWrapUpMs = 3_600_000;
/** A call without an end is followed so long at most. */
const longestMs = 86_400_000;

export interface CallRecord {
  id: string;
  arrivedMs: number;
  /** null: no end of it is recorded, and the record is not whole. */
  finishedMs: number | null;
  /** Its facts are here from the first on; otherwise those of before are not kept (any more). */
  fromStart: boolean;
  timeZone: string;
  dialled: string;
  queueName: string | null;
  caller: { number: string | null; name: string | null; withheld: boolean };
  visits: RecordVisit[];
  lines: RecordLine[];
}

export interface RecordVisit {
  id: string;
  queueName: string | null;
  outcome: VisitOutcome | null;
  waitedMs: number | null;
  agentName: string | null;
  talkedMs: number | null;
}

export interface RecordLine extends Explanation {
  atMs: number;
  /** The fact's kind, for the line's mark. */
  type: Fact['type'];
  /** The setting's queue is there now: its page can be opened. */
  settingOpens: boolean;
}

/**
 * One call with every fact of it in words, in the language of who reads. Rows and chunks of history are written in one transaction, so a
 * call that has finished here has its record whole.
 *
 * @throws {OperationError} `forbidden`, `not-found`
 */
export async function readCall(tx: Snapshot, actor: Actor, id: string, language: Language): Promise<CallRecord> {
  if (!can(actor, 'call.read')) throw new OperationError('forbidden');
  const { organizationId } = actor;
  const { timeZone, country } = await readOrganization(tx, organizationId);
  const [call] = await tx
    .select()
    .from(schema.call)
    .where(and(eq(schema.call.organizationId, organizationId), eq(schema.call.id, id)));
  if (!call) throw new OperationError('not-found');
  const visits = await tx
    .select()
    .from(schema.visit)
    .where(and(eq(schema.visit.organizationId, organizationId), eq(schema.visit.callId, id)))
    .orderBy(asc(schema.visit.queuedAt), asc(schema.visit.id));
  const arrivedMs = call.arrivedAt.getTime();
  const finishedMs = call.finishedAt?.getTime() ?? null;
  const facts = await ownFacts(tx, organizationId, { id, arrivedMs, finishedMs });
  const ids = idsIn(facts);
  ids.queue.add(call.queueId);
  for (const visit of visits) {
    ids.queue.add(visit.queueId);
    if (visit.agentId !== null) ids.agent.add(visit.agentId);
  }
  const names = await readNames(tx, organizationId, ids);
  const clock = new Intl.DateTimeFormat(locales[language], {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit'
  });
  const speaker = createSpeaker({
    language,
    name: names.of,
    clock: (atMs) => clock.format(atMs),
    number: (e164) => formatNumber(e164, country)
  });
  return {
    id,
    timeZone,
    arrivedMs,
    finishedMs,
    fromStart: facts[0]?.type === 'call-arrived',
    dialled: formatNumber(call.dialled, country),
    queueName: names.of('queue', call.queueId),
    caller: await readCaller(tx, organizationId, call, country),
    visits: visits.map((visit) => ({
      id: visit.id,
      queueName: names.of('queue', visit.queueId),
      outcome: visit.outcome,
      waitedMs: visit.waitedMs,
      agentName: visit.agentId === null ? null : names.of('agent', visit.agentId),
      talkedMs: visit.talkedMs
    })),
    lines: facts.map((fact) => lineOf(fact, explain(fact, speaker), names))
  };
}

async function ownFacts(
  tx: Snapshot,
  organizationId: string,
  call: { id: string; arrivedMs: number; finishedMs: number | null }
): Promise<Fact[]> {
  const { arrivedMs: fromMs, finishedMs } = call;
  const own = createOwnFacts(call.id);
  const facts: Fact[] = [];
  const toMs = finishedMs === null ? fromMs + longestMs : finishedMs + longestWrapUpMs;
  for await (const fact of readFacts(tx, { organizationId, fromMs, toMs })) {
    if (own.takes(fact)) facts.push(fact);
    const over = finishedMs !== null && fact.atMs > finishedMs + afterwardsMs && !own.goesOn();
    if (over || facts.length === factsMost) break;
  }
  return facts;
}

function lineOf(fact: Fact, explanation: Explanation, names: Names): RecordLine {
  const { setting } = explanation;
  const settingOpens = setting !== null && names.exists('queue', setting.queueId);
  return { ...explanation, atMs: fact.atMs, type: fact.type, settingOpens };
}

async function readCaller(
  tx: Transaction,
  organizationId: string,
  call: typeof schema.call.$inferSelect,
  country: string
): Promise<CallRecord['caller']> {
  const { number, name } = schema.caller;
  const [row] =
    call.callerToken === null
      ? []
      : await tx
          .select({ number, name })
          .from(schema.caller)
          .where(and(eq(schema.caller.organizationId, organizationId), eq(schema.caller.token, call.callerToken)));
  return {
    number: row?.number ? formatNumber(row.number, country) : null,
    name: row?.name ?? null,
    withheld: call.withheld
  };
}
