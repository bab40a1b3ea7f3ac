import { beforeEach, expect, test } from 'vitest';
import { plainAgent, plainMember, plainNumber, plainQueue } from '#lib/simulation/values.ts';
import { id } from '#lib/acd/ids.ts';
import { createSimulatedPbx } from '#lib/simulation/simulated-pbx.ts';
import type { SimulatedPbx } from '#lib/simulation/simulated-pbx.ts';
import { createVirtualClock } from '#lib/simulation/virtual-clock.ts';
import type { VirtualClock } from '#lib/simulation/virtual-clock.ts';
import type { AdapterCommand } from '../pbx/port.ts';
import { createCell } from './cell.ts';
import type { Cell, CellOptions } from './cell.ts';
import { createMemoryJournal } from './journal.ts';
import { createMemoryStore } from './memory-store.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Commit } from './store.ts';

const organizationId = id.organization('org');
const anna = id.agent('anna');
const deviceId = id.device('device-anna');
const number = '+46850001000';
const caller = { number: '+46701234567', name: null, withheld: false };

let clock: VirtualClock;
let store: MemoryStore;
let pbx: SimulatedPbx;
let sent: AdapterCommand[];
let fenced: string[];

beforeEach(() => {
  clock = createVirtualClock(1_795_000_000_000);
  store = createMemoryStore(clock);
  sent = [];
  fenced = [];
  pbx = createSimulatedPbx({
    clock,
    faults: { event: () => ({ type: 'none' }), command: (command) => (sent.push(command), 'none') }
  });
  pbx.register(deviceId, true);
});

async function pass(ms: number): Promise<void> {
  const untilMs = clock.elapsedMs() + ms;
  while (await clock.step(untilMs));
}

async function startCell(change: Partial<CellOptions> = {}): Promise<Cell> {
  const cell = createCell({
    cell: 1,
    pbx: pbx.adapter(),
    store,
    clock,
    onFenced: (reason) => fenced.push(reason),
    onFatal: (error) => {
      throw error;
    },
    onViolation: (rule, subject) => {
      throw new Error(`${rule}: ${subject}`);
    },
    ...change
  });
  const opening = cell.open();
  await pass(5_000);
  await opening;
  for (const value of [
    queue,
    plainNumber(number, 'q', { organizationId }),
    plainAgent(anna, { organizationId, name: 'Anna', deviceId }),
    plainMember('q', anna, { organizationId })
  ]) {
    void cell.tell({ type: 'configuration-changed', entity: value.type, id: value.id, version: 1, value });
  }
  await cell.connect();
  await pass(10);
  return cell;
}

/** Of the facts in the store, within their epochs. */
const numbers = () => store.facts.map((one) => Number(one.id.split('-')[1]));

const click = (commandId: string, body: Parameters<MemoryStore['send']>[0]['body']) =>
  store.send({ commandId, agentId: anna, deadlineMs: 2_000, body });

test('a call goes all the way: rung with the number behind the token, joined, told as facts with ids in order', async () => {
  const cell = await startCell();
  click('k1', { type: 'start-shift', deviceId });
  await pass(10);
  const callId = pbx.call(number, caller);
  await pass(50);
  expect(sent.find((command) => command.type === 'ring')).toMatchObject({
    deviceId,
    caller: { number: caller.number }
  });
  pbx.answerOffer(pbx.ringingOn(deviceId)!);
  await pass(50);
  expect(pbx.heard(callId)).toBe(`agent ${deviceId}`);
  const types = store.facts.map((one) => one.fact.type);
  expect(types.filter((type) => ['visit-entered', 'offered', 'talk-started'].includes(type))).toEqual([
    'visit-entered',
    'offered',
    'talk-started'
  ]);
  const { epoch } = cell.health();
  expect(store.facts.map((one) => one.id)).toEqual(store.facts.map((_, n) => `${epoch}-${n + 1}`));
  // Facts hold tokens only (E8).
  expect(JSON.stringify(store.facts)).not.toContain(caller.number);
  expect(cell.health()).toMatchObject({ lease: true, reconciled: true, durable: true, violations: 0 });
});

test('a click is replied to with the fact that shows it; again with the same id gets the first reply; late is too late', async () => {
  await startCell();
  click('k1', { type: 'start-shift', deviceId });
  await pass(10);
  const [first] = store.replies;
  expect(first).toEqual({ commandId: 'k1', ok: true, factId: store.facts.at(-1)?.id });
  click('k1', { type: 'start-shift', deviceId });
  click('k2', { type: 'resume' });
  await pass(10);
  expect(store.replies.slice(1)).toEqual([first, { commandId: 'k2', ok: false, code: 'not-paused' }]);
  store.send({ commandId: 'k3', agentId: anna, deadlineMs: -1, body: { type: 'pause', reason: null } });
  store.send({ commandId: 'k4', agentId: anna, deadlineMs: 2_000, body: null });
  await pass(10);
  expect(store.replies.slice(3)).toEqual([
    { commandId: 'k3', ok: false, code: 'too-late' },
    { commandId: 'k4', ok: false, code: 'bad-input' }
  ]);
});

