import { setTimeout as rest } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { id } from '#lib/acd/ids.ts';
import type { EntityKey } from '#lib/acd/state.ts';
import { foldDay, setTimeZone } from '#lib/live/day.ts';
import type { Day } from '#lib/live/live-state.ts';
import { createProjection, type Projection } from '#lib/live/project.ts';
import {
  endOfStream,
  factsBetween,
  isAfter,
  isWhole,
  placedFact,
  position,
  start,
  streamId,
  type PlacedFact,
  type Position
} from '#lib/server/cell/facts-stream.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { createShared } from './shared.ts';

export interface LiveFeed {
  /** The view of one organization, kept up to date as long as somebody holds it. `changed` is called after each batch of its facts. */
  open(organizationId: string, timeZone: string, changed: () => void): Promise<OpenView>;
  close(): void;
}

export interface OpenView {
  projection(): Projection;
  /** What the view has folded: a fact at or below it is in. */
  position(): Position;
  close(): void;
}

interface Organization {
  id: string;
  timeZone: string;
  projection: Projection;
  /** Facts at or below it are in. */
  at: Position;
  listeners: Set<() => void>;
}

export interface FeedOptions {
  redis: string;
  cell: number;
  nowMs: () => number;
  /** Whether views get what the stream gets. */
  following: (is: boolean) => void;
  /** The day as history has it, for a view that begins. */
  history: (organizationId: string, timeZone: string) => Promise<DayAt>;
  onError: (error: unknown) => void;
}

/** A day with all facts at or below a place. */
export interface DayAt {
  day: Day;
  at: Position;
}

/** Facts read from the stream and kept for a view that is being made at that moment. */
const recentMost = 5_000;
const readMost = 2_000;
const blockMs = 2_000;
/** A read for each commit would cost Redis and us more than the facts: so long the next gather; longer while nobody looks. */
const gatherMs = 10;
const idleGatherMs = 100;
const retryMs = 200;
const mostRetryMs = 5_000;
/** History goes on while it is read; more often than this it does not overtake us. */
const readAttempts = 3;
/** The day turns by itself so long after midnight: its last facts are in by then. */
const midnightGraceMs = 2_000;

/**
 * Follows a cell's facts once for all pages of this process: state and the stream's end are read in one step, facts are
 * folded from there; a gap, a reconnect or a trimmed stream means reading it all again (design.md, *Live*). Today's
 * figures come from history and from what the stream has beyond it.
 */
