import type { TrunkSettings } from '#lib/acd/configuration.ts';
import type { Behaviour } from '../../pbx/carrier/telephones.ts';
import { outsideTone } from './sounds.ts';
import type { PeerBehaviour } from './sip-rig/peer.ts';

/** What becomes of a caller who is sent on: the other number has them, or their queue, after so much was tried. */
export interface Outcome {
  reached: boolean;
  /** What the network said to the call out; null: nothing, or 200. */
  code: number | null;
  /** From the INVITE to the other number to when it is answered or given up, at least and at most. */
  afterMs: [least: number, most: number];
}
interface Profile {
  outcome: Outcome;
  /** By the carrier that Asterisk plays; or by the one in SIP alone. */
  telephone?: Behaviour;
  peer?: PeerBehaviour;
  trunk?: Partial<TrunkSettings>;
}

/** Rings so long at the other number; from its ringing on. */
export const ringSeconds = 8;
/** One that says nothing is waited for 15 s longer. */
const silentMs = 15_000;

const soon: Outcome['afterMs'] = [0, 4_000];
const taken = { reached: true, code: null };
const back = (code: number): Outcome => ({ reached: false, code, afterMs: soon });

/** Carriers as they are: how each behaves, and what a forward makes of it. */
export const profiles: Record<string, Profile> = {
  'rings and answers': { telephone: { answerAfterMs: 300 }, outcome: { ...taken, afterMs: soon } },
  '6 s before ringing': {
    telephone: { silentMs: 6_000, answerAfterMs: 4_000 },
    outcome: { ...taken, afterMs: [9_500, 14_000] }
  },
  'early audio (183 with SDP)': {
    telephone: { before: 'progress', answerAfterMs: 6_500 },
    outcome: { ...taken, afterMs: [6_000, 10_000] }
  },
  '183 without SDP': {
    peer: { before: [{ status: '183 Session Progress', afterMs: 100 }], answerAfterMs: 9_000, hz: outsideTone },
    outcome: { ...taken, afterMs: [8_500, 13_000] }
  },
  'says nothing before the answer': {
    peer: { answerAfterMs: 1_000, hz: outsideTone },
    outcome: { ...taken, afterMs: [900, 5_000] }
  },
  'takes no P-Asserted-Identity': {
    peer: { before: [{ status: '180 Ringing', afterMs: 50 }], answerAfterMs: 300, hz: outsideTone },
    trunk: { asserted: false },
    outcome: { ...taken, afterMs: soon }
  },
  'voicemail that answers at 25 s': {
    telephone: { answerAfterMs: 25_000 },
    outcome: { reached: false, code: null, afterMs: [7_500, 12_000] }
  },
  'never says anything': {
    peer: {},
    outcome: { reached: false, code: null, afterMs: [silentMs, silentMs + ringSeconds * 1_000 + 4_000] }
  },
  'answer crosses the CANCEL': {
    peer: { before: [{ status: '180 Ringing', afterMs: 50 }], answersWhenCancelled: true, hz: outsideTone },
    outcome: { reached: false, code: null, afterMs: [7_500, 12_000] }
  },
  'no such number (404)': { telephone: { refuse: 1 }, outcome: back(404) },
  'not there (480)': { telephone: { refuse: 20 }, outcome: back(480) },
  'busy (486)': { telephone: { refuse: 17 }, outcome: back(486) },
  'cannot just now (503)': { telephone: { refuse: 34 }, outcome: back(503) },
  'takes no foreign numbers (403)': {
    telephone: { takesOnly: '+46846', answerAfterMs: 300 },
    outcome: { ...taken, afterMs: soon }
  },
  'takes no number at all (403 twice)': { telephone: { refuse: 21 }, outcome: back(403) }
};