test('configuration is in force when telling it resolves', async () => {
  const cell = await startCell();
  const told = cell.tell({
    type: 'configuration-changed',
    entity: 'queue',
    id: 'q',
    version: 2,
    value: { ...queue, name: 'New' }
  });
  await pass(10);
  const [factId] = await told;
  expect(store.facts.find((one) => one.id === factId)?.fact).toMatchObject({
    type: 'configured',
    version: 2,
    name: 'New'
  });
  // The same version again is nothing new.
  const again = cell.tell({ type: 'configuration-changed', entity: 'queue', id: 'q', version: 2, value: queue });
  await pass(10);
  expect(await again).toEqual([]);
});

test('commands of one leg go out in order, one after the other’s answer', async () => {
  await startCell();
  pbx.call(number, caller);
  await pass(100);
  expect(sent.map((command) => command.type)).toEqual(['answer', 'tag', 'start-music']);
});

test('a ring is sent before what else its commit asks for: somebody waits for it', async () => {
  await startCell();
  click('k1', { type: 'start-shift', deviceId });
  await pass(10);
  sent.length = 0;
  pbx.call(number, caller);
  await pass(50);
  expect(sent.map(({ type }) => type).slice(0, 2)).toEqual(['ring', 'answer']);
});

test('what decides nothing is stored with the next that does, or within a second', async () => {
  let commits = 0;
  const counting = { ...store, commit: (commit: Commit) => ((commits += 1), store.commit(commit)) };
  const stored = async () => [...(await store.load()).keys()].filter((key) => key.startsWith('command:'));
  const cell = await startCell({ store: counting });
  await pass(1_000);
  commits = 0;
  pbx.call(number, caller);
  await pass(50);
  // Its arrival; that each of its commands has been carried out decides nothing.
  expect(commits).toBe(1);
  expect(cell.engine.state.command.size).toBe(0);
  expect((await stored()).length).toBeGreaterThan(2);
  await pass(1_000);
  expect(commits).toBe(2);
  expect(await stored()).toEqual([]);
  await pass(5_000);
  expect(commits).toBe(2);
});

test('whose commit is refused is fenced, and sends nothing for it', async () => {
  const cell = await startCell();
  await store.lease({ knownEpoch: 0, takeOver: true });
  sent.length = 0;
  pbx.call(number, caller);
  await pass(100);
  expect(fenced).toHaveLength(1);
  expect(sent).toEqual([]);
  expect(cell.health().lease).toBe(false);
  await expect(cell.tell({ type: 'clock-stepped', byMs: 0 })).rejects.toThrow('cell-stopped');
});

test('another that connects to the PBX fences it', async () => {
  await startCell();
  await pbx.adapter().start({
    event: () => undefined,
    code: () => undefined,
    connected: () => undefined,
    disconnected: () => undefined,
    replaced: () => undefined
  });
  expect(fenced).toEqual(['another process took the PBX’s application over']);
});

test('with the store away calls go on, and all of it is there when it is back', async () => {
  const cell = await startCell();
  click('k1', { type: 'start-shift', deviceId });
  await pass(10);
  const before = store.facts.length;
  store.setAway(true);
  const callId = pbx.call(number, caller);
  await pass(3_000);
  expect(cell.health().durable).toBe(false);
  pbx.answerOffer(pbx.ringingOn(deviceId)!);
  await pass(50);
  expect(pbx.heard(callId)).toBe(`agent ${deviceId}`);
  expect(store.facts).toHaveLength(before);
  store.setAway(false);
  await pass(2_000);
  expect(cell.health().durable).toBe(true);
  expect(store.facts.map((one) => one.fact.type)).toContain('talk-started');
  expect(store.facts.map((one) => Number(one.id.split('-')[1]))).toEqual(store.facts.map((_, n) => n + 1));
  expect([...store.state.keys()]).toContain(`call:${callId}`);
});

test('emptied while it was away, the store has all of it again, in order', async () => {
  const cell = await startCell();
  store.setAway(true);
  const callId = pbx.call(number, caller);
  await pass(3_000);
  const next = pbx.call(number, { ...caller, number: '+46700000002' });
  await pass(1_000);
  store.empty();
  store.setAway(false);
  await pass(3_000);
  expect(cell.health().durable).toBe(true);
  expect([...store.state.keys()]).toEqual(
    expect.arrayContaining([`call:${callId}`, `call:${next}`, 'configuration:queue:q'])
  );
  expect(numbers()).toEqual(numbers().map((_, at) => (numbers()[0] ?? 0) + at));
});

