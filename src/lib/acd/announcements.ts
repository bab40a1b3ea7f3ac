import { assertNever } from './assert-never.ts';
import type { AnnouncementSetting, ClosingReason, QueueValue } from './configuration.ts';
import type { ClosedReason } from './events.ts';
import { id } from './ids.ts';
import { configured } from './indexes.ts';
import { placeOf } from './pools.ts';
import { predict } from './pace.ts';
import { mostSpoken, sayNumber, sayWait, type SpokenWait } from './speech.ts';
import type { Announcement, Call, Visit } from './state.ts';
import { newId, putCall, putVisit, schedule, send, tell, toMatch, unschedule } from './turn.ts';
import type { Turn } from './turn.ts';
import { mayBeSaid, wordsFor } from './waiting-time.ts';
import { writeTag } from './write-tag.ts';

/** An announcement whose end is never told is taken for ended after this; of those that come with the product a long one is 60 s. */
const playLimitMs = 90_000;
/** An organization's own may be as long as may be imported (5 min), with a place or a waiting time spoken after it. */
export const ownPlayLimitMs = 330_000;
const limitOf = (media: string[]) => (media.some((name) => name.startsWith('own-')) ? ownPlayLimitMs : playLimitMs);
/** What a caller hears whose agent was lost. Comes with the product, not with a queue. */
export const reconnectingMedia = 'reconnecting';
/**
 * How often it is looked whether a place has changed (P8). Looked at rather than told to everybody at each change, which
 * would cost an event as much as the queue is long; and nobody wants to hear each of ten places in ten seconds.
 */
export const positionCheckMs = 10_000;

/** What an announcement says now: its media in order, and the place or the waiting time if that is what it tells. */
export interface Wording {
  media: string[];
  place?: number;
  wait?: SpokenWait;
}

/** null: nothing is to be played for it now. What must be heard is not begun while an agent rings, who might answer into it. */
export function wordingOf(turn: Turn, call: Call, kind: Announcement): Wording | null {
  if (mustBeHeard(turn, call, kind) && (visitOf(turn, call)?.offers.length ?? 0) > 0) return null;
  if (kind === 'position') return positionOf(turn, call);
  if (kind === 'waiting-time') return waitingTimeOf(turn, call);
  const setting = settingOf(turn, call, kind);
  return setting && { media: [setting.media] };
}

/** Whether agents are not rung while it plays (rule 8). What comes before the queue is waited for by the journey itself. */
function mustBeHeard(turn: Turn, call: Call, kind: Announcement): boolean {
  const queue = call.phase === 'waiting' ? configured(turn.state, 'queue', call.queueId) : null;
  switch (kind) {
    case 'repeated':
    case 'position':
      return queue?.[kind]?.mustBeHeard ?? false;
    case 'waiting-time':
      return queue?.waitingTime?.mustBeHeard ?? false;
    default:
      return false;
  }
}

function visitOf(turn: Turn, call: Call): Visit | undefined {
  return call.visitId === null ? undefined : turn.state.visit.get(call.visitId);
}

function settingOf(
  turn: Turn,
  call: Call,
  kind: Exclude<Announcement, 'position' | 'waiting-time'>
): Pick<AnnouncementSetting, 'media'> | null {
  const queue = configured(turn.state, 'queue', call.queueId);
  switch (kind) {
    case 'reconnecting':
      return { media: reconnectingMedia };
    case 'closed':
      // Who was to be forwarded in vain may be told so, though the queue has no words for that reason.
      return queue && (closedAnnouncement(queue, call.reason) ?? queue.closed);
    case 'welcome':
    case 'first':
    case 'repeated':
      return queue?.[kind] ?? null;
    default:
      return assertNever(kind);
  }
}

/**
 * P4: by reason, else the one for all; null: nothing is said. Refused by the situation is busy, before answer, unless there
 * are words for it (P10).
 */
export function closedAnnouncement(queue: QueueValue, reason: ClosedReason | null): AnnouncementSetting | null {
  if (reason === 'situation') return queue.closedBy.situation ?? null;
  const own = reason !== null && isClosing(reason) ? queue.closedBy[reason] : undefined;
  return own === undefined ? queue.closed : own;
}

const isClosing = (reason: ClosedReason): reason is ClosingReason =>
  reason !== 'full' && reason !== 'nobody' && reason !== 'unreachable';

/**
 * P8: the place, when it has become better, and again after a while. Never one worse than was said: who had place 2 and
 * is overtaken by a call of a higher class hears nothing of it, rather than what is not so.
 */
