import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Click } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import { systemClock } from '#lib/server/cell/clock.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { createMemoryStore } from '#lib/server/cell/memory-store.ts';
import { createRedisStore } from '#lib/server/cell/redis-store.ts';
import type { CellStore, Commit } from '#lib/server/cell/store.ts';

/** One place to store in, that several stores share, and what stands there. */
interface Place {
  open(): CellStore;
  facts(): Promise<string[]>;
  /** As `web` does. */
  send(commandId: string, body: string): Promise<void>;
  empty(): Promise<void>;
  close(): Promise<void>;
}

const organizationId = id.organization('org');
const fact = (subject: string): Fact => ({ v: 1, atMs: 1, organizationId, type: 'corrected', code: 'test', subject });
const commit = (epoch: number, change: Partial<Commit>): Commit => ({
  epoch,
  facts: [],
  set: [],
  remove: [],
  replace: false,
  ...change
});

describe.each([
  ['Redis', redisPlace],
  ['memory', memoryPlace]
] as const)('a store in %s', (_, makePlace) => {
  let place: Place;
  let store: CellStore;
  beforeEach(() => {
    place = makePlace();
    store = place.open();
  });
  afterEach(async () => {
    await store.close();
    await place.close();
  });

  const lease = async (takeOver = false, knownEpoch = 0) => (await store.lease({ knownEpoch, takeOver })) ?? 0;

  test('gives the lease to one, with an epoch larger than any known', async () => {
    const epoch = await lease(false, 41);
    expect(epoch).toBe(42);
    const other = place.open();
    expect(await other.lease({ knownEpoch: 0, takeOver: false })).toBeNull();
    await store.release(epoch);
    expect(await other.lease({ knownEpoch: 0, takeOver: false })).toBe(43);
    await other.close();
  });

  test('after a take-over the one before is fenced, with nothing written', async () => {
    const old = await lease();
    await store.commit(commit(old, { set: [['call:a', '1']], facts: [{ n: 1, fact: fact('a') }] }));
    const epoch = await lease(true);
    expect(epoch).toBeGreaterThan(old);
    expect(await store.renew(old)).toBe(false);
    expect(await store.renew(epoch)).toBe(true);
    const late = commit(old, { set: [['call:a', '2']], remove: ['call:a'], facts: [{ n: 2, fact: fact('b') }] });
    expect(await store.commit(late)).toBe('fenced');
    expect(await store.load()).toEqual(new Map([['call:a', '1']]));
    expect(await place.facts()).toEqual([`${old}-1 a`]);
  });

  test('writes facts, changes and removals as one, and reads them back', async () => {
    const epoch = await lease();
    const first = {
      set: [
        ['call:a', '{"v":1}'],
        ['visit:b', '2']
      ] as [string, string][],
      facts: [
        { n: 1, fact: fact('a') },
        { n: 2, fact: fact('b') }
      ]
    };
    expect(await store.commit(commit(epoch, first))).toBe('done');
    expect(await store.commit(commit(epoch, { set: [['call:a', '3']], remove: ['visit:b'] }))).toBe('done');
    expect(await store.load()).toEqual(new Map([['call:a', '3']]));
    expect(await place.facts()).toEqual([`${epoch}-1 a`, `${epoch}-2 b`]);
  });

  test('a commit whose answer was lost may be repeated', async () => {
    const epoch = await lease();
    const again = commit(epoch, {
      facts: [
        { n: 1, fact: fact('a') },
        { n: 2, fact: fact('b') }
      ]
    });
    await store.commit(again);
    expect(await store.commit({ ...again, facts: [...again.facts, { n: 3, fact: fact('c') }] })).toBe('done');
    expect(await place.facts()).toEqual([`${epoch}-1 a`, `${epoch}-2 b`, `${epoch}-3 c`]);
  });

  test('replaced, it holds what was given and no more', async () => {
    const epoch = await lease();
    await store.commit(commit(epoch, { set: [['call:a', '1']] }));
    await store.commit(commit(epoch, { set: [['call:b', '2']], replace: true }));
    expect(await store.load()).toEqual(new Map([['call:b', '2']]));
  });

  test('emptied under us it says so, and takes the whole', async () => {
    const epoch = await lease();
    await store.commit(commit(epoch, { set: [['call:a', '1']], facts: [{ n: 1, fact: fact('a') }] }));
    await place.empty();
    expect(await store.renew(epoch)).toBe(true);
    expect(await store.commit(commit(epoch, { set: [['call:b', '2']] }))).toBe('emptied');
    expect(await store.load()).toEqual(new Map());
    expect(
      await store.commit(commit(epoch, { set: [['call:a', '1']], replace: true, facts: [{ n: 2, fact: fact('b') }] }))
    ).toBe('done');
    expect(await store.commit(commit(epoch, { set: [['call:b', '2']] }))).toBe('done');
    expect(await place.facts()).toEqual([`${epoch}-2 b`]);
  });

  test('facts of a worker that died keep their ids, come once, and only before those of later epochs', async () => {
    const dead = await lease();
    await store.commit(commit(dead, { set: [['call:a', '1']], facts: [{ n: 1, fact: fact('a') }] }));
    const epoch = await lease(true);
    const left = commit(epoch, {
      of: dead,
      replace: true,
      set: [['call:b', '1']],
      facts: [
        { n: 1, fact: fact('a') },
        { n: 2, fact: fact('b') }
      ]
    });
    expect(await store.commit(left)).toBe('done');
    expect(await store.commit(left)).toBe('done');
    expect(await store.load()).toEqual(new Map([['call:b', '1']]));
    await store.commit(commit(epoch, { facts: [{ n: 1, fact: fact('c') }] }));
    expect(await store.commit({ ...left, set: [['call:old', '1']] })).toBe('late');
    expect(await store.load()).toEqual(new Map([['call:b', '1']]));
    expect(await place.facts()).toEqual([`${dead}-1 a`, `${dead}-2 b`, `${epoch}-1 c`]);
  });

  test('one number has one token in an organization, another in another', async () => {
    const caller = { number: '+46701234567', name: null };
    const token = await store.callerToken(organizationId, caller);
    expect(await store.callerToken(organizationId, { ...caller, name: 'Maria Ek' })).toBe(token);
    expect(await store.callerToken(id.organization('other'), caller)).not.toBe(token);
    expect(await store.caller(token)).toEqual({ number: '+46701234567', name: 'Maria Ek' });
    expect(await store.caller(id.caller('nobody'))).toBeNull();
    expect(token).not.toContain('701234567');
    // One it had before is taken up again, unless it has another by now.
    const kept = id.caller(`kept-${token}`);
    expect(await store.callerToken(organizationId, caller, kept)).toBe(token);
    const other = { number: '+46707654321', name: null };
    expect(await store.callerToken(organizationId, other, kept)).toBe(kept);
    expect(await store.callerToken(organizationId, other)).toBe(kept);
  });

  test('clicks come in order, once each, and one that is no JSON does not stop the rest', async () => {
    await place.send('k1', '{"type":"resume"}');
    const [first] = await store.readCommands('0');
    expect(first).toMatchObject({ commandId: 'k1', agentId: 'anna', deadlineMs: 2_000, body: { type: 'resume' } });
    expect(Math.abs((first?.sentAtMs ?? 0) - Date.now())).toBeLessThan(5_000);
    const waiting = store.readCommands(first?.id ?? '0');
    await place.send('k2', '{');
    expect(await waiting).toMatchObject([{ commandId: 'k2', body: null }]);
  });
});

