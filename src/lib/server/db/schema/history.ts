import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  index,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text
} from 'drizzle-orm/pg-core';
import { moment, organizationPolicy } from './common.ts';
import type { ClosedReason, LegEnd } from '#lib/acd/events.ts';
import type { Predictor } from '#lib/acd/waiting-time.ts';
import type { CallOutcome, FactBody, OfferOutcome, OfferWhy, StoppedBy, VisitOutcome } from '#lib/acd/facts.ts';

/**
 * What `jobs` keeps of the facts. No foreign keys to configuration: history outlives queues and users. Times are the
 * facts' `atMs`. Every row can be written again with the same result, though the cursor already makes it exactly once.
 */
type EndedBy = 'caller' | 'agent' | 'system';
type Because = Extract<FactBody, { type: 'visit-entered' }>['because'];

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

export const call = pgTable(
  'call',
  {
    id: text('id').primaryKey(),
    organizationId: text('organization_id').notNull(),
    arrivedAt: moment('arrived_at').notNull(),
    finishedAt: moment('finished_at'),
    numberId: text('number_id').notNull(),
    dialled: text('dialled').notNull(),
    /** Where the number led. */
    queueId: text('queue_id').notNull(),
    /** null when withheld or absent (E3). */
    callerToken: text('caller_token'),
    withheld: boolean('withheld').notNull(),
    /** Only of a call that never entered a queue; otherwise its visits tell. */
    outcome: text('outcome').$type<CallOutcome>(),
    reason: text('reason').$type<ClosedReason>(),
    endedBy: text('ended_by').$type<EndedBy>()
  },
  (table) => [
    index('call_time_idx').on(table.organizationId, table.arrivedAt),
    index('call_caller_idx').on(table.organizationId, table.callerToken, table.arrivedAt),
    organizationPolicy()
  ]
);

export const visit = pgTable(
  'visit',
  {
    id: text('id').primaryKey(),
    organizationId: text('organization_id').notNull(),
    callId: text('call_id').notNull(),
    queueId: text('queue_id').notNull(),
    callerToken: text('caller_token'),
    withheld: boolean('withheld').notNull(),
    queuedAt: moment('queued_at').notNull(),
    creditSeconds: doublePrecision('credit_seconds').notNull(),
    strict: boolean('strict').notNull(),
    because: text('because').$type<Because>().notNull(),
    endedAt: moment('ended_at'),
    /** null while it lasts. */
    outcome: text('outcome').$type<VisitOutcome>(),
    waitedMs: integer('waited_ms'),
    /** Who answered. */
    agentId: text('agent_id'),
    talkStartedAt: moment('talk_started_at'),
    talkEndedAt: moment('talk_ended_at'),
    talkedMs: integer('talked_ms'),
    talkEndedBy: text('talk_ended_by').$type<EndedBy>(),
    /** The agent's leg was lost, not hung up. */
    talkLost: boolean('talk_lost'),
    /** B5: what it was to expect when it began to wait, and from when; null: not told. `waitedMs` is what then happened. */
    predictedAt: moment('predicted_at'),
    predictedBy: text('predicted_by').$type<Predictor>(),
    predictedMs: integer('predicted_ms'),
    predictedLowMs: integer('predicted_low_ms'),
    predictedHighMs: integer('predicted_high_ms'),
    /** What app_queue would have told at the same instant. */
    averageMs: integer('average_ms')
  },
  (table) => [
    index('visit_time_idx').on(table.organizationId, table.queuedAt),
    index('visit_queue_time_idx').on(table.organizationId, table.queueId, table.queuedAt),
    index('visit_agent_time_idx').on(table.organizationId, table.agentId, table.queuedAt),
    index('visit_call_idx').on(table.callId),
    organizationPolicy()
  ]
);

export const offer = pgTable(
  'offer',
  {
    id: text('id').primaryKey(),
    organizationId: text('organization_id').notNull(),
    visitId: text('visit_id').notNull(),
    callId: text('call_id').notNull(),
    queueId: text('queue_id').notNull(),
    agentId: text('agent_id').notNull(),
    deviceId: text('device_id').notNull(),
    offeredAt: moment('offered_at').notNull(),
    ringUntil: moment('ring_until').notNull(),
    ringingAt: moment('ringing_at'),
    endedAt: moment('ended_at'),
    outcome: text('outcome').$type<OfferOutcome>(),
    cause: text('cause').$type<LegEnd>(),
    unansweredInRow: integer('unanswered_in_row'),
    why: jsonb('why').$type<OfferWhy>().notNull()
  },
  (table) => [
    index('offer_visit_idx').on(table.visitId),
    index('offer_agent_time_idx').on(table.organizationId, table.agentId, table.offeredAt),
    organizationPolicy()
  ]
);

/**
 * Places of callers who hung up and may ring again (B11), within a second of the worker's own: with no state it reads
 * them from here. Taken ones are deleted, those that are over when the next are written.
 */
