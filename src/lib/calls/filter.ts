/** Which calls a list shows: its address and its query are made from this, and each figure leads to one. Pure. */
export interface CallFilter {
  range: CallRange;
  queueId: string | null;
  /** Who answered; with `missed` and `declined` who did that. */
  agentId: string | null;
  show: CallShow | null;
  /** The last digits of the caller's number, at least `digitsLeast`. */
  digits: string | null;
}

/** `today`, the last seven days with today, or days of the organization's calendar, both included (`2026-03-12`). */
export type CallRange = 'today' | 'week' | { from: string; to: string };

/**
 * What became of them. `not-queued` never entered a queue; `other` left it neither answered nor abandoned; `counted` is
 * what the service level divides by, `late` those of them that count against it; `missed` and `declined` rang for somebody
 * who did not take them, whatever became of them then. `waiting` and `talking` are of this moment, whatever the range.
 */
export const callShows = [
  'answered',
  'abandoned',
  'other',
  'not-queued',
  'missed',
  'declined',
  'waiting',
  'talking',
  'counted',
  'late'
] as const;
export type CallShow = (typeof callShows)[number];

export const digitsLeast = 3;
/** Days in a range at most: the list is for looking at calls, not for statistics. */
export const daysMost = 31;

export const allCalls: CallFilter = { range: 'today', queueId: null, agentId: null, show: null, digits: null };

/** Reads an address that anybody may have written: what makes no sense is left out. */
export function readFilter(query: URLSearchParams): CallFilter {
  const show = query.get('show');
  const digits = (query.get('number') ?? '').replace(/\D/g, '').slice(-15);
  return {
    range: readRange(query),
    queueId: idOf(query.get('queue')),
    agentId: idOf(query.get('agent')),
    show: callShows.find((one) => one === show) ?? null,
    digits: digits.length >= digitsLeast ? digits : null
  };
}

function readRange(query: URLSearchParams): CallRange {
  if (query.get('range') === 'week') return 'week';
  const from = dayOf(query.get('from'));
  const to = dayOf(query.get('to'));
  if (query.get('range') !== 'days' || (!from && !to)) return 'today';
  const [one, other] = [from ?? to ?? '', to ?? from ?? ''];
  return one <= other ? { from: one, to: other } : { from: other, to: one };
}

const idOf = (text: string | null) => (text && text.length <= 64 && /^[\w-]+$/.test(text) ? text : null);

function dayOf(text: string | null): string | null {
  // Years that a database has for certain.
  if (!text || !/^(19[7-9]|2\d\d)\d-\d{2}-\d{2}$/.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? null : text;
}

/** The address of the list. */
export function callsHref(filter: Partial<CallFilter>, after: string | null = null): string {
  const { range, queueId, agentId, show, digits } = { ...allCalls, ...filter };
  const query = new URLSearchParams();
  if (range === 'week') query.set('range', 'week');
  else if (range !== 'today') {
    query.set('range', 'days');
    query.set('from', range.from);
    query.set('to', range.to);
  }
  if (queueId) query.set('queue', queueId);
  if (agentId) query.set('agent', agentId);
  if (show) query.set('show', show);
  if (digits) query.set('number', digits);
  if (after) query.set('after', after);
  return query.size > 0 ? `/calls?${query}` : '/calls';
}