test('who has rung lately is known again while the store is away, and after it was emptied', async () => {
  await startCell();
  const token = () => store.facts.map((one) => one.fact).findLast((fact) => fact.type === 'call-arrived')?.caller;
  const ring = async (from: string) => {
    pbx.endCall(pbx.call(number, { ...caller, number: from }), 'hung-up');
    await pass(5_000);
  };
  await ring(caller.number);
  const first = token();
  expect(first).toEqual(expect.any(String));
  store.setAway(true);
  await ring(caller.number);
  // One never seen before has none: their call goes on without.
  await ring('+46700000003');
  store.empty();
  store.setAway(false);
  await pass(3_000);
  const away = store.facts.map((one) => one.fact).filter((fact) => fact.type === 'call-arrived');
  expect(away.slice(-2).map((fact) => fact.caller)).toEqual([first, null]);
  await ring(caller.number);
  expect(token()).toBe(first);
});

test.each(['before', 'after'])(
  'killed while the store is away, and followed %s it is back: the next knows all that was decided, and no fact is lost',
  async (when) => {
    const journal = createMemoryJournal();
    const mortal = clock.mortal();
    const adapter = pbx.adapter();
    const dead = await startCell({ journal, clock: mortal.clock, pbx: adapter });
    click('k1', { type: 'start-shift', deviceId });
    await pass(10);
    store.setAway(true);
    const callId = pbx.call(number, caller);
    await pass(3_000);
    pbx.answerOffer(pbx.ringingOn(deviceId)!);
    await pass(50);
    const waiting = pbx.call(number, { ...caller, number: '+46700000002' });
    await pass(2_000);
    const { epoch } = dead.health();
    mortal.kill();
    adapter.die();
    if (when === 'after') store.setAway(false);
    else clock.after(2_000, () => store.setAway(false));
    const next = await startCell({ journal, takeOver: true });
    await pass(100);

    const own = store.facts.filter((one) => one.id.startsWith(`${epoch}-`));
    expect(own.map((one) => one.fact.type)).toEqual(expect.arrayContaining(['offered', 'talk-started']));
    expect(numbers().slice(0, own.length)).toEqual(own.map((_, at) => at + 1));
    // Neither adopted nor told again: the next goes on from what the dead one knew.
    const of = (type: string) => store.facts.filter((one) => one.fact.type === type);
    expect([of('visit-entered').length, of('talk-started').length, of('corrected').length]).toEqual([2, 1, 0]);
    expect(pbx.heard(callId)).toBe(`agent ${deviceId}`);
    expect(next.engine.state.call.get(waiting)?.phase).toBe('waiting');
    expect(next.health()).toMatchObject({ durable: true, factsDropped: 0 });
    expect(await journal.end()).toBe(0);
  }
);

test('a full journal loses facts and says so; the state is whole again all the same', async () => {
  const told: string[] = [];
  const journal = createMemoryJournal(4);
  const cell = await startCell({ journal, log: (_, text) => told.push(text) });
  store.setAway(true);
  const callId = pbx.call(number, caller);
  await pass(2_000);
  const next = pbx.call(number, { ...caller, number: '+46700000002' });
  await pass(2_000);
  pbx.call(number, { ...caller, number: '+46700000003' });
  await pass(2_000);
  expect(cell.health().factsDropped).toBeGreaterThan(0);
  expect(told.join()).toContain('% full');
  store.setAway(false);
  await pass(3_000);
  expect(cell.health().durable).toBe(true);
  expect([...store.state.keys()]).toEqual(expect.arrayContaining([`call:${callId}`, `call:${next}`]));
});

test('one that ends gives the next its lease at once; it goes on with who waits where they stood', async () => {
  const cell = await startCell();
  const first = pbx.call(number, caller);
  await pass(1_000);
  pbx.call(number, { ...caller, number: '+46700000002' });
  await pass(1_000);
  await cell.stop();
  const next = await startCell();
  expect(next.health()).toMatchObject({ epoch: expect.any(Number) as number, reconciled: true });
  expect(next.health().epoch).toBeGreaterThan(cell.health().epoch);
  click('k1', { type: 'start-shift', deviceId });
  await pass(50);
  const offered = store.facts.findLast((one) => one.fact.type === 'offered');
  expect(offered?.fact).toMatchObject({ callId: first, why: { place: 1 } });
});

const queue = plainQueue('q', { organizationId, name: 'Support' });
