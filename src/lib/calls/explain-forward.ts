import { assertNever } from '#lib/acd/assert-never.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { duration, money } from '#lib/i18n/format.ts';
import { forwards } from '#lib/i18n/forwards.ts';
import type { Part } from './say.ts';
import { bySetting, known, told, word, type Explanation, type Speaker } from './speaker.ts';

export type ForwardFact = Extract<
  Fact,
  {
    type:
      | 'forward-started'
      | 'forward-connected'
      | 'forward-ended'
      | 'forward-stopped'
      | 'call-moved'
      | 'situation-changed';
  }
>;

/** What became of a caller who was sent on to another number or queue. */
export function explainForward(fact: ForwardFact, speaker: Speaker): Explanation {
  const { t, queue } = speaker;
  const words = forwards[speaker.language];
  const because = (why: string): Part[] => t.closedBecause(word(t.closedReasons, why, speaker));
  const number = (e164: string): Part =>
    e164 === '' ? words.theNumber : { kind: 'number', id: e164, name: speaker.number(e164) };
  switch (fact.type) {
    case 'forward-started': {
      const more = [because(fact.why), ...(fact.showing === 'own' ? [[words.asOwn]] : [])];
      return bySetting(told(words.started(number(fact.to)), more), speaker, 'closing', fact.queueId);
    }
    case 'forward-connected':
      return told(words.connected(words.theNumber));
    case 'forward-ended': {
      const sentence = known(words.ended, fact.outcome)?.(duration((fact.talkedMs ?? 0) / 1_000));
      const more = [
        ...(fact.code === null ? [] : [words.answered(fact.code)]),
        ...(fact.ore > 0 ? [words.cost(money(fact.ore, speaker.language))] : [])
      ];
      return told(sentence ?? words.endedOther(t.other(fact.outcome)), more);
    }
    case 'forward-stopped': {
      const limit = known<string>(words.limits, fact.limit) ?? t.other(fact.limit);
      const more = [[limit], because(fact.why)];
      const sentence = fact.limit === 'talk' ? words.broken : words.stopped;
      return bySetting(told(sentence(number(fact.to)), more), speaker, 'closing', fact.queueId);
    }
    case 'call-moved':
      return bySetting(
        told(words.moved(queue(fact.queueId), queue(fact.toQueueId)), [because(fact.why)]),
        speaker,
        'closing',
        fact.queueId
      );
    case 'situation-changed': {
      const { nobody, full, late } = fact;
      const what = nobody ?? (full ? 'full' : late ? 'late' : 'open');
      const sentence = known(words.situation, what)?.(queue(fact.queueId));
      return bySetting(told(sentence ?? [t.other(what)]), speaker, 'closing', fact.queueId);
    }
    default:
      return assertNever(fact);
  }
}
