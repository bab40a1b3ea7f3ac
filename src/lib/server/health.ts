import type { Redis } from 'ioredis';
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
}

export interface Health {
  status: 'ok' | 'unavailable';
  components: {
    postgres: { ok: boolean };
    redis: { ok: boolean };
    asterisk: { ok: boolean };
    worker: { ok: boolean; lease: number | null; reconciled: boolean; durable: boolean };
    jobs: { ok: boolean };
    sip: { ok: boolean };
  };
}

const withinMs = 1_000;

/** Asks every component at once, each for at most a second. `ok` only when calls can be taken; without jobs or Postgres they can. */
export async function readHealth(options: {
  cell: number;
  redis: Redis;
  pingPostgres: () => Promise<unknown>;
  asteriskSip: string;
}): Promise<Health> {
  const { redis, cell } = options;
  const [postgres, pong, workerText, jobs, sip] = await Promise.all([
    settled(options.pingPostgres()),
    settled(redis.ping()),
    settled(redis.get(healthKeys.worker(cell))),
    settled(redis.get(healthKeys.jobs)),
    sipPathStands(options.asteriskSip, withinMs)
  ]);
  const worker = workerText ? (JSON.parse(workerText) as WorkerHealth) : null;
  const components: Health['components'] = {
    postgres: { ok: postgres !== null },
    redis: { ok: pong === 'PONG' },
    asterisk: { ok: worker?.asterisk === true },
    worker: {
      ok: worker !== null && worker.lease !== null && worker.reconciled,
      lease: worker?.lease ?? null,
      reconciled: worker?.reconciled ?? false,
      durable: worker?.durable ?? false
    },
    jobs: { ok: jobs !== null },
    sip: { ok: sip }
  };
  // Without Postgres and jobs calls go on: they are shown, but do not count.
  const { redis: store, asterisk, worker: leader, sip: path } = components;
  const taken = store.ok && asterisk.ok && leader.ok && path.ok;
  return { status: taken ? 'ok' : 'unavailable', components };
}

/** The value; null for a failure or after the deadline. */
async function settled<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), withinMs)));
  return Promise.race([work.catch(() => null), late]).finally(() => clearTimeout(timer));
}
