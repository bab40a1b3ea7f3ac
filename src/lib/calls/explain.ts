import type { Fact } from '#lib/acd/facts.ts';
import { duration } from '#lib/i18n/format.ts';
import { explainAgent } from './explain-agent.ts';
import { explainOffer } from './explain-offer.ts';
import { explainForward } from './explain-forward.ts';
import { explainVisit } from './explain-visit.ts';
import { bySetting, known, told, word, type Explanation, type Speaker } from './speaker.ts';

/** A fact as sentences. A pure function: the same fact, names and language give the same words. */
export function explain(fact: Fact, speaker: Speaker): Explanation {
  const { t, agent, queue } = speaker;
  switch (fact.type) {
    case 'call-arrived': {
      const dialled = { kind: 'number' as const, id: fact.numberId, name: speaker.number(fact.dialled) };
      const more = fact.withheld ? [[t.withheld]] : fact.caller === null ? [[t.noNumber]] : [];
      return told(t.arrived(dialled, queue(fact.queueId)), more);
    }
    case 'call-finished':
      return finished(fact, speaker);
    case 'announced': {
      const what = word(t.announcements, fact.announcement, speaker);
      const said = fact.failed ? [] : saidIn(fact, speaker);
      return told(fact.failed ? t.announcedNot(what) : t.announced(what), said);
    }
    case 'offered':
      return explainOffer(fact, speaker);
    case 'talk-started':
      return told(t.talkStarted(agent(fact.agentId)));
    case 'talk-ended': {
      const why = fact.lost ? t.talkLost : word(t.talkEndedBy, fact.endedBy, speaker);
      return told(t.talkEnded(agent(fact.agentId), duration(fact.talkedMs / 1_000)), [[why]]);
    }
    case 'held':
      return told(fact.held ? t.held(agent(fact.agentId)) : t.unheld(agent(fact.agentId)));
    case 'hours-changed': {
      const reason = fact.reason === null ? [] : [t.closedBecause(word(t.closedReasons, fact.reason, speaker))];
      const text = fact.open ? t.opened(queue(fact.queueId)) : t.closed(queue(fact.queueId));
      return bySetting(told(text, reason), speaker, 'hours', fact.queueId);
    }
    case 'configured':
      return told(t.configured(fact.name ?? t.other(fact.entity)));
    case 'day-began':
      return told([t.dayBegan]);
    case 'corrected': {
      const sentence = known<string>(t.corrected, fact.code);
      return told(sentence === undefined ? t.correctedOther(t.other(fact.code)) : [sentence]);
    }
    case 'visit-entered':
    case 'visit-ended':
    case 'waits':
    case 'predicted':
    case 'needs-changed':
    case 'place-kept':
    case 'place-taken':
    case 'place-refused':
      return explainVisit(fact, speaker);
    case 'forward-started':
    case 'forward-connected':
    case 'forward-ended':
    case 'forward-stopped':
    case 'call-moved':
    case 'situation-changed':
      return explainForward(fact, speaker);
    case 'offer-ringing':
    case 'offer-rung-anew':
    case 'offer-picked-up':
    case 'offer-ended':
    case 'wrap-up-started':
    case 'wrap-up-changed':
    case 'wrap-up-ended':
    case 'shift-changed':
    case 'device-changed':
    case 'login-changed':
    case 'last-agent-logged-out':
    case 'pause-changed':
    case 'reachability-changed':
    case 'agent-state':
      return explainAgent(fact, speaker);
    default: {
      // Told by a newer engine than this code knows: its kind is all that can be said. A kind of today's does not get here.
      const newer: never = fact;
      return told(t.unknown((newer as { type: string }).type));
    }
  }
}

function saidIn({ place, wait }: Extract<Fact, { type: 'announced' }>, { t }: Speaker): Explanation['more'] {
  return [...(place === undefined ? [] : [[t.announcedPlace(place)]]), ...(wait ? [[t.announcedWait(wait)]] : [])];
}

function finished(fact: Extract<Fact, { type: 'call-finished' }>, speaker: Speaker): Explanation {
  const { t } = speaker;
  if (fact.outcome === null) {
    const sentence = known<string>(t.endedBy, fact.endedBy);
    return told(sentence === undefined ? t.ended(t.other(fact.endedBy)) : [sentence]);
  }
  const sentence = known<string>(t.neverQueued, fact.outcome);
  const reason = fact.reason === null ? [] : [t.closedBecause(word(t.closedReasons, fact.reason, speaker))];
  return told(sentence === undefined ? t.ended(t.other(fact.outcome)) : [sentence], reason);
}
