import { expect } from 'vitest';
import type { Connection } from '#lib/server/db/index.ts';
import { runHistory } from '#lib/server/history/history.ts';
import { env } from './environment.ts';

/** Follows a cell's facts until the first batch is in, with nothing to tell. */
export async function followOnce(connection: Connection, ofCell: number): Promise<void> {
  expect(await follow(connection, ofCell)).toEqual([]);
}

/** The same; gives what it told. */
export async function follow(connection: Connection, ofCell: number): Promise<unknown[]> {
  const stopping = new AbortController();
  const errors: unknown[] = [];
  let reached = (): void => undefined;
  const done = new Promise<void>((resolve) => (reached = resolve));
  const running = runHistory({
    redis: env('VAXEL_REDIS'),
    sql: connection.sql,
    db: connection.db,
    cell: ofCell,
    signal: stopping.signal,
    onError: (error) => errors.push(error),
    progressed: () => reached()
  });
  await done;
  stopping.abort();
  await running;
  return errors;
}

/** Follows a cell's facts until there is nothing after `position`, as a new process each time. */
export async function writeHistory(connection: Connection, ofCell: number, position: { epoch: number; n: number }) {
  const stopping = new AbortController();
  const errors: unknown[] = [];
  await runHistory({
    redis: env('VAXEL_REDIS'),
    sql: connection.sql,
    db: connection.db,
    cell: ofCell,
    signal: stopping.signal,
    onError: (error) => {
      errors.push(error);
      stopping.abort();
    },
    progressed: (epoch, n) => {
      if (epoch === position.epoch && n === position.n) stopping.abort();
    }
  });
  expect(errors).toEqual([]);
}
