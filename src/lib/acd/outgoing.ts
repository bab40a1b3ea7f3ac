import type { OutgoingLimits, TrunkSettings } from './configuration.ts';
import type { FactBody, StoppedBy } from './facts.ts';
import type { OrganizationId, QueueId } from './ids.ts';
import { configured } from './indexes.ts';
import type { Call, Forward, Outgoing } from './state.ts';
import { tell } from './turn.ts';
import type { Turn } from './turn.ts';
import { plainLimits, plainTrunk } from './upgrade.ts';

const minuteMs = 60_000;
/** So often within a minute one caller is forwarded to one number: more is a loop. */
export const mostAgain = 3;
/** From queue to queue by their forwards: more is a loop. */
export const mostHops = 5;
/** Callers remembered for a minute: of more calls than this the limit per minute stops most anyway. */
const mostCallers = 1_000;
/** Asked again after a day: trunks change. */
const ownNumberForMs = 86_400_000;

/** A typed number and nothing else: what is dialled goes into a dial string of the PBX (E7). */
export function isDialable(number: string): boolean {
  return /^(\+[1-9][0-9]{6,14}|[1-9][0-9]{2,5})$/.test(number);
}

/** The rule of the longest prefix that fits; `barred` wins over `allowed` of the same length. */
export function mayBegin(limits: OutgoingLimits, number: string): boolean {
  const longest = (prefixes: string[]) =>
    Math.max(-1, ...prefixes.filter((prefix) => number.startsWith(prefix)).map((prefix) => prefix.length));
  return longest(limits.allowed) > longest(limits.barred);
}

/** E7: null: the call may be made, and counts from now on; else which limit it would break. */
export function takeLeave(turn: Turn, call: Call, to: string): StoppedBy | null {
  const limits = limitsOf(turn, call.organizationId);
  if (!isDialable(to)) return 'number';
  if (!mayBegin(limits, to)) return 'prefix';
  const spent = spentBy(turn, call.organizationId);
  const lately = turn.nowMs - minuteMs;
  const atMs = spent.atMs.filter((ms) => ms > lately);
  const callers = spent.callers.filter((one) => one.atMs > lately);
  // Of those without a number nobody can tell that they are the same.
  const key = call.caller.token === null ? null : `${call.caller.token} ${to}`;
  if (key !== null && callers.filter((one) => one.key === key).length >= mostAgain) return 'again';
  if (atMs.length >= limits.callsPerMinute) return 'per-minute';
  if (spent.ore + runningOre(turn, call.organizationId) >= limits.dayMostOre) return 'cost';
  if (key !== null) callers.push({ key, atMs: turn.nowMs });
  put(turn, { ...spent, atMs: [...atMs, turn.nowMs], callers: callers.slice(-mostCallers) });
  return null;
}

/** E7: once more for a call that has leave, with our number: a call out like any other, but no loop. As `takeLeave`. */
export function takeLeaveAgain(turn: Turn, organizationId: OrganizationId): StoppedBy | null {
  const limits = limitsOf(turn, organizationId);
  const spent = spentBy(turn, organizationId);
  const atMs = spent.atMs.filter((ms) => ms > turn.nowMs - minuteMs);
  if (atMs.length >= limits.callsPerMinute) return 'per-minute';
  if (spent.ore + runningOre(turn, organizationId) >= limits.dayMostOre) return 'cost';
  put(turn, { ...spent, atMs: [...atMs, turn.nowMs] });
  return null;
}

/**
 * E7, of the mobile of one of their own people (P16): a call out like any other, but the same caller may come to it
 * again and again. As `takeLeave`.
 */
export function takeLeaveForMobile(turn: Turn, organizationId: OrganizationId, to: string): StoppedBy | null {
  if (!isDialable(to)) return 'number';
  if (!mayBegin(limitsOf(turn, organizationId), to)) return 'prefix';
  return takeLeaveAgain(turn, organizationId);
}

/** E5: whether the organization's trunk takes no caller's own number, as far as is known. */
export function presentsOwn(turn: Turn, organizationId: OrganizationId): boolean {
  if (!trunkOf(turn, organizationId).takesForeign) return true;
  return (spentBy(turn, organizationId).ownNumberUntilMs ?? 0) > turn.nowMs;
}

/**
 * The trunk has taken our number where it refused the caller's: from now on ours at once. Not learnt from the refusal,
 * which may be about the called number.
 */
