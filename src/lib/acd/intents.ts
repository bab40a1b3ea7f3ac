import type { AgentIntent } from './events.ts';
import { agentOf, beginShift, logIn, memberships } from './agents.ts';
import { justChosen, ownDevice } from './device-choice.ts';
import { changeDevice, deviceOf } from './devices.ts';
import { configured } from './indexes.ts';
import { compareText } from './sorted.ts';
import { tell } from './turn.ts';
import type { Turn } from './turn.ts';

/**
 * What agents wanted, as history kept it: for those of whom the state knows nothing, because it was lost. Where the
 * state knows an agent it is right, so this may be told at every start. All in one event, so that calls which wait are
 * given to the best of all and not to whoever is read first (rule 9).
 */
export function restoreIntents(turn: Turn, intents: AgentIntent[]): void {
  for (const intent of intents.toSorted((a, b) => compareText(a.agentId, b.agentId))) restore(turn, intent);
}

function restore(turn: Turn, intent: AgentIntent): void {
  const { agentId, organizationId, deviceId, shiftSinceMs, paused } = intent;
  const value = configured(turn.state, 'agent', agentId);
  if (turn.state.agent.has(agentId) || value?.organizationId !== organizationId) return;
  const agent = agentOf(turn, agentId);
  // Theirs no more, or somebody else at it: they press *Start shift* on one they have.
  const device = agent && ownDevice(turn, agent, deviceId);
  if (!agent || !device || turn.indexes.agentByDevice.has(deviceId)) return;
  if (device.kind === 'mobile') changeDevice(turn, deviceOf(turn, deviceId), justChosen(device));
  tell(turn, organizationId, { type: 'corrected', code: 'intent-restored', subject: agentId });
  beginShift(turn, agent, deviceId, shiftSinceMs);
  if (paused) {
    agent.paused = paused;
    tell(turn, organizationId, { type: 'pause-changed', agentId, paused: true, ...paused });
  }
  const mine = memberships(turn, agentId);
  logIn(
    turn,
    agent,
    intent.queueIds.filter((queueId) => mine.includes(queueId)),
    'restored'
  );
}
