import { expect, test } from 'vitest';
import { createEngine } from './engine.ts';
import type { Click, EngineEvent } from './events.ts';
import { plainAgent } from '#lib/simulation/values.ts';

test.each(['\u0000', 'lunch\nbreak', '\ud800'])('a reason that is no text (%j) is refused', (reason) => {
  const engine = createEngine();
  let made = 0;
  const tell = (event: EngineEvent) => engine.handle({ nowMs: 0, eventId: String((made += 1)), event });
  const agent = plainAgent('anna');
  const click = (one: Click) => tell({ type: 'click', commandId: 'k', agentId: agent.id, click: one });
  tell({ type: 'configuration-changed', entity: 'agent', id: agent.id, version: 1, value: agent });
  click({ type: 'start-shift', deviceId: agent.deviceId });
  expect(click({ type: 'pause', reason }).commands).toMatchObject([{ type: 'reply', ok: false, code: 'bad-input' }]);
  expect(click({ type: 'pause', reason: 'möte 🍰' }).commands).toMatchObject([{ type: 'reply', ok: true }]);
});
