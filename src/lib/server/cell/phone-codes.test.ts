import { beforeEach, expect, test } from 'vitest';
import { id } from '#lib/acd/ids.ts';
import {
  organizationId,
  plainAgent,
  plainMember,
  plainNumber,
  plainOrganization,
  plainQueue
} from '#lib/simulation/values.ts';
import { createSimulatedPbx, type SimulatedPbx } from '#lib/simulation/simulated-pbx.ts';
import { createVirtualClock, type VirtualClock } from '#lib/simulation/virtual-clock.ts';
import type { CodeSays, Pbx } from '../pbx/port.ts';
import { createCell, type Cell } from './cell.ts';
import { createMemoryStore } from './memory-store.ts';
import { createPhoneCodes, type PhoneCodesOptions } from './phone-codes.ts';

/** The real cell and engine, with a simulated PBX: what is heard, and what is so afterwards. */
const anna = id.agent('anna');
const annas = id.device('device-anna');
const strangers = id.device('device-nobody');
const number = '+46850001000';
const caller = { number: '+46701234567', name: null, withheld: false };

let clock: VirtualClock;
let pbx: SimulatedPbx;
let cell: Cell;
let languages: string[];

async function pass(ms: number): Promise<void> {
  const untilMs = clock.elapsedMs() + ms;
  while (await clock.step(untilMs));
}

async function start(switchTemporary: PhoneCodesOptions['switchTemporary'] = () => Promise.resolve('not-found')) {
  const adapter = pbx.adapter();
  const end: Pbx['endCode'] = (codeId, says: CodeSays | null) => {
    if (says) languages.push(says.language);
    return adapter.endCode(codeId, says);
  };
  const codes = createPhoneCodes({
    state: () => cell.engine.state,
    click: (...args) => cell.click(...args),
    switchTemporary,
    end,
    clock,
    log: () => undefined
  });
  cell = createCell({
    cell: 1,
    pbx: adapter,
    store: createMemoryStore(clock),
    clock,
    onFenced: () => undefined,
    onFatal: (error) => {
      throw error;
    },
    onCode: (dialled) => void codes.take(dialled)
  });
  await Promise.all([cell.open(), pass(10)]);
  const values = [
    plainOrganization({ language: 'en' }),
    plainQueue('q'),
    plainNumber(number, 'q'),
    plainAgent('anna'),
    plainMember('q', 'anna')
  ];
  for (const value of values) {
    const told = cell.tell({ type: 'configuration-changed', entity: value.type, id: value.id, version: 1, value });
    await pass(10);
    await told;
  }
  await Promise.all([cell.connect(), pass(10)]);
}

beforeEach(() => {
  clock = createVirtualClock(1_795_000_000_000);
  pbx = createSimulatedPbx({ clock });
  pbx.register(annas, true);
  pbx.register(strangers, true);
  languages = [];
});

/** What is heard when it is dialled. */
async function dial(digits: string, deviceId = annas) {
  const heard = pbx.dialCode(deviceId, digits);
  await pass(200);
  return heard;
}
const agent = () => cell.engine.state.agent.get(anna);

test('a shift by phone: each code is heard and in force, twice as well as once, in the organization’s language', async () => {
  await start();
  expect(await dial('*22')).toBe('code-logged-out');
  expect(await dial('*24')).toBe('code-resumed');
  expect(await dial('*23')).toBe('code-impossible');
  expect(agent()?.onShift ?? false).toBe(false);
  for (let twice = 0; twice < 2; twice++) {
    expect(await dial('*21')).toBe('code-logged-in');
    expect(agent()).toMatchObject({ onShift: true, deviceId: annas, queueIds: ['q'] });
  }
  for (let twice = 0; twice < 2; twice++) {
    expect(await dial('*23')).toBe('code-paused');
    expect(agent()?.paused).not.toBeNull();
  }
  for (let twice = 0; twice < 2; twice++) {
    expect(await dial('*24')).toBe('code-resumed');
    expect(agent()?.paused).toBeNull();
  }
  expect(await dial('*22')).toBe('code-logged-out');
  expect(agent()?.queueIds).toEqual([]);
  expect(new Set(languages)).toEqual(new Set(['en']));
});

test('one who is a member of no queue is told that they cannot log in', async () => {
  await start();
  const told = cell.tell({ type: 'configuration-changed', entity: 'member', id: 'q:anna', version: 2, value: null });
  await pass(10);
  await told;
  expect(await dial('*21')).toBe('code-impossible');
});

test('an unknown code says so, and a device that is nobody’s is hung up', async () => {
  await start();
  expect(await dial('*29')).toBe('code-unknown');
  expect(await dial('*21', strangers)).toBeNull();
});

test('a code while a call rings leaves the offer alone; in a talk, the log-out waits for its end', async () => {
  await start();
  await dial('*21');
  pbx.call(number, caller);
  await pass(200);
  const offer = pbx.ringingOn(annas);
  expect(offer).not.toBeNull();
  expect(await dial('*23')).toBe('code-paused');
  expect(pbx.ringingOn(annas)).toBe(offer);
  pbx.answerOffer(offer ?? id.offer(''));
  await pass(200);
  expect(await dial('*22')).toBe('code-logged-out');
  expect(pbx.talkingOn(annas)).toBe(offer);
  expect(agent()?.queueIds).toEqual(['q']);
  pbx.endOffer(offer ?? id.offer(''), 'hung-up');
  await pass(200);
  expect(agent()?.queueIds).toEqual([]);
});

test.each([
  [null, '*37', 'code-on'],
  [null, '*47', 'code-off'],
  ['nothing-to-undo', '*47', 'code-off'],
  ['not-found', '*37', 'code-unknown'],
  ['forbidden', '*37', 'code-impossible'],
  ['no-queues', '*37', 'code-impossible']
])('a temporary schedule: %s to %s says %s', async (answer, digits, says) => {
  const asked: unknown[] = [];
  await start(({ id: agentId, organizationId: of }, { on, phoneNumber }) => {
    asked.push({ agentId, of, on, phoneNumber });
    return Promise.resolve(answer);
  });
  expect(await dial(digits)).toBe(says);
  expect(asked).toEqual([{ agentId: anna, of: organizationId, on: digits === '*37', phoneNumber: 7 }]);
});

test('while a schedule is being switched calls go on, the device’s next code is hung up, and at last it is given up', async () => {
  await start(() => new Promise(() => undefined));
  await dial('*21');
  const heard = pbx.dialCode(annas, '*37');
  await pass(10);
  expect(await dial('*21')).toBeNull();
  pbx.call(number, caller);
  await pass(200);
  expect(pbx.ringingOn(annas)).not.toBeNull();
  await pass(11_000);
  expect(await heard).toBe('code-impossible');
});