export const keptPlace = pgTable(
  'kept_place',
  {
    organizationId: text('organization_id').notNull(),
    cell: integer('cell').notNull(),
    queueId: text('queue_id').notNull(),
    callerToken: text('caller_token').notNull(),
    /** Queued at, less credit. */
    rankAt: moment('rank_at').notNull(),
    strict: boolean('strict').notNull(),
    /** How long its needs had counted. */
    waitedMs: bigint('waited_ms', { mode: 'number' }).notNull(),
    until: moment('until').notNull()
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.callerToken, table.queueId] }),
    index('kept_place_until_idx').on(table.cell, table.until),
    organizationPolicy()
  ]
);

/** A caller sent on to another number (P4, P10, P11), or a limit that kept them from it (E7). */
export const forward = pgTable(
  'forward',
  {
    id: text('id').primaryKey(),
    organizationId: text('organization_id').notNull(),
    callId: text('call_id').notNull(),
    /** null: the caller never entered the queue. */
    visitId: text('visit_id'),
    queueId: text('queue_id').notNull(),
    number: text('number').notNull(),
    why: text('why').$type<ClosedReason>().notNull(),
    showing: text('showing').$type<'caller' | 'own'>(),
    startedAt: moment('started_at').notNull(),
    connectedAt: moment('connected_at'),
    endedAt: moment('ended_at'),
    outcome: text('outcome').$type<Extract<FactBody, { type: 'forward-ended' }>['outcome']>(),
    /** SIP's own, of a refusal. */
    code: integer('code'),
    talkedMs: integer('talked_ms'),
    ore: integer('ore').notNull().default(0),
    stoppedBy: text('stopped_by').$type<StoppedBy>()
  },
  (table) => [index('forward_time_idx').on(table.organizationId, table.startedAt), organizationPolicy()]
);

/** How far history has come in a cell's stream: facts at or below `(epoch, n)` are in. Moves in the same transaction as their rows. */
export const historyCursor = pgTable('history_cursor', {
  cell: integer('cell').primaryKey(),
  epoch: bigint('epoch', { mode: 'number' }).notNull(),
  n: bigint('n', { mode: 'number' }).notNull(),
  at: moment('at').notNull(),
  /** Facts set aside so far (`refused_fact`). */
  refused: bigint('refused', { mode: 'number' }).notNull().default(0)
});

/** Facts that could not be stored: set aside so that history goes on without them. */
export const refusedFact = pgTable(
  'refused_fact',
  {
    cell: integer('cell').notNull(),
    epoch: bigint('epoch', { mode: 'number' }).notNull(),
    n: bigint('n', { mode: 'number' }).notNull(),
    organizationId: text('organization_id').notNull(),
    type: text('type').notNull(),
    /** Postgres's error code, or the message of our own. */
    reason: text('reason').notNull(),
    /** JSON, as bytes. */
    fact: bytes('fact').notNull(),
    at: moment('at').notNull().defaultNow()
  },
  (table) => [primaryKey({ columns: [table.cell, table.epoch, table.n] }), organizationPolicy()]
);

/** The facts of one organization and 15 minutes, compressed: today's figures of a new `web`, replay, *why*, *what if*. */
export const factChunk = pgTable(
  'fact_chunk',
  {
    organizationId: text('organization_id').notNull(),
    cell: integer('cell').notNull(),
    /** Start of the 15 minutes. */
    from: moment('from').notNull(),
    /** Facts of one quarter come in several parts, by the position of the first; when it is over they become few. */
    firstEpoch: bigint('first_epoch', { mode: 'number' }).notNull(),
    firstN: bigint('first_n', { mode: 'number' }).notNull(),
    lastEpoch: bigint('last_epoch', { mode: 'number' }).notNull(),
    lastN: bigint('last_n', { mode: 'number' }).notNull(),
    count: integer('count').notNull(),
    /** zstd of one JSON fact per line. */
    facts: bytes('facts').notNull(),
    /** The view before these facts (`live/checkpoint.ts`); null but in the first part of a quarter. */
    checkpoint: jsonb('checkpoint').$type<unknown>(),
    /** Its quarter is over, and it has been joined with those beside it (`history/merge.ts`). */
    settled: boolean('settled').notNull().default(false)
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.cell, table.from, table.firstEpoch, table.firstN] }),
    index('fact_chunk_position_idx').on(table.organizationId, table.cell, table.firstEpoch, table.firstN),
    index('fact_chunk_checkpoint_idx')
      .on(table.organizationId, table.cell, table.firstEpoch, table.firstN)
      .where(sql`checkpoint is not null`),
    index('fact_chunk_unsettled_idx')
      .on(table.cell, table.from, table.organizationId, table.firstEpoch, table.firstN)
      .where(sql`not settled`),
    organizationPolicy()
  ]
);
