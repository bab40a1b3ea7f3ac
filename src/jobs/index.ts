/** The jobs process: history and what can wait. Holds nothing; may be killed, restarted and multiplied. */
import { Redis } from 'ioredis';
import { connect } from '#lib/server/db/index.ts';
import { runHistory } from '#lib/server/history/history.ts';
import { startRetentionJob } from '#lib/server/history/retention-job.ts';
import { healthKeys } from '#lib/server/health.ts';
import { createLog } from '#lib/server/log.ts';
import { readSettings } from '#lib/server/settings.ts';

const settings = readSettings();
const log = createLog('jobs');
const onError = (error: unknown) => log.warn({ err: error });
const stopping = new AbortController();
const connection = connect(settings.database, { max: 4, name: 'vaxel-jobs' });
const redis = new Redis(settings.redis, { maxRetriesPerRequest: 1 });
redis.on('error', onError);

const beat = () => void redis.set(healthKeys.jobs, String(Date.now()), 'PX', 5_000).catch(onError);
beat();
const beating = setInterval(beat, 1_000);
const history = runHistory({
  redis: settings.redis,
  sql: connection.sql,
  db: connection.db,
  cell: settings.cell,
  signal: stopping.signal,
  onError
});
const retention = startRetentionJob({
  redis: settings.redis,
  sql: connection.sql,
  cell: settings.cell,
  nowMs: () => Date.now(),
  done: (rows) => log.info({ rows }, 'what is older than the kept days is gone'),
  onError
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
await history;
await retention.close();
clearInterval(beating);
redis.disconnect();
await connection.close();
