import type { Redis } from 'ioredis';
import { factsMost, lagOf, type Lag, type Position } from './cell/facts-stream.ts';
import { cellKeys } from './cell/keys.ts';
import { sipPathStands } from './sockets/sip-proxy.ts';

/** Keys under which processes tell how they are; each expires by itself. */
export const healthKeys = {
  /** Epoch ms of the last beat. */
  jobs: 'health:jobs',
  /** JSON of `WorkerHealth`. */
  worker: (cell: number) => `cell:${cell}:health`
};

export interface WorkerHealth {
  /** The epoch whose lease it holds; null: none. */
  lease: number | null;
  /** Whether what it knows has been compared with Asterisk's channels. */
  reconciled: boolean;
  /** Whether what it decides is stored (Redis there). */
  durable: boolean;
  asterisk: boolean;
  /** Schedules that cannot be evaluated: they count as open. */
  hoursBroken: number;
}

export interface Health {
  status: 'ok' | 'unavailable';
  components: {
    postgres: { ok: boolean };
    redis: { ok: boolean };
    asterisk: { ok: boolean };
    worker: { ok: boolean; lease: number | null; reconciled: boolean; durable: boolean };
    jobs: { ok: boolean };
    /**
     * `lag`: facts decided but not yet in Postgres; null while Postgres or Redis is away. `facts`: in the stream now.
     * `refused`: facts that could not be stored and were set aside.
     */
    history: { ok: boolean; lag: Lag | null; facts: number | null; factsMost: number; refused: number | null };
    sip: { ok: boolean };
  };
  /** What somebody has to look at, though calls can be taken. */
  alarms: HealthAlarm[];
}
/**
 * `stream-half-full`: the stream is over half of what it may hold: beyond all of it the oldest facts are lost to history.
 * `facts-refused`: history lacks what `refused_fact` holds.
 * `hours-broken`: schedules that cannot be evaluated count as open.
 */
export type HealthAlarm = 'stream-half-full' | 'facts-refused' | 'hours-broken';

const withinMs = 1_000;

/** Asks every component at once, each for at most a second. `ok` only when calls can be taken; without jobs or Postgres they can. */
export async function readHealth(options: {
  cell: number;
  redis: Redis;
  /** How far history has come, and what it had to set aside; asks Postgres. */
  readProgress: () => Promise<{ at: Position; refused: number }>;
  asteriskSip: string;
  nowMs: () => number;
}): Promise<Health> {
  const { redis, cell } = options;
  const stream = cellKeys(cell).facts;
  const progress = settled(options.readProgress());
  const [history, pong, workerText, jobs, lag, facts, sip] = await Promise.all([
    progress,
    settled(redis.ping()),
    settled(redis.get(healthKeys.worker(cell))),
    settled(redis.get(healthKeys.jobs)),
    settled(progress.then((known) => (known ? lagOf(redis, stream, known.at, options.nowMs()) : null))),
    settled(redis.xlen(stream)),
    sipPathStands(options.asteriskSip, withinMs)
  ]);
  const worker = workerText ? (JSON.parse(workerText) as WorkerHealth) : null;
  const halfFull = facts !== null && facts > factsMost / 2;
  const refused = history?.refused ?? null;
  const components: Health['components'] = {
    postgres: { ok: history !== null },
    redis: { ok: pong === 'PONG' },
    asterisk: { ok: worker?.asterisk === true },
    worker: {
      ok: worker !== null && worker.lease !== null && worker.reconciled,
      lease: worker?.lease ?? null,
      reconciled: worker?.reconciled ?? false,
      durable: worker?.durable ?? false
    },
    jobs: { ok: jobs !== null },
    history: { ok: lag !== null && !halfFull && refused === 0, lag, facts, factsMost, refused },
    sip: { ok: sip }
  };
  // Without Postgres and jobs calls go on: they are shown, but do not count.
  const { redis: store, asterisk, worker: leader, sip: path } = components;
  const taken = store.ok && asterisk.ok && leader.ok && path.ok;
  const alarms: HealthAlarm[] = [];
  if (halfFull) alarms.push('stream-half-full');
  if (refused) alarms.push('facts-refused');
  if (worker && worker.hoursBroken > 0) alarms.push('hours-broken');
  return { status: taken ? 'ok' : 'unavailable', components, alarms };
}

/** The value; null for a failure or after the deadline. */
async function settled<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), withinMs)));
  return Promise.race([work.catch(() => null), late]).finally(() => clearTimeout(timer));
}
