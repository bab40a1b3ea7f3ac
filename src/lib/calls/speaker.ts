import type { SkillNeed } from '#lib/acd/configuration.ts';
import type { Language } from '#lib/i18n/language.ts';
import { why } from '#lib/i18n/why.ts';
import type { Part } from './say.ts';

/** One fact in words: what happened, and below it why. */
export interface Explanation {
  text: Part[];
  more: Part[][];
  /** Those who could have been offered the call, in order; null: not an offer, or one of before orders were told. */
  order: OfferOrder | null;
  /** Which setting said so, and of which queue. */
  setting: { text: Part[]; queueId: string; part: QueuePart } | null;
  /** Says from the agent's side what another sentence says of the call. */
  minor: boolean;
}

/** The parts of a queue's page that settings stand in. */
export type QueuePart = 'hours' | 'welcome' | 'waiting' | 'sharing' | 'answer' | 'closing';
const partOf: Record<keyof Words['settings'], QueuePart> = {
  distribution: 'sharing',
  needs: 'sharing',
  priority: 'sharing',
  place: 'sharing',
  unanswered: 'answer',
  ringTime: 'answer',
  wrapUp: 'answer',
  hours: 'hours',
  announcements: 'waiting',
  closing: 'closing'
};

export interface OfferOrder {
  /** Best first; the first one was offered the call. Each with what put them there. */
  agents: { agent: Part; because: string[] }[];
  /** Further ones who were free and able. */
  others: number;
}

/** What sentences are written with. */
export interface Speech {
  language: Language;
  /** null: nobody knows it any more. */
  name: (kind: 'agent' | 'queue' | 'skill', id: string) => string | null;
  /** Epoch ms as a time of day with seconds, in the organization's zone. */
  clock: (atMs: number) => string;
  /** E.164 as the organization writes it. */
  number: (e164: string) => string;
}

export type Words = (typeof why)[Language];

/** The same, with what all sentences need at hand. */
export interface Speaker extends Speech {
  t: Words;
  agent: (id: string) => Part;
  queue: (id: string) => Part;
  needs: (needs: SkillNeed[]) => Part[];
}

export function createSpeaker(speech: Speech): Speaker {
  const t = why[speech.language];
  const named = (kind: 'agent' | 'queue' | 'skill', id: string, unknown: string): Part => {
    const name = speech.name(kind, id);
    return name === null ? unknown : { kind, id, name };
  };
  return {
    ...speech,
    t,
    agent: (id) => named('agent', id, t.someone),
    queue: (id) => named('queue', id, t.aQueue),
    needs: (needs) => t.list(needs.map(({ skillId, level }) => t.need(named('skill', skillId, t.aSkill), level)))
  };
}

export function told(text: Part[], more: Part[][] = []): Explanation {
  return { text, more, order: null, setting: null, minor: false };
}

/** Names the setting behind an explanation. */
export function bySetting(
  explanation: Explanation,
  { t, queue }: Speaker,
  which: keyof Words['settings'],
  queueId: string
): Explanation {
  return { ...explanation, setting: { text: t.settings[which](queue(queueId)), queueId, part: partOf[which] } };
}

/** What a list has for a code; undefined for a code that it does not know. */
export function known<Word>(words: Record<string, Word>, code: string): Word | undefined {
  return Object.hasOwn(words, code) ? words[code] : undefined;
}

/** The word for a code; the code itself where there is none. */
export function word(words: Record<string, string>, code: string, { t }: Speaker): string {
  return known(words, code) ?? t.other(code);
}
