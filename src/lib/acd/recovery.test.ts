import { expect, test } from 'vitest';
import type { Command } from './commands.ts';
import { createEngine } from './engine.ts';
import type { EngineEvent } from './events.ts';
import { id } from './ids.ts';
import { load, save } from './state.ts';
import { plainAgent, plainMember, plainNumber, plainQueue } from '#lib/simulation/values.ts';

test('a ring that was ordered and never begun is rung for its full time after a restart, by the same agent (rule 5)', () => {
  let engine = createEngine();
  let made = 0;
  const tell = (nowMs: number, event: EngineEvent): Command[] =>
    engine.handle({ nowMs, eventId: String((made += 1)), event }).commands;
  const agent = plainAgent('anna');
  const device = { deviceId: agent.deviceId, reachable: true };
  for (const value of [
    plainQueue('support', { ringSeconds: 20 }),
    plainNumber('+4650', 'support'),
    agent,
    plainMember('support', 'anna')
  ])
    tell(0, { type: 'configuration-changed', entity: value.type, id: value.id, version: 1, value });
  tell(0, { type: 'reconciled', snapshot: { calls: [], offers: [], connected: [], devices: [device] } });
  const click = { type: 'start-shift', deviceId: agent.deviceId } as const;
  tell(0, { type: 'click', commandId: 'k', agentId: agent.id, click });
  const callId = id.call('c1');
  const caller = { token: null, withheld: true };
  tell(10_000, { type: 'call-arrived', callId, dialled: '+4650', caller });
  // Killed with everything outstanding; back 17 s later.
  engine = createEngine(load(save(engine.state)));
  tell(27_000, { type: 'disconnected' });
  const seen = { callId, dialled: '+4650', caller, answered: false, tag: null, playing: null };
  const commands = tell(27_000, {
    type: 'reconciled',
    snapshot: { calls: [seen], offers: [], connected: [], devices: [device] }
  });
  const ring = commands.find((command) => command.type === 'ring');
  expect(ring).toMatchObject({ deviceId: agent.deviceId, ringSeconds: 20 });
  const [offer] = engine.state.offer.values();
  expect(offer).toMatchObject({ agentId: agent.id, ringUntilMs: 47_000 });
  expect(engine.state.deadline.get(`ring:${offer?.id}`)?.atMs).toBe(32_000);
});
