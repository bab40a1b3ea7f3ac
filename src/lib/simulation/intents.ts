import type { AgentIntent, KeptPlace } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import type { AgentId } from '#lib/acd/ids.ts';
import type { Fail } from './watch.ts';

/**
 * What history keeps in `agent_intent` and `kept_place`, here in memory: it outlives a store that is emptied.
 * `fail`: a place that was taken has come back.
 */
export function createIntents(fail: Fail) {
  const onShift = new Map<AgentId, AgentIntent>();
  const places = new Map<string, { kept: KeptPlace; taken: boolean }>();

  function take(fact: Fact): void {
    if (fact.type === 'shift-changed') {
      const { agentId, organizationId, on, deviceId, atMs, sinceMs: shiftSinceMs = atMs } = fact;
      if (!on || deviceId === null) onShift.delete(agentId);
      else onShift.set(agentId, { agentId, organizationId, deviceId, shiftSinceMs, queueIds: [], paused: null });
    } else if (fact.type === 'device-changed') {
      const intent = onShift.get(fact.agentId);
      if (intent && fact.from === 'now') intent.deviceId = fact.deviceId;
    } else if (fact.type === 'login-changed') {
      const intent = onShift.get(fact.agentId);
      const others = intent?.queueIds.filter((queueId) => queueId !== fact.queueId) ?? [];
      if (intent) intent.queueIds = fact.loggedIn ? [...others, fact.queueId] : others;
    } else if (fact.type === 'pause-changed') {
      const intent = onShift.get(fact.agentId);
      const { paused, reason, atMs, sinceMs = atMs, reasonId, untilMs } = fact;
      const own = { ...(reasonId !== undefined && { reasonId }), ...(untilMs !== undefined && { untilMs }) };
      if (intent) intent.paused = paused ? { reason, sinceMs, ...own } : null;
    } else if (fact.type === 'place-kept') {
      const { organizationId, queueId, caller, rankMs, untilMs, strict = false, waitedMs = 0 } = fact;
      const kept = { organizationId, queueId, caller, rankMs, strict, waitedMs, untilMs };
      places.set(`${queueId}:${caller}`, { kept, taken: false });
    } else if (fact.type === 'place-taken') {
      const place = places.get(`${fact.queueId}:${fact.caller}`);
      if (place) place.taken = true;
    } else if (fact.type === 'corrected' && fact.code === 'place-restored') {
      if (places.get(fact.subject)?.taken !== false) fail('a place that was taken stays away', fact.subject);
    }
  }

  return {
    follow(facts: { fact: Fact }[]): void {
      for (const { fact } of facts) take(fact);
    },
    /** Copies, as read from a database. */
    onShift: () => structuredClone([...onShift.values()]),
    /** `behind`: with those that were taken already, as when history has not come so far. */
    places(behind: boolean): KeptPlace[] {
      const known = [...places.values()].filter(({ taken }) => behind || !taken);
      return structuredClone(known.map(({ kept }) => kept));
    }
  };
}
export type Intents = ReturnType<typeof createIntents>;
