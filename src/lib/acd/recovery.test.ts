import { expect, test } from 'vitest';
import type { Command } from './commands.ts';
import type { ConfigurationValue } from './configuration.ts';
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
  tell(0, { type: 'reconciled', snapshot: { calls: [], offers: [], forwards: [], connected: [], devices: [device] } });
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
    snapshot: { calls: [seen], offers: [], forwards: [], connected: [], devices: [device] }
  });
  const ring = commands.find((command) => command.type === 'ring');
  expect(ring).toMatchObject({ deviceId: agent.deviceId, ringSeconds: 20 });
  const [offer] = engine.state.offer.values();
  expect(offer).toMatchObject({ agentId: agent.id, ringUntilMs: 47_000 });
  expect(engine.state.deadline.get(`ring:${offer?.id}`)?.atMs).toBe(32_000);
});

test('a queue written before a setting was there is taken with what it means when nobody has set it', () => {
  const engine = createEngine();
  const { closedBy: _closedBy, position: _position, ...old } = plainQueue('support', { scheduleId: id.schedule('s') });
  const value = old as ConfigurationValue;
  engine.handle({
    nowMs: 0,
    eventId: '1',
    event: { type: 'configuration-changed', entity: 'queue', id: 'support', version: 1, value }
  });
  const stored = engine.state.configuration.get('queue:support')?.value;
  expect(stored).toMatchObject({ name: 'support', closedBy: {}, position: null });
  // As in a state that was saved then.
  const json = JSON.stringify({ v: 2, entity: 'queue', id: 'support', version: 1, value });
  expect(load([['configuration:queue:support', json]]).configuration.get('queue:support')?.value).toEqual(stored);
});
