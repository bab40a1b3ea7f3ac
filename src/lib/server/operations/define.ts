import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { can, type Actor, type Permission } from '#lib/server/auth/can.ts';
import { schema, withOrganization, type Database, type Transaction } from '#lib/server/db/index.ts';
import { OperationError, type OperationCode } from './error.ts';
import type { ConfigurationEntry } from './entries.ts';
import { createWriter } from './write.ts';

/** What an operation's `run` works with. Everything in it belongs to one transaction of the actor's organization. */
export interface OperationContext {
  tx: Transaction;
  actor: Actor;
  organizationId: string;
  nowMs: number;
  /** The version the caller had read (ETag); null: whatever it is now. Check it with `expect`. */
  ifVersion: number | null;
  /** Refuses with `not-found` without a row, with `version-conflict` when the row has moved on from `ifVersion`. */
  expect: <Row extends { version: number }>(row: Row | undefined) => Row;
  /** Writes one version row. The row it describes gets the same version by the operation itself. */
  write: (entry: ConfigurationEntry) => Promise<void>;
  /** Who waits in each queue now; null: it cannot be told within a second. */
  waiting: (timeZone: string) => Promise<WaitingByQueue | null>;
}

export type WaitingByQueue = Map<string, { waiting: number; longestSinceMs: number | null }>;

/** How `/api/v1` serves an operation. Names in braces are fields of its input: `/queues/{id}`. */
export interface Http {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: `/${string}`;
  /** One sentence, in English: OpenAPI is. */
  summary: string;
}

export interface Operation<Input extends z.ZodType, Result> {
  name: string;
  permission: Permission;
  input: Input;
  /** Left out: the API does not serve it. */
  http?: Http;
  run(context: OperationContext, input: z.output<Input>): Promise<Result>;
}

/** Names an operation. Result is plain JSON: it is kept for repetitions with the same idempotency key. */
export function defineOperation<Input extends z.ZodType, Result, Served extends { http?: Http }>(
  operation: Operation<Input, Result> & Served
): Operation<Input, Result> & Served {
  return operation;
}

export type Outcome<Result> =
  | { ok: true; result: Result; /** The answer of an earlier call with the same key. */ repeated: boolean }
  | { ok: false; code: OperationCode; field: string | null; /** What stands in the way, by name. */ detail?: string };

export interface RunOptions {
  ifVersion?: number | null;
  /** At most 100 characters, chosen by the caller; the first answer is given again to repetitions. */
  idempotencyKey?: string | null;
}

export interface Operations {
  /**
   * Checks permission and input, then runs the operation in one transaction with row-level security set. Expected
   * refusals come back as values; anything else rejects and nothing is written.
   */
  run: <Input extends z.ZodType, Result>(
    operation: Operation<Input, Result>,
    actor: Actor,
    input: z.input<Input>,
    options?: RunOptions
  ) => Promise<Outcome<Result>>;
}

export interface OperationsOptions {
  /** As the web role. */
  db: Database;
  /** Epoch ms. */
  nowMs: () => number;
  /** After a commit that wrote version rows: wake the worker's reader. Never awaited by the form. */
  onConfigurationWritten?: (organizationId: string) => void;
  /** Without it nobody can tell who waits. */
  waiting?: (organizationId: string, timeZone: string) => Promise<WaitingByQueue | null>;
}

export function createOperations(options: OperationsOptions): Operations {
  return {
    async run(operation, actor, rawInput, runOptions = {}) {
      if (!can(actor, operation.permission)) return { ok: false, code: 'forbidden', field: null };
      const parsed = operation.input.safeParse(rawInput);
      if (!parsed.success) {
        return { ok: false, code: 'bad-input', field: parsed.error.issues[0]?.path.join('.') || null };
      }
      try {
        return await transact(options, operation, actor, parsed.data, runOptions);
      } catch (error) {
        if (error instanceof OperationError) {
          const { code, field, detail } = error;
          return { ok: false, code, field, ...(detail !== null && { detail }) };
        }
        const taken = takenBy(error);
        if (taken) return { ok: false, ...taken };
        throw error;
      }
    }
  };
}

