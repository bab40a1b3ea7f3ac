import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import { createView, foldView, saveView } from '#lib/live/checkpoint.ts';
import { withSnapshot, type Snapshot } from '#lib/server/db/index.ts';
import { mergeStep } from '#lib/server/history/merge.ts';
import { moment, quarterOf } from '#lib/server/history/moment.ts';
import { pack } from '#lib/server/history/pack.ts';
import { readFacts } from '#lib/server/history/read-facts.ts';
import { readView } from '#lib/server/history/read-view.ts';
import { openFixture, type Fixture } from './db-fixture.ts';

/** Cells of this file's own. */
const firstCell = 5_200;
const quarter = 15 * 60_000;
const begin = quarterOf(Date.parse('2026-03-02T09:00:00Z'));
const over = begin + 2 * quarter;
let fixture: Fixture;
beforeAll(async () => void (fixture = await openFixture()));
afterAll(() => fixture.close());

let cells = 0;
/** An organization with chunks of its own, in a cell of its own: for each quarter the counts of its chunks. */
async function filled(...quarters: number[][]) {
  const cell = firstCell + (cells += 1);
  const { organizationId } = await fixture.organization();
  const facts: Fact[] = [];
  const view = createView('UTC', begin);
  const rows: Promise<unknown>[] = [];
  let n = 0;
  for (const [at, counts] of quarters.entries()) {
    const from = begin + at * quarter;
    let atMs = from;
    for (const [part, count] of counts.entries()) {
      const checkpoint = part === 0 ? saveView(view) : null;
      const firstN = n + 1;
      const some = Array.from({ length: count }, (): Fact => {
        n += 1;
        const visit = { visitId: id.visit(`v${n}`), callId: id.call(`c${n}`), queueId: id.queue('q') };
        const rank = { queuedAtMs: begin, creditSeconds: 0, strict: false, because: 'call' as const };
        const common = { v: 1 as const, atMs: (atMs += 1), organizationId: id.organization(organizationId) };
        return { ...common, type: 'visit-entered', ...visit, caller: null, withheld: true, ...rank };
      });
      for (const fact of some) foldView(view, fact);
      facts.push(...some);
      rows.push(
        fixture.owner.sql`
        insert into fact_chunk (organization_id, cell, "from", first_epoch, first_n, last_epoch, last_n, count, facts, checkpoint)
        values (${organizationId}, ${cell}, ${moment(from)}, 7, ${firstN}, 7, ${n}, ${count}, ${await pack(some)}, ${checkpoint}::text::jsonb)`.execute()
      );
    }
  }
  await Promise.all(rows);
  await fixture.owner.sql`insert into history_cursor (cell, epoch, n, at) values (${cell}, 7, ${n}, now())`;
  const of = { organizationId, cell, timeZone: 'UTC', nowMs: over };
  return {
    facts,
    view: JSON.parse(saveView(view)) as unknown,
    merge: async (beforeMs: number) => {
      let steps = 0;
      while (await mergeStep(fixture.owner.sql, cell, beforeMs)) steps += 1;
      return steps;
    },
    /** Position of the first and the last, how many, whether it begins with a checkpoint, and whether it is settled. */
    chunks: async () =>
      (
        await fixture.owner.sql`
          select first_n, last_n, count, checkpoint is not null as begins, settled from fact_chunk
          where organization_id = ${organizationId} and cell = ${cell} order by first_epoch, first_n`
      ).map(({ first_n, last_n, count, begins, settled }) => [Number(first_n), Number(last_n), count, begins, settled]),
    snapshot: <T>(run: (tx: Snapshot) => Promise<T>) => withSnapshot(fixture.web.db, organizationId, run),
    readFacts: (tx: Snapshot) =>
      Array.fromAsync(readFacts(tx, { organizationId, fromMs: begin, toMs: over + quarter })),
    readView: async (tx: Snapshot) => JSON.parse(saveView((await readView(tx, of)).view)) as unknown
  };
}

/** The transaction, with something done by others before its nth statement. */
function before(tx: Snapshot, nth: number, run: () => Promise<unknown>): Snapshot {
  let statements = 0;
  const execute = async (...query: Parameters<Snapshot['execute']>) => {
    if ((statements += 1) === nth) await run();
    return tx.execute(...query);
  };
  return new Proxy(tx, { get: (target, key) => (key === 'execute' ? execute : Reflect.get(target, key)) });
}

test('a quarter that is over becomes few chunks, the one that runs is left alone', async () => {
  const world = await filled([3, 1, 2_000, 2_996, 1, 4, 5_200, 2], [7], [1, 1]);
  await world.merge(over);
  expect(await world.chunks()).toEqual([
    [1, 5_000, 5_000, true, true],
    [5_001, 5_005, 5, false, true],
    [5_006, 10_205, 5_200, false, true],
    [10_206, 10_207, 2, false, true],
    [10_208, 10_214, 7, true, true],
    [10_215, 10_215, 1, true, false],
    [10_216, 10_216, 1, false, false]
  ]);
  expect(await world.merge(over)).toBe(0);
  expect(await world.snapshot(world.readFacts)).toEqual(world.facts);
  expect(await world.snapshot(world.readView)).toEqual(world.view);
});

test('more chunks than one step takes become one, step by step', async () => {
  const world = await filled(
    Array.from({ length: 1_100 }, () => 2),
    [1]
  );
  expect(await world.merge(begin + quarter)).toBe(3);
  expect(await world.chunks()).toEqual([
    [1, 2_200, 2_200, true, true],
    [2_201, 2_201, 1, true, false]
  ]);
  expect(await world.snapshot(world.readFacts)).toEqual(world.facts);
});

test('a quarter that came twice, as the clock went back, stays two', async () => {
  const world = await filled([1, 2], [3], [4, 5]);
  // The third is the first quarter once more.
  await fixture.owner
    .sql`update fact_chunk set "from" = ${moment(begin)} where cell = ${firstCell + cells} and first_n > 6`;
  await world.merge(over);
  expect(await world.chunks()).toEqual([
    [1, 3, 3, true, true],
    [4, 6, 3, true, true],
    [7, 15, 9, true, true]
  ]);
  expect(await world.snapshot(world.readView)).toEqual(world.view);
});

test('who reads while chunks are joined has each fact once', async () => {
  const whole = () => filled(Array.from({ length: 120 }, () => 1));
  const world = await whole();
  // Between two pages.
  const read = await world.snapshot((tx) => world.readFacts(before(tx, 2, () => world.merge(over))));
  expect(await world.chunks()).toHaveLength(1);
  expect(read).toEqual(world.facts);
  // After the cursor, after the checkpoint, between two pages.
  for (const nth of [2, 3, 4]) {
    const other = await whole();
    expect(await other.snapshot((tx) => other.readView(before(tx, nth, () => other.merge(over))))).toEqual(other.view);
    expect(await other.chunks()).toHaveLength(1);
  }
});