export function createLiveFeed(options: FeedOptions): LiveFeed {
  const keys = cellKeys(options.cell);
  const reader = new Redis(options.redis, { maxRetriesPerRequest: null, lazyConnect: false });
  const asker = new Redis(options.redis, { maxRetriesPerRequest: 1, connectTimeout: 1_000 });
  const organizations = createShared<Organization>(() => undefined);
  let recent: PlacedFact[] = [];
  let last = start;
  let closed = false;
  for (const client of [reader, asker]) client.on('error', (error) => options.onError(error));

  async function follow(): Promise<void> {
    while (!closed) {
      const answer = await reader.xread('COUNT', readMost, 'BLOCK', blockMs, 'STREAMS', keys.facts, streamId(last));
      const batch = (answer?.[0]?.[1] ?? []).map(placedFact);
      const [first] = batch;
      if (!first) continue;
      if (!isNext(last, first.at) && !(await isWhole(asker, keys.facts, last)))
        throw new Error(`gap: the stream no longer has what came after ${streamId(last)}`);
      await take(batch);
      if (batch.length < readMost) await rest(organizations.values().length === 0 ? idleGatherMs : gatherMs);
    }
  }

  async function take(batch: PlacedFact[]): Promise<void> {
    last = batch.at(-1)?.at ?? last;
    recent = [...recent, ...batch].slice(-recentMost);
    for (const opened of organizations.values()) {
      const organization = await opened.catch(() => null);
      if (organization && fold(organization, batch)) for (const listener of organization.listeners) listener();
    }
  }

  function fold(organization: Organization, batch: PlacedFact[]): boolean {
    const own = batch.filter(({ at, fact }) => fact.organizationId === organization.id && isAfter(at, organization.at));
    // Never back: the state may be ahead of the follower, and what it holds would count twice.
    const end = batch.at(-1)?.at;
    if (end && isAfter(end, organization.at)) organization.at = end;
    if (own.length === 0) return false;
    organization.projection.apply(own.map(({ fact }) => fact));
    return true;
  }

  /** `known`: where a view stood, so that only what it missed is read. */
  async function read(organizationId: string, timeZone: string, known: DayAt | null): Promise<Organization> {
    for (let attempt = 1; ; attempt += 1) {
      const { day, at } = (attempt === 1 && known) || (await options.history(organizationId, timeZone));
      setTimeZone(day, timeZone, options.nowMs());
      // One step: nothing can be committed between the state and the end of the stream.
      const replies = await asker.multi().hgetall(keys.state).xrevrange(keys.facts, '+', '-', 'COUNT', 1).exec();
      const state = replies?.[0]?.[1] as Record<string, string>;
      const end = (replies?.[1]?.[1] as [string, string[]][] | undefined)?.[0]?.[0];
      const to = end ? position(end) : start;
      for await (const page of factsBetween(asker, keys.facts, at, to))
        for (const { fact } of page) if (fact.organizationId === organizationId) foldDay(day, fact);
      const whole = await isWhole(asker, keys.facts, at);
      if (!whole && attempt < readAttempts) continue;
      // Said rather than hidden: the stream had to let go of facts before history had them.
      if (!whole) options.onError(new Error(`facts-lost: figures lack what came after ${streamId(at)}`));
      const entities = Object.entries(state) as [EntityKey, string][];
      const projection = createProjection({ organizationId: id.organization(organizationId), entities, day });
      const organization: Organization = { id: organizationId, timeZone, projection, at: to, listeners: new Set() };
      // What the follower has read meanwhile.
      fold(
        organization,
        recent.filter((entry) => isAfter(entry.at, to))
      );
      return organization;
    }
  }

  const keepFollowing = async () => {
    let pauseMs = retryMs;
    for (let again = false; !closed; again = true) {
      try {
        last = await endOfStream(reader, keys.facts);
        // What views missed meanwhile is read; what comes from here on is followed.
        if (again) for (const opened of organizations.values()) await catchUp(opened);
        options.following(true);
        pauseMs = retryMs;
        await follow();
      } catch (error) {
        if (closed) return;
        options.onError(error);
        options.following(false);
        await rest(pauseMs);
        pauseMs = Math.min(pauseMs * 2, mostRetryMs);
      }
    }
  };

  async function catchUp(opened: Promise<Organization>): Promise<void> {
    const old = await opened.catch(() => null);
    if (!old || closed) return;
    // A copy: should it fail under way, the next attempt begins from the same.
    const known = { day: structuredClone(old.projection.day), at: old.at };
    const fresh = await read(old.id, old.timeZone, known);
    Object.assign(old, fresh, { listeners: old.listeners });
    for (const listener of old.listeners) listener();
  }
  void keepFollowing();

  return {
    async open(organizationId, timeZone, changed) {
      const share = organizations.hold(organizationId, () => read(organizationId, timeZone, null));
      const organization = await share.value.catch((error: unknown) => {
        share.release();
        throw error;
      });
      organization.listeners.add(changed);
      return {
        projection: () => {
          organization.projection.turnDay(options.nowMs() - midnightGraceMs);
          return organization.projection;
        },
        position: () => organization.at,
        close: () => {
          organization.listeners.delete(changed);
          share.release();
        }
      };
    },
    close() {
      closed = true;
      reader.disconnect();
      asker.disconnect();
    }
  };
}

/** Numbers run on without gaps in an epoch, and begin at 1 in the next. */
const isNext = (before: Position, at: Position) =>
  at.n === (at.epoch === before.epoch ? before.n + 1 : 1) && at.epoch >= before.epoch;
