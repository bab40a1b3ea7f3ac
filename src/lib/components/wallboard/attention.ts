import type { AgentState } from '#lib/acd/facts.ts';
import type { AgentView } from '#lib/live/topics.ts';

/** What needs somebody first. Also the order of the states' counts. */
export const attention: readonly AgentState[] = [
  'unreachable',
  'offered',
  'paused',
  'wrap-up',
  'on-call',
  'free',
  'logged-out'
];

/** Ids by what needs attention: state, then who has been in it longest; those logged out by name. */
export function byAttention(agents: readonly AgentView[]): string[] {
  return agents
    .toSorted(
      (a, b) =>
        attention.indexOf(a.state) - attention.indexOf(b.state) ||
        (a.state === 'logged-out' ? 0 : a.sinceMs - b.sinceMs) ||
        a.name.localeCompare(b.name, 'sv')
    )
    .map(({ agentId }) => agentId);
}

/** Those still there in the order they were shown in, the new ones after them: nothing moves under the eye. */
export function inOrder(agents: readonly AgentView[], order: readonly string[]): AgentView[] {
  const place = new Map(order.map((agentId, index) => [agentId, index]));
  return agents.toSorted((a, b) => (place.get(a.agentId) ?? Infinity) - (place.get(b.agentId) ?? Infinity) || 0);
}

export function countByState(states: readonly AgentState[]): { state: AgentState; count: number }[] {
  return attention
    .map((state) => ({ state, count: states.filter((one) => one === state).length }))
    .filter(({ count }) => count > 0);
}