test('many facts and the whole state of a busy cell go in one commit', async () => {
  const place = redisPlace();
  const store = place.open();
  const epoch = (await store.lease({ knownEpoch: 0, takeOver: false })) ?? 0;
  const set = Array.from({ length: 6_000 }, (_, n): [string, string] => [`call:${n}`, '{"v":1}']);
  const facts = Array.from({ length: 6_000 }, (_, n) => ({ n: n + 1, fact: fact(String(n)) }));
  expect(await store.commit(commit(epoch, { set, facts, replace: true }))).toBe('done');
  expect((await store.load()).size).toBe(6_000);
  await store.close();
  await place.close();
});

function redisPlace(): Place {
  const address = process.env.VAXEL_REDIS;
  if (!address) throw new Error('VAXEL_REDIS is not set: run `npm test`');
  // A cell of one's own in the stack's Redis.
  const cell = 1_000_000 + randomBytes(3).readUIntBE(0, 3);
  const keys = cellKeys(cell);
  const redis = new Redis(address);
  async function empty(): Promise<void> {
    const all = await redis.keys(`cell:${cell}:*`);
    if (all.length > 0) await redis.del(...all);
  }
  return {
    open: () => createRedisStore({ address, cell }),
    async facts() {
      const entries = await redis.xrange(keys.facts, '-', '+');
      return entries.map(([at, fields]) => `${at} ${(JSON.parse(fields[1] ?? '') as { subject: string }).subject}`);
    },
    async send(commandId, body) {
      await redis.xadd(
        keys.commands,
        '*',
        'commandId',
        commandId,
        'agentId',
        'anna',
        'deadlineMs',
        '2000',
        'body',
        body
      );
    },
    empty,
    async close() {
      await empty();
      redis.disconnect();
    }
  };
}

function memoryPlace(): Place {
  const store = createMemoryStore(systemClock);
  return {
    open: () => store,
    facts: () =>
      Promise.resolve(store.facts.map((one) => `${one.id} ${one.fact.type === 'corrected' ? one.fact.subject : ''}`)),
    send(commandId, body) {
      store.send({
        commandId,
        agentId: id.agent('anna'),
        deadlineMs: 2_000,
        body: body === '{' ? null : (JSON.parse(body) as Click)
      });
      return Promise.resolve();
    },
    empty: () => Promise.resolve(store.empty()),
    close: () => Promise.resolve()
  };
}