function positionOf(turn: Turn, call: Call): Wording | null {
  const queue = configured(turn.state, 'queue', call.queueId);
  const visit = visitOf(turn, call);
  if (!queue?.position || !visit) return null;
  const place = placeOf(turn.indexes, visit);
  const { saidPlace } = visit;
  if (place > Math.min(queue.positionMost, mostSpoken)) return null;
  if (saidPlace && place > saidPlace.place) return null;
  const again = saidPlace && turn.nowMs >= saidPlace.atMs + queue.positionEverySeconds * 1_000;
  if (place === saidPlace?.place && !again) return null;
  return { media: [queue.position.media, ...sayNumber(place, call.language)], place };
}

/** P9: silent with too little to go by, and when it would be longer than what was said, or the same again. */
function waitingTimeOf(turn: Turn, call: Call): Wording | null {
  const queue = configured(turn.state, 'queue', call.queueId);
  const visit = visitOf(turn, call);
  // Who is being rung for will not wait.
  if (!queue?.waitingTime || !visit || visit.offers.length > 0) return null;
  const prediction = predict(turn, visit);
  const wait = prediction && wordsFor(prediction);
  if (!wait || !mayBeSaid(wait, visit.saidWait)) return null;
  return { media: [queue.waitingTime.media, ...sayWait(wait, call.language)], wait };
}

export function play(turn: Turn, call: Call, kind: Announcement, { media, place, wait }: Wording): void {
  const playId = id.play(newId(turn, 'p'));
  call.playing = { playId, announcement: kind, media, ...said(place, wait) };
  putCall(turn, call);
  noteSaid(turn, call, place, wait);
  if (mustBeHeard(turn, call, kind)) hear(turn, call, true);
  send(turn, { type: 'play', callId: call.id, playId, media, language: call.language });
  schedule(turn, `play:${call.id}`, turn.nowMs + limitOf(media));
}

const said = (place: number | undefined, wait: SpokenWait | undefined) => ({
  ...(place === undefined ? {} : { place }),
  ...(wait === undefined ? {} : { wait })
});

/** From its beginning on it counts as said: a caller who hears half of it must not hear a worse one later. */
function noteSaid(turn: Turn, call: Call, place: number | undefined, wait: SpokenWait | undefined): void {
  const visit = visitOf(turn, call);
  if (!visit || (place === undefined && wait === undefined)) return;
  const isNew = place !== visit.saidPlace?.place || wait !== undefined;
  if (place !== undefined) visit.saidPlace = { place, atMs: turn.nowMs };
  if (wait !== undefined) visit.saidWait = wait;
  putVisit(turn, visit);
  if (isNew) writeTag(turn, call, visit, null);
}

/** A visit leaves the open ones while something must be heard, and comes back in the place it had. */
function hear(turn: Turn, call: Call, hears: boolean): void {
  const visit = visitOf(turn, call);
  if (!visit || visit.hears === hears) return;
  visit.hears = hears;
  putVisit(turn, visit);
  if (hears) return;
  toMatch(turn, visit.queueId, 'announcement-heard');
  turn.toExplain.set(visit.id, 'announcement-heard');
}

/** The announcement is over, cut short or failed: told, and nothing plays any more. */
export function endPlay(turn: Turn, call: Call, failed: boolean): void {
  if (call.playing === null) return;
  const { announcement, media, place, wait } = call.playing;
  call.playing = null;
  putCall(turn, call);
  unschedule(turn, `play:${call.id}`);
  hear(turn, call, false);
  tell(turn, call.organizationId, {
    type: 'announced',
    callId: call.id,
    visitId: call.visitId,
    announcement,
    media: media[0] ?? '',
    failed,
    ...said(place, wait)
  });
}

/** The next of those that come again, from when nothing plays any more; one that is already to come stays. */
export function scheduleRepeats(turn: Turn, call: Call): void {
  const queue = configured(turn.state, 'queue', call.queueId);
  const after = (kind: string, ms: number) => {
    const key = `${kind}:${call.id}`;
    if (!turn.state.deadline.has(key)) schedule(turn, key, turn.nowMs + ms);
  };
  if (queue?.repeated) after('repeat', queue.repeatEverySeconds * 1_000);
  if (queue?.position) after('position', positionCheckMs);
  if (queue?.waitingTime) after('waiting-time', queue.waitingTimeEverySeconds * 1_000);
}

/** Nothing more is due for the caller's ear. */
export function quiet(turn: Turn, call: Call): void {
  for (const kind of ['play', 'repeat', 'position', 'waiting-time']) unschedule(turn, `${kind}:${call.id}`);
}
