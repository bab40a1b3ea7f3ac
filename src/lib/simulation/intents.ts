import type { AgentIntent } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import type { AgentId } from '#lib/acd/ids.ts';

/** What history keeps in `agent_intent`, here in memory: it outlives a store that is emptied. */
export function createIntents() {
  const onShift = new Map<AgentId, AgentIntent>();

  function take(fact: Fact): void {
    if (fact.type === 'shift-changed') {
      const { agentId, organizationId, on, deviceId, atMs, sinceMs: shiftSinceMs = atMs } = fact;
      if (!on || deviceId === null) onShift.delete(agentId);
      else onShift.set(agentId, { agentId, organizationId, deviceId, shiftSinceMs, queueIds: [], paused: null });
    } else if (fact.type === 'login-changed') {
      const intent = onShift.get(fact.agentId);
      const others = intent?.queueIds.filter((queueId) => queueId !== fact.queueId) ?? [];
      if (intent) intent.queueIds = fact.loggedIn ? [...others, fact.queueId] : others;
    } else if (fact.type === 'pause-changed') {
      const intent = onShift.get(fact.agentId);
      const { paused, reason, atMs, sinceMs = atMs } = fact;
      if (intent) intent.paused = paused ? { reason, sinceMs } : null;
    }
  }

  return {
    follow(facts: { fact: Fact }[]): void {
      for (const { fact } of facts) take(fact);
    },
    /** Copies, as read from a database. */
    onShift: () => structuredClone([...onShift.values()])
  };
}
export type Intents = ReturnType<typeof createIntents>;