async function transact<Input extends z.ZodType, Result>(
  { db, nowMs, onConfigurationWritten, waiting }: OperationsOptions,
  operation: Operation<Input, Result>,
  actor: Actor,
  input: z.output<Input>,
  { ifVersion = null, idempotencyKey = null }: RunOptions
): Promise<Outcome<Result>> {
  const organizationId = actor.organizationId;
  let written = 0;
  const outcome = await withOrganization(db, organizationId, async (tx): Promise<Outcome<Result>> => {
    const key = idempotencyKey ? { organizationId, key: idempotencyKey.slice(0, 100) } : null;
    if (key) {
      const earlier = await claim(tx, key, operation.name, input);
      if (earlier) return { ok: true, result: earlier.result as Result, repeated: true };
    }
    const at = nowMs();
    const writer = createWriter({ tx, organizationId, by: actor.userId, operation: operation.name, atMs: at });
    const context: OperationContext = {
      tx,
      actor,
      organizationId,
      nowMs: at,
      ifVersion,
      expect: (row) => expectVersion(row, ifVersion),
      write: writer.write,
      waiting: async (timeZone) => (await waiting?.(organizationId, timeZone)) ?? null
    };
    const result = await operation.run(context, input);
    written = writer.count();
    if (key) {
      const own = schema.operationKey;
      await tx
        .update(own)
        .set({ result })
        .where(and(eq(own.organizationId, organizationId), eq(own.key, key.key)));
    }
    return { ok: true, result, repeated: false };
  });
  if (written > 0) onConfigurationWritten?.(organizationId);
  return outcome;
}

/**
 * Claims an idempotency key. Two calls with one key at once: the second waits in the insert until the first has
 * committed, then finds its answer.
 */
async function claim(
  tx: Transaction,
  key: { organizationId: string; key: string },
  operation: string,
  input: unknown
): Promise<{ result: unknown } | null> {
  const own = schema.operationKey;
  const inputHash = createHash('sha256').update(JSON.stringify(input)).digest('hex');
  const claimed = await tx
    .insert(own)
    .values({ ...key, operation, inputHash })
    .onConflictDoNothing()
    .returning({ key: own.key });
  if (claimed.length > 0) return null;
  const [earlier] = await tx
    .select()
    .from(own)
    .where(and(eq(own.organizationId, key.organizationId), eq(own.key, key.key)));
  if (!earlier || earlier.operation !== operation || earlier.inputHash !== inputHash) {
    throw new OperationError('idempotency-key-reused');
  }
  return { result: earlier.result };
}

function expectVersion<Row extends { version: number }>(row: Row | undefined, ifVersion: number | null): Row {
  if (!row) throw new OperationError('not-found');
  if (ifVersion !== null && row.version !== ifVersion) throw new OperationError('version-conflict');
  return row;
}

/** Unique constraints decide what is taken: a check before the insert would lose against a second form. */
const takenConstraints: Record<string, { code: OperationCode; field: string | null }> = {
  // Two changes of one thing at once: the second has read what the first replaced.
  configuration_version_organization_id_entity_id_version_pk: { code: 'version-conflict', field: null },
  user_email_key: { code: 'email-taken', field: 'email' },
  queue_organization_name_key: { code: 'name-taken', field: 'name' },
  schedule_organization_name_key: { code: 'name-taken', field: 'name' },
  temporary_schedule_organization_name_key: { code: 'name-taken', field: 'name' },
  temporary_schedule_organization_phone_key: { code: 'phone-number-taken', field: 'phoneNumber' },
  skill_organization_name_key: { code: 'name-taken', field: 'name' },
  sound_organization_name_key: { code: 'name-taken', field: 'name' },
  number_e164_key: { code: 'number-taken', field: 'number' }
};

function takenBy(error: unknown): { code: OperationCode; field: string | null } | null {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const { code, constraint_name: constraint } = cause as { code?: string; constraint_name?: string };
  return code === '23505' && constraint ? (takenConstraints[constraint] ?? null) : null;
}
