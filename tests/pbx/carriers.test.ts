import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import type { TrunkSettings } from '#lib/acd/configuration.ts';
import { readTrunks } from '#lib/server/settings.ts';
import { writeTone } from '../../pbx/carrier/tone.ts';
import { profiles, ringSeconds } from '../support/carriers.ts';
import { env } from '../support/environment.ts';
import { header } from '../support/sip-rig/message.ts';
import { startPeer, type Peer } from '../support/sip-rig/peer.ts';
import { allTones, musicTone, outsideTone } from '../support/sounds.ts';
import { peerTrunk } from '../support/test-stack.ts';
import { heard, toneTimeline, untilHeard } from '../support/tones.ts';
import { createWorld, type TestQueue, type World } from '../support/world.ts';

/** E4, E5: carriers as they are, each its own way, on real Asterisk. */
let peer: Peer;
let folder: string;
let says: string;

beforeAll(async () => {
  const { port } = readTrunks().find(({ name }) => name === peerTrunk)!;
  peer = await startPeer({ port, sipPort: Number(env('VAXEL_SIP_PORT')) });
  folder = await mkdtemp(join(tmpdir(), 'vaxel-carriers-'));
  says = join(folder, 'outside');
  await writeTone(`${says}.wav`, outsideTone, 30);
});
afterAll(async () => {
  peer.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a trunk refuses is kept per organization: each profile has one of its own, for as long as its test runs. */
async function worldWith(trunk: Partial<TrunkSettings> | null, { onTestFinished }: TestContext): Promise<World> {
  const world = await createWorld();
  onTestFinished(() => world.close());
  if (trunk) await world.trunk(trunk);
  return world;
}
const freshNumber = () => `+468500${String(randomInt(100_000)).padStart(5, '0')}`;
const ofQueue =
  (queue: TestQueue) =>
  ({ queueId }: { queueId: string }) =>
    queueId === queue.id;

describe('a forward, by a carrier that', () => {
  test.concurrent.for(Object.entries(profiles))('%s', async ([name, profile], context) => {
    const world = await worldWith(profile.peer ? { name: peerTrunk, ...profile.trunk } : null, context);
    const to = profile.peer ? freshNumber() : (await world.telephone({ play: says, ...profile.telephone })).number;
    const outside = profile.peer && peer.number(to, profile.peer);
    const queue = await world.queue({ closing: { nobodyTo: to, ringSeconds } });
    const record = join(folder, `${Object.keys(profiles).indexOf(name)}.wav`);
    const from = '+46701740613';
    const call = await world.call(queue, { record, from });
    const { reached, code, afterMs } = profile.outcome;
    const received = await outside?.next();
    const [least, most] = afterMs;
    const done = reached
      ? await world.fact('forward-connected', ofQueue(queue), most + 10_000)
      : await world.fact('visit-entered', ofQueue(queue), most + 10_000);
    const started = world.facts().filter((fact) => fact.type === 'forward-started' && fact.queueId === queue.id);
    expect(done.atMs - (started[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(least);
    expect(done.atMs - (started[0]?.atMs ?? 0)).toBeLessThan(most);
    // Not answered before somebody has them.
    const tone = reached ? outsideTone : musicTone;
    expect(await call.answered).toBe(true);
    await untilHeard(call.recording, tone);
    await call.hangUp();
    const report = await call.ended;
    const answeredMs = report.dialledAtMs + (report.steps.find((step) => step.code === 200)?.afterMs ?? 0);
    expect(answeredMs).toBeGreaterThan(done.atMs - 1_000);
    expect(heard(await toneTimeline(record, allTones))).toEqual([tone]);
    const ended = world.facts().findLast((fact) => fact.type === 'forward-ended' && fact.queueId === queue.id);
    if (!reached) expect(ended).toMatchObject({ code });
    if (received) {
      expect(received.from).toBe(from);
      expect(header(received.invite, 'p-asserted-identity') !== '').toBe(profile.trunk?.asserted !== false);
      expect(await received.ended).toBe(reached || profile.peer?.answersWhenCancelled ? 'bye' : 'cancelled');
    }
  });
});

describe('E4: numbers go out', () => {
  test.concurrent.for([
    ['plus', /^\+468500\d{5}$/, '+46701740613'],
    ['zeros', /^00468500\d{5}$/, '0046701740613'],
    ['digits', /^468500\d{5}$/, '46701740613'],
    ['national', /^08500\d{5}$/, '0701740613']
  ] as const)('as %s', async ([sendsAs, form, shown], context) => {
    const world = await worldWith({ name: peerTrunk, sendsAs }, context);
    const to = freshNumber();
    const written = { plus: to, zeros: `00${to.slice(1)}`, digits: to.slice(1), national: `0${to.slice(3)}` }[sendsAs];
    const outside = peer.number(written, { answerAfterMs: 100 });
    const queue = await world.queue({ closing: { nobodyTo: to, ringSeconds } });
    const call = await world.call(queue, { from: '+46701740613' });
    const received = await outside.next();
    expect(received.to).toMatch(form);
    expect(received.from).toBe(shown);
    expect(header(received.invite, 'p-asserted-identity')).toContain(`sip:${shown}@`);
    await world.fact('forward-connected', ofQueue(queue));
    await call.hangUp();
    expect(await received.ended).toBe('bye');
  });

  test('E5: a carrier that is known to take no foreign numbers is shown ours at once', async (context) => {
    const world = await worldWith({ name: peerTrunk, takesForeign: false }, context);
    const to = freshNumber();
    const outside = peer.number(to, { answerAfterMs: 100 });
    const queue = await world.queue({ closing: { nobodyTo: to, ringSeconds } });
    const call = await world.call(queue, { from: '+46701740613' });
    expect((await outside.next()).from).toBe(queue.number);
    await call.hangUp();
  });
});

describe('E4: numbers come', () => {
  type Coming = { uri: string; to?: string; headers?: [string, string][] };
  const ways: [string, Partial<TrunkSettings>, (number: string) => Coming][] = [
    ['in the Request-URI as 0046…', {}, (number) => ({ uri: `00${number.slice(1)}` })],
    ['in the Request-URI as 46…', { comesAs: 'digits' }, (number) => ({ uri: number.slice(1) })],
    ['in the Request-URI as 08…', { comesAs: 'national' }, (number) => ({ uri: `0${number.slice(3)}` })],
    ['in To', { dialledIn: 'to' }, (number) => ({ uri: 'customer-17', to: `0${number.slice(3)}` })],
    [
      'in P-Called-Party-ID',
      { dialledIn: 'called-party' },
      (number) => ({
        uri: 'customer-17',
        headers: [['P-Called-Party-ID', `"Växel, Stockholm" <sip:${number}@carrier.invalid;user=phone>`]]
      })
    ]
  ];
  test.concurrent.for(ways)('%s', async ([, trunk, coming], context) => {
    const world = await worldWith({ name: peerTrunk, ...trunk }, context);
    const queue = await world.queue();
    const placed = peer.call({ from: '0701740613', ...coming(queue.number) });
    expect(await world.fact('call-arrived', ofQueue(queue))).toMatchObject({ dialled: queue.number });
    expect(await placed.answered).toBe(200);
    await world.fact('visit-entered', ofQueue(queue));
    placed.hangUp();
    await world.fact('visit-ended', ofQueue(queue));
  });

  test('from whom: P-Asserted-Identity, else From; in whatever form', async (context) => {
    const world = await worldWith(null, context);
    const queue = await world.queue();
    const agent = await world.agent('Ida Sexton', [queue]);
    const phone = await agent.start();
    const coming: [from: string, headers: [string, string][], shown: string][] = [
      ['46701740614', [], '+46701740614'],
      ['account', [['P-Asserted-Identity', '<sip:0701740615@carrier.invalid>']], '+46701740615']
    ];
    for (const [from, headers, shown] of coming) {
      const placed = peer.call({ uri: queue.number, from, headers });
      const invitation = await phone.invitation();
      expect(invitation.caller).toBe(shown);
      await invitation.answer();
      expect(await placed.answered).toBe(200);
      placed.hangUp();
      await invitation.ended;
    }
  });

  test('what leads nowhere is refused, and nobody is told of it', async () => {
    expect(await peer.call({ uri: 'customer-17', from: '0701740613' }).answered).toBe(480);
  });
});
