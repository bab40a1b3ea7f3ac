import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { env } from '../support/environment.ts';
import { until } from '../support/processes.ts';
import { allTones, announcementTones } from '../support/sounds.ts';
import { heard, toneTimeline } from '../support/tones.ts';
import { createWorld, type TestAgent, type TestQueue, type World } from '../support/world.ts';

/** What people dial on a registered device (P2, P12), as Asterisk lets them hear it, and what is so afterwards. */
let world: World;
let folder: string;
let queue: TestQueue;
let listener: WebSocket;
const listening = `listener-${randomUUID().slice(0, 8)}`;

beforeAll(async () => {
  world = await createWorld();
  queue = await world.queue({ ringSeconds: 20 });
  folder = await mkdtemp(join(tmpdir(), 'vaxel-test-'));
  // An application that listens in, without which Asterisk would not know whose the listening leg is.
  const address = new URL('/ari/events', env('VAXEL_ARI').replace('http', 'ws'));
  address.searchParams.set('app', listening);
  address.searchParams.set('api_key', `vaxel:${env('VAXEL_ARI_PASSWORD')}`);
  listener = new WebSocket(address);
  await new Promise((resolve, reject) => listener.once('open', resolve).once('error', reject));
});
afterAll(async () => {
  listener?.close();
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

async function ari(method: 'GET' | 'POST', path: string, query: Record<string, string> = {}): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`vaxel:${env('VAXEL_ARI_PASSWORD')}`).toString('base64')}`;
  const address = `${env('VAXEL_ARI')}/ari/${path}?${new URLSearchParams(query).toString()}`;
  return fetch(address, { method, headers: { authorization }, signal: AbortSignal.timeout(5_000) });
}

/** Legs that have been listened to: one that has ended may be listed for a moment. */
const known = new Set<string>();

async function codeLeg({ deviceId }: TestAgent): Promise<string | null> {
  const channels = (await (await ari('GET', 'channels')).json()) as {
    id: string;
    name: string;
    dialplan: { context: string };
  }[];
  const leg = channels.find(
    ({ id, name, dialplan }) =>
      !known.has(id) && name.startsWith(`PJSIP/${deviceId}-`) && dialplan.context === 'device-code'
  );
  if (!leg) return null;
  known.add(leg.id);
  return leg.id;
}

/** The announcements that are heard until it is over; the phone has no media, so what goes to it is recorded in Asterisk. */
async function dial(agent: TestAgent, digits: string): Promise<string[]> {
  const phone = agent.phone ?? (await agent.register());
  const dialled = phone.dial(digits);
  const leg = await until('the leg of a code', 5_000, () => codeLeg(agent));
  const snoop = (await (await ari('POST', `channels/${leg}/snoop`, { spy: 'out', app: listening })).json()) as {
    id: string;
  };
  const name = `code-${randomUUID()}`;
  // Refused until the listening leg is in its application.
  await until('recording', 2_000, async () => {
    const begun = await ari('POST', `channels/${snoop.id}/record`, { name, format: 'wav', maxDurationSeconds: '15' });
    return begun.ok || null;
  });
  expect(await dialled.ended).toBe('answered');
  const file = join(folder, `${name}.wav`);
  await until('the recording', 5_000, async () => {
    if ((await ari('GET', `recordings/live/${name}`)).ok) return null;
    const stored = await ari('GET', `recordings/stored/${name}/file`);
    if (!stored.ok) return null;
    await writeFile(file, new Uint8Array(await stored.arrayBuffer()));
    return true;
  });
  return heard(await toneTimeline(file, allTones)).map((hz) => said(hz));
}

const said = (hz: number) => Object.entries(announcementTones).find(([, tone]) => tone.hz === hz)?.[0] ?? String(hz);

test('a shift without a screen: logged in, paused, back, out; a call comes in between', async () => {
  const agent = await world.agent('Nils Utan', [queue]);
  const mine = ({ agentId }: { agentId: string }) => agentId === agent.userId;
  expect(await dial(agent, '*21')).toEqual(['code-logged-in']);
  await world.fact('agent-state', (fact) => mine(fact) && fact.state === 'free');
  expect(await dial(agent, '*23')).toEqual(['code-paused']);
  await world.fact('pause-changed', (fact) => mine(fact) && fact.paused);
  expect(await dial(agent, '*24')).toEqual(['code-resumed']);
  await world.fact('pause-changed', (fact) => mine(fact) && !fact.paused);
  const call = await world.call(queue);
  const invitation = await agent.phone!.invitation();
  // While it rings a code takes nothing from the offer.
  expect(await dial(agent, '*99')).toEqual(['code-unknown']);
  expect(invitation.over).toBe(false);
  await invitation.answer();
  await world.fact('talk-started', mine);
  // In the talk: heard at once, done after it.
  expect(await dial(agent, '*22')).toEqual(['code-logged-out']);
  expect(invitation.over).toBe(false);
  await call.hangUp();
  await invitation.ended;
  await world.fact('login-changed', (fact) => mine(fact) && !fact.loggedIn);
}, 60_000);

test('a temporary schedule is switched on and off for its queue, where agents may; else they are told that they may not', async () => {
  const agent = await world.agent('Tora Tid', [queue]);
  await world.temporary('Övning', { phoneNumber: 7, phoneAgents: true });
  await world.temporary('Stängt av chefen', { phoneNumber: 8, phoneAgents: false });
  expect(await dial(agent, '*38')).toEqual(['code-impossible']);
  expect(await dial(agent, '*37')).toEqual(['code-on']);
  // What is heard is in force: a caller who comes now does not come in.
  const shut = await world.call(queue);
  expect((await shut.ended).answered).toBe(false);
  await world.fact('hours-changed', (fact) => fact.queueId === queue.id && !fact.open && fact.temporary === 'Övning');
  expect(await dial(agent, '*47')).toEqual(['code-off']);
  const open = await world.call(queue);
  expect(await open.answered).toBe(true);
  await open.hangUp();
  expect(await dial(agent, '*46')).toEqual(['code-unknown']);
}, 60_000);

test('nothing else is dialled from a device', async () => {
  const phone = await (await world.agent('Stina Stopp')).register();
  for (const digits of ['112', '+46850001000', '1', '*', '**21', '*123456'])
    expect([digits, await phone.dial(digits).ended]).toEqual([digits, 'unanswered']);
});