export function learnOwnNumber(turn: Turn, forward: Forward): void {
  const { organizationId, showing } = forward;
  if (showing !== 'own' || presentsOwn(turn, organizationId)) return;
  put(turn, { ...spentBy(turn, organizationId), ownNumberUntilMs: turn.nowMs + ownNumberForMs });
}

/** How long a call out may be talked on, in ms. */
export function talkMostMs(turn: Turn, organizationId: OrganizationId): number {
  return limitsOf(turn, organizationId).talkMostMinutes * minuteMs;
}

/** What a talk has cost, in öre; it is added to the day's. */
export function payFor(turn: Turn, leg: Paid, talkedMs: number): number {
  const ore = costOf(turn, leg, talkedMs);
  const spent = spentBy(turn, leg.organizationId);
  put(turn, { ...spent, ore: spent.ore + ore });
  return ore;
}

type Paid = Pick<Forward, 'organizationId' | 'to'>;

function costOf(turn: Turn, { organizationId, to }: Paid, talkedMs: number): number {
  const { prices } = limitsOf(turn, organizationId);
  const fitting = prices
    .filter(({ prefix }) => to.startsWith(prefix))
    .toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
  const perMinute = fitting?.orePerMinute ?? Math.max(0, ...prices.map(({ orePerMinute }) => orePerMinute));
  return Math.ceil(talkedMs / minuteMs) * perMinute;
}

/**
 * What the calls out that are not over will have cost at least: one that rings, a minute. Without them any number of
 * calls would pass beneath the limit of the day, as long as none of them ends. No more than the PBX can hold.
 */
function runningOre(turn: Turn, organizationId: OrganizationId): number {
  let ore = 0;
  for (const forward of turn.state.forward.values()) {
    if (forward.organizationId !== organizationId || forward.phase === 'ending') continue;
    ore += costOf(turn, forward, Math.max(1, turn.nowMs - (forward.talkSinceMs ?? turn.nowMs)));
  }
  for (const { organizationId: whose, mobile } of turn.state.offer.values()) {
    if (whose !== organizationId || mobile === null) continue;
    ore += costOf(
      turn,
      { organizationId, to: mobile.to },
      Math.max(1, turn.nowMs - (mobile.pickedUpAtMs ?? turn.nowMs))
    );
  }
  return ore;
}

/** A limit has kept a call from being made: told, and kept for whoever watches. */
export function tellStopped(
  turn: Turn,
  {
    organizationId,
    ...about
  }: { organizationId: OrganizationId } & Omit<Extract<FactBody, { type: 'forward-stopped' }>, 'type'>
): void {
  const spent = spentBy(turn, organizationId);
  const { queueId, limit } = about;
  const others = spent.stopped.filter((one) => one.queueId !== queueId);
  put(turn, { ...spent, stopped: [...others, { queueId, limit, atMs: turn.nowMs }] });
  tell(turn, organizationId, { type: 'forward-stopped', ...about });
}

/** Its queue is gone. */
export function forgetStopped(turn: Turn, queueId: QueueId): void {
  for (const spent of turn.state.outgoing.values())
    if (spent.stopped.some((one) => one.queueId === queueId))
      put(turn, { ...spent, stopped: spent.stopped.filter((one) => one.queueId !== queueId) });
}

export function trunkOf(turn: Turn, organizationId: OrganizationId): TrunkSettings {
  return configured(turn.state, 'organization', organizationId)?.trunk ?? plainTrunk;
}

function limitsOf(turn: Turn, organizationId: OrganizationId): OutgoingLimits {
  return configured(turn.state, 'organization', organizationId)?.outgoing ?? plainLimits;
}

function spentBy(turn: Turn, organizationId: OrganizationId): Outgoing {
  const dayMs = turn.state.day.get(organizationId)?.startMs ?? 0;
  const known = turn.state.outgoing.get(organizationId);
  if (!known)
    return { v: 2, id: organizationId, atMs: [], dayMs, ore: 0, callers: [], stopped: [], ownNumberUntilMs: null };
  if (known.dayMs === dayMs) return known;
  return { ...known, dayMs, ore: 0 };
}

function put(turn: Turn, spent: Outgoing): void {
  turn.state.outgoing.set(spent.id, spent);
  turn.changed.add(`outgoing:${spent.id}`);
}
