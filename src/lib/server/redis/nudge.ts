import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

/** Deferrable work goes by BullMQ; a nudge says that configuration was written. One that is lost costs 5 s (the reader's own timer). */
const queueName = (cell: number) => `cell-${cell}-configuration`;

export interface NudgeSender {
  /** Never rejects, never waits. */
  nudge(organizationId: string): void;
  close(): Promise<void>;
}

export function createNudgeSender(options: {
  redis: string;
  cell: number;
  onError: (error: unknown) => void;
}): NudgeSender {
  const connection = new Redis(options.redis, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
  connection.on('error', (error) => options.onError(error));
  const queue = new Queue(queueName(options.cell), {
    connection,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: 100, attempts: 1 }
  });
  queue.on('error', (error) => options.onError(error));
  return {
    nudge(organizationId) {
      queue.add('written', { organizationId }).catch((error: unknown) => options.onError(error));
    },
    async close() {
      await queue.close();
      connection.disconnect();
    }
  };
}

export function startNudgeWorker(options: {
  redis: string;
  cell: number;
  nudged: (organizationId: string) => void;
  onError: (error: unknown) => void;
}): { close(): Promise<void> } {
  const connection = new Redis(options.redis, { maxRetriesPerRequest: null });
  connection.on('error', (error) => options.onError(error));
  const worker = new Worker<{ organizationId: string }>(
    queueName(options.cell),
    async (job) => {
      options.nudged(job.data.organizationId);
      return Promise.resolve();
    },
    { connection, concurrency: 20 }
  );
  worker.on('error', (error) => options.onError(error));
  return {
    async close() {
      await worker.close(true);
      connection.disconnect();
    }
  };
}
