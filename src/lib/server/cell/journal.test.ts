import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import { systemClock } from './clock.ts';
import { bringIn } from './committer.ts';
import { createFileJournal } from './file-journal.ts';
import { merge } from './journal.ts';
import type { Journal } from './journal.ts';
import { createMemoryStore } from './memory-store.ts';
import type { Commit } from './store.ts';

const fact: Fact = {
  v: 1,
  atMs: 1,
  organizationId: id.organization('org'),
  type: 'corrected',
  code: 'test',
  subject: 'Ö'
};
const commit = (n: number, change: Partial<Commit> = {}): Commit => ({
  epoch: 7,
  facts: [{ n, fact }],
  set: [['call:a', `{"n":${n}}`]],
  remove: [],
  replace: false,
  ...change
});

let folder: string;
let path: string;
let errors: unknown[];
const openJournal = (limitBytes?: number) =>
  createFileJournal({ path, limitBytes, onError: (error) => errors.push(error) });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaxel-journal-'));
  path = join(folder, 'deep', 'cell-1.journal');
  errors = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function all(journal: Journal, from = 0): Promise<Commit[]> {
  const { commits, next } = await journal.read(from);
  return commits.length === 0 ? [] : [...commits, ...(await all(journal, next))];
}
const numbers = (commits: Commit[]) => commits.flatMap((one) => one.facts.map(({ n }) => n));

describe('a journal in a file', () => {
  test('gives back what was appended, in order, to the worker and to the one after it', async () => {
    const journal = openJournal();
    for (let n = 1; n <= 3; n += 1) expect(await journal.append(commit(n))).toBe(true);
    expect(await all(journal)).toEqual([commit(1), commit(2), commit(3)]);
    // What comes while somebody reads is found from where they stand.
    const end = await journal.end();
    await journal.append(commit(4));
    expect(await all(journal, end)).toEqual([commit(4)]);
    // As after a kill: nothing was closed.
    const next = openJournal();
    expect(numbers(await all(next))).toEqual([1, 2, 3, 4]);
    await next.clear();
    expect([await next.end(), await all(next), (await stat(path)).size]).toEqual([0, [], 0]);
    expect((await stat(path)).mode & 0o077).toBe(0);
    await journal.close();
    await next.close();
    expect(errors).toEqual([]);
  });

  test('what the store can take no more is set aside, and the journal begins anew', async () => {
    const journal = openJournal();
    await journal.append(commit(1));
    const store = createMemoryStore(systemClock);
    const epoch = (await store.lease({ knownEpoch: 8, takeOver: false })) ?? 0;
    await store.commit({ ...commit(1), epoch });
    expect(await bringIn(journal, store, epoch)).toBe('late');
    expect([await journal.end(), await journal.append(commit(2))]).toEqual([0, true]);
    expect(await readFile(`${path}.aside`, 'utf8')).toContain('"epoch":7');
    await journal.close();
  });

  test('a line cut short by a crash is left out', async () => {
    const journal = openJournal();
    await journal.append(commit(1));
    await appendFile(path, JSON.stringify(commit(2)).slice(0, -5));
    const next = openJournal();
    expect(numbers(await all(next))).toEqual([1]);
    expect(errors).toEqual([]);
    await journal.close();
    await next.close();
  });

  test('a commit of any size is read whole, and the many after it in parts', async () => {
    const journal = openJournal();
    const set = Array.from({ length: 20_000 }, (_, n): [string, string] => [`call:${n}`, `{"v":1,"id":"${n}"}`]);
    await journal.append(commit(1, { set, replace: true }));
    for (let n = 2; n <= 3_000; n += 1) await journal.append(commit(n));
    const { commits, next } = await journal.read(0);
    expect(commits[0]?.set).toEqual(set);
    expect(next).toBeLessThan(await journal.end());
    expect(numbers(await all(journal))).toEqual(Array.from({ length: 3_000 }, (_, n) => n + 1));
    await journal.close();
  });

  test('it is bounded: full, it takes nothing more until it is emptied', async () => {
    const journal = openJournal(500);
    const taken = [];
    for (let n = 1; n <= 8; n += 1) taken.push(await journal.append(commit(n)));
    const kept = taken.lastIndexOf(true) + 1;
    expect(taken).toEqual(taken.map((_, at) => at < kept));
    expect([kept > 0, kept < 8, journal.ready, journal.filled]).toEqual([true, true, false, 1]);
    expect((await readFile(path)).length).toBeLessThanOrEqual(500);
    await journal.clear();
    expect([journal.ready, await journal.append(commit(9))]).toEqual([true, true]);
    await journal.close();
  });

  test('a disk that cannot be written is told once, and costs no call its time', async () => {
    await appendFile(join(folder, 'deep'), 'a file where the folder should be');
    const journal = openJournal();
    expect([await journal.append(commit(1)), await journal.append(commit(2))]).toEqual([false, false]);
    expect(errors).toHaveLength(1);
    expect(journal.ready).toBe(false);
    // The next worker leads without it.
    const store = createMemoryStore(systemClock);
    const epoch = (await store.lease({ knownEpoch: 0, takeOver: false })) ?? 0;
    expect(await bringIn(openJournal(), store, epoch)).toBe('unreadable');
  });
});

test('merged, commits lead to the same: the last word on each key, and all facts', () => {
  const merged = merge([
    commit(1, { set: [['call:lost', '0']] }),
    commit(2, {
      replace: true,
      set: [
        ['call:a', '1'],
        ['call:b', '1']
      ]
    }),
    commit(3, { set: [['call:c', '1']], remove: ['call:a'] }),
    commit(4, { set: [['call:a', '2']], remove: ['call:b'] })
  ]);
  expect(merged).toMatchObject({ epoch: 7, replace: true });
  expect(numbers([merged])).toEqual([1, 2, 3, 4]);
  expect(new Map(merged.set)).toEqual(
    new Map([
      ['call:c', '1'],
      ['call:a', '2']
    ])
  );
  expect(merged.remove).toEqual(['call:b']);
});
