import type { Fact } from '#lib/acd/facts.ts';
import type { AgentId } from '#lib/acd/ids.ts';

/**
 * Picks the facts of one call out of its organization's, which come in order. Those that name the call, one of its visits
 * or one of its offers; and what such a fact led to in the same moment for the agent of it: a log-out after too many
 * unanswered (P18), a wrap-up until it ends.
 */
export function createOwnFacts(callId: string) {
  const own = new Set<string>([callId]);
  /** By agent, the moment of the offer's or the talk's end. */
  const ended = new Map<AgentId, number>();
  const wrappingUp = new Set<AgentId>();

  return {
    /** Whether something that the call led to has not ended yet. */
    goesOn: () => wrappingUp.size > 0,
    takes(fact: Fact): boolean {
      const ids = idsOf(fact);
      if (ids.some((id) => own.has(id))) {
        for (const id of ids) own.add(id);
        if (fact.type === 'offer-ended' || fact.type === 'talk-ended') ended.set(fact.agentId, fact.atMs);
        if (fact.type === 'talk-started') wrappingUp.delete(fact.agentId);
        return true;
      }
      switch (fact.type) {
        case 'wrap-up-started':
          if (!ended.has(fact.agentId)) return false;
          ended.delete(fact.agentId);
          wrappingUp.add(fact.agentId);
          return true;
        case 'wrap-up-changed':
          return wrappingUp.has(fact.agentId);
        case 'wrap-up-ended':
          return wrappingUp.delete(fact.agentId);
        case 'login-changed':
          return fact.by === 'unanswered' && ended.get(fact.agentId) === fact.atMs;
        case 'last-agent-logged-out':
          return ended.get(fact.agentId) === fact.atMs;
        case 'offered':
          // The agent has another call now: what follows is of that one.
          ended.delete(fact.agentId);
          wrappingUp.delete(fact.agentId);
          return false;
        default:
          return false;
      }
    }
  };
}

/** Of the call, the visit and the offer that a fact is about. */
function idsOf(fact: Fact): string[] {
  const ids: string[] = [];
  if ('callId' in fact) ids.push(fact.callId);
  if ('visitId' in fact && fact.visitId !== null) ids.push(fact.visitId);
  if ('offerId' in fact) ids.push(fact.offerId);
  if ('forwardId' in fact) ids.push(fact.forwardId);
  if (fact.type === 'corrected') ids.push(fact.subject);
  return ids;
}
