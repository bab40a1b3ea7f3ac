import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neverClosing } from '#lib/acd/upgrade.ts';
import { schema, withOrganization } from '#lib/server/db/index.ts';
import {
  createNumber,
  createQueue,
  restoreQueue,
  undoTemporary,
  updateNumber,
  updateQueue
} from '#lib/server/operations/index.ts';
import { readLimits, restoreLimits, updateLimits } from '#lib/server/operations/limits.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import type { ClosingSettings } from '#lib/acd/configuration.ts';
import { must, openFixture, unique, uniqueNumber, type Fixture } from './db-fixture.ts';

/** Where callers are sent on, as administrators set it (P4, P10, P11), and what is refused (E1, E5, E7). */
let fixture: Fixture;
let administrator: Actor;
let stranger: Actor;
beforeAll(async () => {
  fixture = await openFixture();
  [administrator, stranger] = await Promise.all([fixture.organization(), fixture.organization()]);
});
afterAll(() => fixture.close());

const queue = async (name = unique(), by = administrator) =>
  (await must(fixture.operations.run(createQueue, by, { name, kind: 'plus' }))).id;
const number = async (queueId: string, by = administrator) =>
  must(fixture.operations.run(createNumber, by, { number: uniqueNumber(), queueId, language: 'sv' }));
const close = (id: string, closing: Partial<ClosingSettings>) =>
  fixture.operations.run(updateQueue, administrator, { id, closing: { ...neverClosing, ...closing } });
const stored = async (id: string) =>
  (await fixture.owner.db.select().from(schema.queue).where(eq(schema.queue.id, id)))[0]?.closing;

test('a number as people write it is stored in E.164; nothing typed is no number', async () => {
  const id = await queue();
  await must(close(id, { nobodyTo: '08-500 090 00', situationTo: ' ', waitingMost: 5, reopenAt: 2 }));
  expect(await stored(id)).toEqual({
    ...neverClosing,
    nobodyTo: '+46850009000',
    situationTo: null,
    waitingMost: 5,
    reopenAt: 2
  });
});

test.each([
  [{ nobodyTo: 'hello' }, 'number-invalid', 'closing.nobodyTo'],
  [{ nobodyTo: '+46850009000&PJSIP/1' }, 'number-invalid', 'closing.nobodyTo'],
  [{ closedTo: '112' }, 'number-emergency', 'closing.closedTo'],
  [{ closedTo: '0112' }, 'number-emergency', 'closing.closedTo'],
  [{ situationTo: '0900-123 45 67' }, 'number-not-allowed', 'closing.situationTo'],
  [{ unreachableTo: '+358 40 123 4567' }, 'number-not-allowed', 'closing.unreachableTo'],
  [{ presentNumber: '+46850009000' }, 'number-not-own', 'closing.presentNumber'],
  [{ waitingMost: 5, reopenAt: 5 }, 'reopen-below', 'closing.reopenAt'],
  [{ waitingMost: 0 }, 'bad-input', 'closing.waitingMost'],
  [{ ringSeconds: 500 }, 'bad-input', 'closing.ringSeconds']
])('%j is refused: %s at %s, and nothing is changed', async (closing, code, field) => {
  const id = await queue();
  expect(await close(id, closing)).toMatchObject({ ok: false, code, field });
  expect(await stored(id)).toEqual(neverClosing);
});

test('another organization’s number is no number of ours: it is rung like any, and not presented', async () => {
  const theirs = await number(await queue(unique(), stranger), stranger);
  const id = await queue();
  expect(await close(id, { presentNumber: theirs.e164 })).toMatchObject({ ok: false, code: 'number-not-own' });
});

test('queues that would send their callers round are refused, by their settings and by where a number leads', async () => {
  const names = ['A', 'B', 'C'].map((letter) => `${letter} ${unique()}`);
  const [a = '', b = '', c = ''] = await Promise.all(names.map((name) => queue(name)));
  const [toA, toB, toC] = [await number(a), await number(b), await number(c)];
  await must(close(a, { nobodyTo: toB.e164 }));
  await must(close(b, { situationTo: toC.e164, waitingMost: 1, reopenAt: 0 }));
  expect(await close(c, { closedTo: toA.e164 })).toMatchObject({
    ok: false,
    code: 'forward-loop',
    field: 'closing.closedTo',
    detail: [names[2], names[0], names[1], names[2]].join(' → ')
  });
  expect(await close(a, { nobodyTo: toA.e164 })).toMatchObject({ ok: false, code: 'forward-loop' });
  const elsewhere = await number(await queue());
  await must(close(c, { closedTo: elsewhere.e164 }));
  const lead = { id: elsewhere.id, queueId: a };
  expect(await fixture.operations.run(updateNumber, administrator, lead)).toMatchObject({
    ok: false,
    code: 'forward-loop',
    field: 'queueId'
  });
});

test('limits hold from the next setting on, are undone, and are nobody else’s', async () => {
  const id = await queue();
  const form = {
    allowed: '+46 +358',
    barred: '+46900',
    callsPerMinute: 5,
    dayMostKronor: 100,
    talkMostMinutes: 60,
    prices: '+358 90'
  };
  const saved = await must(fixture.operations.run(updateLimits, administrator, form));
  await must(close(id, { nobodyTo: '+358 40 123 4567' }));
  const read = (actor: Actor) =>
    withOrganization(fixture.web.db, actor.organizationId, (tx) => readLimits(tx, actor.organizationId, Date.now()));
  expect((await read(administrator)).outgoing).toEqual({
    allowed: ['+46', '+358'],
    barred: ['+46900'],
    callsPerMinute: 5,
    dayMostOre: 10_000,
    talkMostMinutes: 60,
    prices: [{ prefix: '+358', orePerMinute: 90 }]
  });
  expect((await read(stranger)).outgoing.allowed).toEqual(['+46']);
  await must(fixture.operations.run(restoreLimits, administrator, { version: saved.previousVersion }));
  expect((await read(administrator)).outgoing.allowed).toEqual(['+46']);
});

test.each([
  [{ allowed: 'Sweden' }, 'allowed'],
  [{ allowed: '+46&' }, 'allowed'],
  [{ prices: '+46 twenty' }, 'prices'],
  [{ prices: '' }, 'prices'],
  [{ callsPerMinute: -1 }, 'callsPerMinute'],
  [{ talkMostMinutes: 0 }, 'talkMostMinutes']
])('limits %j are refused at %s', async (change, field) => {
  const form = {
    allowed: '+46',
    barred: '',
    callsPerMinute: 5,
    dayMostKronor: 100,
    talkMostMinutes: 60,
    prices: '+46 20',
    ...change
  };
  const outcome = await fixture.operations.run(updateLimits, administrator, form);
  expect(outcome).toMatchObject({ ok: false, code: 'bad-input', field });
});

test('versions and ids that Postgres cannot take are refused as what they are', async () => {
  const { operations } = fixture;
  const id = await queue();
  const refused = { ok: false, code: 'bad-input' };
  const version = 99_999_999_999;
  expect(await operations.run(restoreLimits, administrator, { version })).toMatchObject(refused);
  expect(await operations.run(restoreQueue, administrator, { id, version })).toMatchObject(refused);
  expect(await operations.run(undoTemporary, administrator, { id, version })).toMatchObject(refused);
  const broken = { name: unique(), kind: 'plus' as const, scheduleId: '\0' };
  expect(await operations.run(createQueue, administrator, broken)).toMatchObject(refused);
});
