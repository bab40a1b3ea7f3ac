import { assertNever } from '#lib/acd/assert-never.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { duration } from '#lib/i18n/format.ts';
import type { Part } from './say.ts';
import { bySetting, known, told, type Explanation, type Speaker } from './speaker.ts';

export type VisitFact = Extract<
  Fact,
  {
    type:
      | 'visit-entered'
      | 'visit-ended'
      | 'waits'
      | 'predicted'
      | 'needs-changed'
      | 'place-kept'
      | 'place-taken'
      | 'place-refused';
  }
>;

/** What happened to a caller's stay in a queue: in, out, and what it waits for. */
export function explainVisit(fact: VisitFact, speaker: Speaker): Explanation {
  const { t, agent, queue, clock } = speaker;
  switch (fact.type) {
    case 'visit-entered':
      return entered(fact, speaker);
    case 'visit-ended': {
      const wait = duration(fact.waitedMs / 1_000);
      if (fact.outcome === 'answered') return told(t.visitAnswered(agent(fact.agentId ?? ''), wait));
      const sentence = known(t.visitEnded, fact.outcome);
      if (sentence) return told(sentence(queue(fact.queueId), wait));
      return told(t.visitEndedOther(queue(fact.queueId), wait, t.other(fact.outcome)));
    }
    case 'waits':
      return waits(fact, speaker);
    case 'predicted': {
      const text = t.predicted(duration(fact.lowMs / 1_000), duration(fact.highMs / 1_000));
      return told(text, [[t.predictedFrom(fact.place, fact.agents)]]);
    }
    case 'needs-changed': {
      const wait = duration(fact.waitedMs / 1_000);
      const text = fact.needs.length > 0 ? t.needsNow(wait, speaker.needs(fact.needs)) : t.needsNone(wait);
      return bySetting(told(text), speaker, 'needs', fact.queueId);
    }
    case 'place-kept':
      return bySetting(told(t.placeKept(clock(fact.untilMs))), speaker, 'place', fact.queueId);
    case 'place-taken':
      return bySetting(told(t.placeTaken(duration(fact.creditSeconds))), speaker, 'place', fact.queueId);
    case 'place-refused': {
      const sentence = known<string>(t.placeRefused, fact.reason);
      const text = sentence ? [sentence] : t.placeRefusedOther(t.other(fact.reason));
      return bySetting(told(text), speaker, 'place', fact.queueId);
    }
    default:
      return assertNever(fact);
  }
}

function entered(fact: Extract<Fact, { type: 'visit-entered' }>, speaker: Speaker): Explanation {
  const { t, queue, clock } = speaker;
  const sentence = known(t.entered, fact.because);
  const text = sentence?.(queue(fact.queueId)) ?? t.enteredOther(queue(fact.queueId), t.other(fact.because));
  const more: Part[][] = [];
  // One that lost its agent goes first by itself, not by a setting.
  const preferred = fact.because === 'call' && (fact.strict || fact.creditSeconds > 0);
  const setting = fact.placeKept ? 'place' : 'priority';
  if (fact.strict) more.push([t.strict]);
  if (fact.creditSeconds > 0) more.push(t.credit(duration(fact.creditSeconds)));
  if (Math.abs(fact.queuedAtMs - fact.atMs) >= 1_000) more.push(t.queuedSince(clock(fact.queuedAtMs)));
  return preferred ? bySetting(told(text, more), speaker, setting, fact.queueId) : told(text, more);
}

function waits(fact: Extract<Fact, { type: 'waits' }>, speaker: Speaker): Explanation {
  const { t } = speaker;
  const inOrder = Object.keys({ ...t.crowdStates, ...fact.able }) as (keyof typeof fact.able)[];
  const counts = inOrder
    .filter((state) => fact.able[state] > 0)
    .map((state) => known(t.crowdStates, state)?.(fact.able[state]) ?? t.crowdOther(fact.able[state], state));
  const more: Part[][] = [];
  if (counts.length > 0) more.push(t.crowd(counts.join(', ')));
  else more.push([fact.unskilled > 0 ? t.crowdNone : t.nobody]);
  if (fact.unskilled > 0) more.push(t.unskilled(fact.unskilled, speaker.needs(fact.needs)));
  if (fact.heldOff.length > 0) more.push(t.heldBack(t.list(fact.heldOff.map((agentId) => [speaker.agent(agentId)]))));
  if (fact.needs.length > 0 && fact.unskilled === 0) more.push(t.needs(speaker.needs(fact.needs)));
  more.push(t.place(fact.place));
  const explanation = told([t.waits], more);
  return fact.needs.length > 0 ? bySetting(explanation, speaker, 'needs', fact.queueId) : explanation;
}
