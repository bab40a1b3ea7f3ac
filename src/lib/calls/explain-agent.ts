import { assertNever } from '#lib/acd/assert-never.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { stateReason, states } from '#lib/i18n/common.ts';
import type { Part } from './say.ts';
import { bySetting, known, told, word, type Explanation, type Speaker } from './speaker.ts';

export type AgentFact = Extract<
  Fact,
  {
    type:
      | 'offer-ringing'
      | 'offer-rung-anew'
      | 'offer-picked-up'
      | 'offer-ended'
      | 'wrap-up-started'
      | 'wrap-up-changed'
      | 'wrap-up-ended'
      | 'shift-changed'
      | 'device-changed'
      | 'login-changed'
      | 'last-agent-logged-out'
      | 'pause-changed'
      | 'reachability-changed'
      | 'agent-state';
  }
>;

/** What an agent, or their phone, did. */
export function explainAgent(fact: AgentFact, speaker: Speaker): Explanation {
  const { t, queue, clock, language } = speaker;
  const agent = speaker.agent(fact.agentId);
  switch (fact.type) {
    case 'offer-ringing':
      return { ...told(t.ringing(agent)), minor: true };
    case 'offer-rung-anew':
      return told(t.rungAnew(agent));
    case 'offer-picked-up':
      return told(t.pickedUp(agent, clock(fact.untilMs)));
    case 'offer-ended':
      return offerEnded(fact, speaker);
    case 'wrap-up-started':
      return bySetting(told(t.wrapUp(agent, clock(fact.untilMs))), speaker, 'wrapUp', fact.queueId);
    case 'wrap-up-changed':
      return told(t.wrapUpChanged(agent, clock(fact.untilMs)));
    case 'wrap-up-ended':
      return told((known(t.wrapUpEnded, fact.by) ?? t.wrapUpEnded.time)(agent));
    case 'shift-changed':
      return told(fact.on ? t.shiftOn(agent) : t.shiftOff(agent));
    case 'device-changed':
      return told(fact.from === 'now' ? t.deviceChanged(agent) : t.deviceChosen(agent));
    case 'login-changed': {
      const text = fact.loggedIn ? t.loggedIn(agent, queue(fact.queueId)) : t.loggedOut(agent, queue(fact.queueId));
      const explanation = told(text, [[known(t.loginBy, fact.by) ?? t.trigger(t.other(fact.by))]]);
      return fact.by === 'unanswered' ? bySetting(explanation, speaker, 'unanswered', fact.queueId) : explanation;
    }
    case 'last-agent-logged-out':
      return told(t.lastLoggedOut(agent, queue(fact.queueId)));
    case 'pause-changed':
      return told(fact.paused ? t.paused(agent) : t.resumed(agent), fact.reason === null ? [] : [[fact.reason]]);
    case 'reachability-changed': {
      const reason = stateReason(fact.reason, language);
      return told(fact.reachable ? t.reached(agent) : t.unreached(agent), reason ? [t.cause(reason)] : []);
    }
    case 'agent-state': {
      const state = known<unknown>(states[language], fact.state);
      const reason = stateReason(fact.reason, language);
      const shown = typeof state === 'string' ? state : t.other(fact.state);
      return { ...told(t.agentState(agent, reason ? `${shown}, ${reason}` : shown)), minor: true };
    }
    default:
      return assertNever(fact);
  }
}

function offerEnded(fact: Extract<Fact, { type: 'offer-ended' }>, speaker: Speaker): Explanation {
  const { t } = speaker;
  const agent = speaker.agent(fact.agentId);
  const sentence = known(t.offerEnded, fact.outcome);
  const more: Part[][] = [];
  // A decline and a missed call are their own causes.
  if (fact.cause !== null && (fact.outcome === 'failed' || !sentence))
    more.push(t.cause(word(t.causes, fact.cause, speaker)));
  const refused = fact.outcome === 'declined' || fact.outcome === 'missed';
  if (refused && fact.unansweredInRow > 0) more.push(t.unanswered(fact.unansweredInRow));
  const explanation = told(sentence?.(agent) ?? t.offerEndedOther(agent, t.other(fact.outcome)), more);
  if (fact.outcome === 'missed') return bySetting(explanation, speaker, 'ringTime', fact.queueId);
  return refused && fact.unansweredInRow > 0
    ? bySetting(explanation, speaker, 'unanswered', fact.queueId)
    : explanation;
}
