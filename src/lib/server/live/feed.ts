import { Redis } from 'ioredis';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import type { EntityKey } from '#lib/acd/state.ts';
import { createProjection, type Projection } from '#lib/live/project.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import { createShared } from './shared.ts';

/** A place in a cell's stream of facts. */
export type Position = { epoch: number; n: number };

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
  dayStartMs: number;
  projection: Projection;
  /** Facts at or below it were in the state that was read. */
  from: Position;
  at: Position;
  listeners: Set<() => void>;
}

export interface FeedOptions {
  redis: string;
  cell: number;
  nowMs: () => number;
  /** The stream cannot be followed at the moment. */
  lost: () => void;
  onError: (error: unknown) => void;
}

/** Facts read from the stream and kept for a view that is being made at that moment. */
const recentMost = 5_000;
const readMost = 2_000;
const blockMs = 2_000;

/**
 * Follows a cell's facts once for all pages of this process: state and the stream's end are read in one step, facts are
 * folded from there; a gap, a reconnect or a trimmed stream means reading it all again (design.md, *Live*).
 */
export function createLiveFeed(options: FeedOptions): LiveFeed {
  const keys = cellKeys(options.cell);
  const reader = new Redis(options.redis, { maxRetriesPerRequest: null, lazyConnect: false });
  const asker = new Redis(options.redis, { maxRetriesPerRequest: 1, connectTimeout: 1_000 });
  const organizations = createShared<Organization>(() => undefined);
  let recent: { at: Position; fact: Fact }[] = [];
  let last: Position = { epoch: 0, n: 0 };
  let closed = false;
  for (const client of [reader, asker]) client.on('error', (error) => options.onError(error));

  async function follow(): Promise<void> {
    last = await endOfStream(reader, keys.facts);
    while (!closed) {
      const answer = await reader.xread(
        'COUNT',
        readMost,
        'BLOCK',
        blockMs,
        'STREAMS',
        keys.facts,
        `${last.epoch}-${last.n}`
      );
      const entries = answer?.[0]?.[1] ?? [];
      if (entries.length > 0) await take(entries.map(([at, fields]) => ({ at: position(at), fact: factOf(fields) })));
    }
  }

  async function take(batch: { at: Position; fact: Fact }[]): Promise<void> {
    last = batch.at(-1)?.at ?? last;
    recent = [...recent, ...batch].slice(-recentMost);
    for (const opened of organizations.values()) {
      const organization = await opened.catch(() => null);
      if (organization && fold(organization, batch)) for (const listener of organization.listeners) listener();
    }
  }

  function fold(organization: Organization, batch: { at: Position; fact: Fact }[]): boolean {
    const own = batch.filter(({ at, fact }) => fact.organizationId === organization.id && isAfter(at, organization.at));
    organization.at = batch.at(-1)?.at ?? organization.at;
    if (own.length === 0) return false;
    turnDay(organization);
    organization.projection.apply(own.map(({ fact }) => fact));
    return true;
  }

  function turnDay(organization: Organization): void {
    const dayStartMs = midnight(organization.timeZone, options.nowMs());
    if (dayStartMs === organization.dayStartMs) return;
    organization.dayStartMs = dayStartMs;
    organization.projection.beginDay(dayStartMs);
  }

  async function read(organizationId: string, timeZone: string): Promise<Organization> {
    // One step: nothing can be committed between the state and the end of the stream.
    const replies = await asker.multi().hgetall(keys.state).xrevrange(keys.facts, '+', '-', 'COUNT', 1).exec();
    const state = replies?.[0]?.[1] as Record<string, string>;
    const end = (replies?.[1]?.[1] as [string, string[]][] | undefined)?.[0]?.[0];
    const from = end ? position(end) : { epoch: 0, n: 0 };
    const dayStartMs = midnight(timeZone, options.nowMs());
    const projection = createProjection({
      organizationId: id.organization(organizationId),
      entities: Object.entries(state) as [EntityKey, string][],
      dayStartMs,
      earlier: await factsBefore(from)
    });
    const organization: Organization = {
      id: organizationId,
      timeZone,
      dayStartMs,
      projection,
      from,
      at: from,
      listeners: new Set()
    };
    // What the follower has read meanwhile.
    fold(
      organization,
      recent.filter(({ at }) => isAfter(at, from))
    );
    return organization;
  }

  /** Today's facts up to the moment of the state, for the figures. */
  async function factsBefore(to: Position): Promise<Fact[]> {
    const facts: Fact[] = [];
    for (let start = '-'; ;) {
      const entries = await asker.xrange(keys.facts, start, `${to.epoch}-${to.n}`, 'COUNT', readMost);
      for (const [, fields] of entries) facts.push(factOf(fields));
      const end = entries.at(-1)?.[0];
      if (!end || entries.length < readMost) return facts;
      start = `(${end}`;
    }
  }

  const keepFollowing = async () => {
    while (!closed) {
      try {
        await follow();
      } catch (error) {
        if (closed) return;
        options.onError(error);
        options.lost();
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      // The follower starts at the stream's new end: what views missed is read again.
      for (const opened of organizations.values()) await again(opened);
    }
  };

  async function again(opened: Promise<Organization>): Promise<void> {
    const old = await opened.catch(() => null);
    if (!old || closed) return;
    const fresh = read(old.id, old.timeZone).then((organization) =>
      Object.assign(old, organization, { listeners: old.listeners })
    );
    await fresh.catch((error: unknown) => options.onError(error));
    for (const listener of old.listeners) listener();
  }
  void keepFollowing();

  return {
    async open(organizationId, timeZone, changed) {
      const share = organizations.hold(organizationId, () => read(organizationId, timeZone));
      const organization = await share.value.catch((error: unknown) => {
        share.release();
        throw error;
      });
      organization.listeners.add(changed);
      return {
        projection: () => {
          turnDay(organization);
          return organization.projection;
        },
        position: () => organization.at,
        close() {
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

async function endOfStream(redis: Redis, key: string): Promise<Position> {
  const [entry] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
  return entry ? position(entry[0]) : { epoch: 0, n: 0 };
}

export function position(streamId: string): Position {
  const [epoch = '0', n = '0'] = streamId.split('-');
  return { epoch: Number(epoch), n: Number(n) };
}

export const isAfter = (a: Position, b: Position) => a.epoch > b.epoch || (a.epoch === b.epoch && a.n > b.n);

/** The last midnight in the zone, epoch ms. Where midnight does not exist (DST), the first moment of the day. */
export function midnight(timeZone: string, nowMs: number): number {
  return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).startOfDay().epochMilliseconds;
}

/** A stream entry has one field, `fact`. */
function factOf(fields: string[]): Fact {
  return JSON.parse(fields[fields.indexOf('fact') + 1] ?? 'null') as Fact;
}
