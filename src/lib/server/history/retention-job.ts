import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type postgres from 'postgres';
import { forget } from './retention.ts';

const queueName = (cell: number) => `cell-${cell}-retention`;
/** Each night, when few call. */
const everyNight = '17 3 * * *';
/** A schedule that was lost with Redis is back after this. */
const scheduleEveryMs = 3_600_000;

export interface RetentionJobOptions {
  redis: string;
  sql: postgres.Sql;
  cell: number;
  nowMs: () => number;
  /** How many rows went. */
  done: (rows: number) => void;
  onError: (error: unknown) => void;
  /** Cron; every night if not given. */
  pattern?: string;
}

/** What BullMQ says to the later of two who ask at the same instant: there is one, and that is all that was wanted. */
const madeByAnother = (error: unknown) => error instanceof Error && error.message.includes('job ID already exists');

/** Lets go of what is older than the kept days (`retention.ts`): once a night, by one of however many jobs processes. */
export function startRetentionJob(options: RetentionJobOptions): { close(): Promise<void> } {
  const { cell, onError, pattern = everyNight } = options;
  const stopping = new AbortController();
  const sending = new Redis(options.redis, { maxRetriesPerRequest: 1 });
  const waiting = new Redis(options.redis, { maxRetriesPerRequest: null });
  for (const connection of [sending, waiting]) connection.on('error', onError);
  const queue = new Queue(queueName(cell), {
    connection: sending,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: 100, attempts: 1 }
  });
  const worker = new Worker(
    queueName(cell),
    async () => {
      const { sql, nowMs } = options;
      options.done(await forget({ sql, cell, nowMs: nowMs(), signal: stopping.signal }));
    },
    { connection: waiting, concurrency: 1 }
  );
  queue.on('error', onError);
  worker.on('error', onError);
  worker.on('failed', (_, error) => onError(error));
  /** One of this name in the queue, however many ask for it. */
  const schedule = () =>
    Promise.all([queue.setGlobalConcurrency(1), queue.upsertJobScheduler('nightly', { pattern })]).catch(
      (error: unknown) => void (madeByAnother(error) || onError(error))
    );
  void schedule();
  const scheduling = setInterval(() => void schedule(), scheduleEveryMs);
  return {
    async close() {
      clearInterval(scheduling);
      stopping.abort();
      await worker.close(true);
      await queue.close();
      for (const connection of [sending, waiting]) connection.disconnect();
    }
  };
}
