import { Redis } from 'ioredis';
import { id as ids, type AgentId } from '#lib/acd/ids.ts';
import type { Click } from '#lib/acd/events.ts';
import { emptyState, loadEntity } from '#lib/acd/state.ts';
import type { QueueView } from '#lib/live/topics.ts';
import type { QueueNow } from '#lib/preview/waiting-time.ts';
import { can, readSessionCookie, validateSession, type Session } from '#lib/server/auth/index.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import type { Reply } from '#lib/server/cell/store.ts';
import { schema, withOrganization, withSnapshot, type Database } from '#lib/server/db/index.ts';
import { readHealth, type Health } from '#lib/server/health.ts';
import { readProgress, readView } from '#lib/server/history/read-view.ts';
import { createCallers } from '#lib/server/live/callers.ts';
import { createClicks } from '#lib/server/live/clicks.ts';
import { createConnections, type LiveUser } from '#lib/server/live/connections.ts';
import { createLiveFeed, type OpenView } from '#lib/server/live/feed.ts';
import { createTrouble } from '#lib/server/live/trouble.ts';
import { createPresences } from '#lib/server/live/presence.ts';
import type { Settings } from '#lib/server/settings.ts';
import { createUpgrade, type UpgradeHandler } from '#lib/server/sockets/upgrade.ts';
import { and, eq } from 'drizzle-orm';

/** What a web process has of the live system: sockets, clicks, health. */
export interface LiveServices {
  upgrade: UpgradeHandler;
  /** The caller has checked that the click is the actor's own. Resolves within 2 s, never rejects. */
  click(agentId: AgentId, click: Click, commandId?: string): Promise<Reply>;
  health(): Promise<Health>;
  /** Who waits in each queue of an organization at this moment, by queue; null: it cannot be told within a second. */
  waiting(organizationId: string, timeZone: string): Promise<Map<string, WaitingNow> | null>;
  /** One queue as it is at this moment; null: it cannot be told within a second. */
  queueNow(organizationId: string, timeZone: string, queueId: string): Promise<QueueNow | null>;
  close(): void;
}

export interface WaitingNow {
  waiting: number;
  /** Of the one who has waited longest, epoch ms. */
  longestSinceMs: number | null;
}

export interface LiveServicesOptions {
  settings: Settings;
  asteriskSip: string;
  db: Database;
  nowMs: () => number;
  onError: (error: unknown, where: string) => void;
}

export function createLiveServices(options: LiveServicesOptions): LiveServices {
  const { settings, db, nowMs } = options;
  const { redis: address, cell } = settings;
  const report = (where: string) => (error: unknown) => options.onError(error, where);
  const redis = new Redis(address, { maxRetriesPerRequest: 1, connectTimeout: 1_000, commandTimeout: 1_000 });
  redis.on('error', report('redis'));
  const clicks = createClicks({ redis: address, cell, onError: report('clicks') });
  const trouble = createTrouble({ redis: address, cell, nowMs, onError: report('live') });
  const feed = createLiveFeed({
    redis: address,
    cell,
    nowMs,
    following: (is) => trouble.following(is),
    onError: report('live'),
    history: async (organizationId, timeZone) => {
      const of = { organizationId, cell, timeZone, nowMs: nowMs() };
      const { view, at } = await withSnapshot(db, organizationId, (tx) => readView(tx, of));
      return { day: view.day, at };
    }
  });
  const callers = createCallers({
    redis: address,
    cell,
    nowMs,
    arrived: () => connections.refresh(),
    onError: report('callers')
  });
  const connections = createConnections({
    feed,
    trouble,
    nowMs,
    lookup: () => callers.lookup,
    onError: report('live'),
    presences: createPresences((page, here, anew) => clicks.page(page, here, anew))
  });
  const upgrade = createUpgrade<LiveUser & { session: Session }>({
    whois: (cookies) => userOf(cookies),
    stillValid: (user) => user.stillValid(),
    onError: report('sockets'),
    mayPhone: ({ session }) => can(session.actor, 'desk.use', { userId: session.actor.userId }),
    asteriskSip: options.asteriskSip,
    live: (socket, user) => connections.connect(socket, user)
  });

  async function userOf(cookies: string): Promise<(LiveUser & { session: Session }) | null> {
    const token = readSessionCookie(cookies);
    const session = token ? await validateSession(db, token, nowMs()) : null;
    if (!token || !session) return null;
    const { userId, organizationId } = session.actor;
    const [found] = await withOrganization(db, organizationId, (tx) =>
      tx
        .select({ timeZone: schema.organization.timeZone, deviceId: schema.device.id })
        .from(schema.organization)
        .leftJoin(
          schema.device,
          and(
            eq(schema.device.organizationId, organizationId),
            eq(schema.device.userId, userId),
            eq(schema.device.kind, 'softphone')
          )
        )
        .where(eq(schema.organization.id, organizationId))
    );
    return {
      session,
      userId,
      organizationId,
      timeZone: found?.timeZone ?? 'UTC',
      deviceId: found?.deviceId ?? null,
      mayView: (topic) =>
        can(session.actor, topic === 'desk' ? 'desk.use' : 'wallboard.view', { organizationId, userId }),
      // Another role is another person, as far as open sockets go: the page comes back and is checked anew.
      stillValid: async () => (await validateSession(db, token, nowMs()))?.actor.role === session.actor.role,
      // P24: an agent sees the queues they are a member of.
      visibleQueues: async () => {
        if (session.actor.role !== 'agent') return null;
        const rows = await withOrganization(db, organizationId, (tx) =>
          tx.select({ queueId: schema.member.queueId }).from(schema.member).where(eq(schema.member.userId, userId))
        );
        return new Set(rows.map(({ queueId }) => queueId));
      }
    };
  }

  async function queuesNow(organizationId: string, timeZone: string): Promise<QueueView[] | null> {
    const view = await within(
      feed.open(organizationId, timeZone, () => undefined),
      waitingWithinMs
    );
    if (!view) return null;
    const { queues } = view.projection().wallboard(null, nowMs());
    view.close();
    return queues;
  }

  return {
    upgrade: upgrade.handle,
    click: (agentId, click, commandId) => clicks.send(agentId, click, commandId),
    health: () =>
      readHealth({ cell, redis, readProgress: () => readProgress(db, cell), asteriskSip: options.asteriskSip, nowMs }),
    async waiting(organizationId, timeZone) {
      const queues = await queuesNow(organizationId, timeZone);
      return (
        queues && new Map(queues.map(({ queueId, waiting, longestSinceMs }) => [queueId, { waiting, longestSinceMs }]))
      );
    },
    async queueNow(organizationId, timeZone, queueId) {
      const queues = await queuesNow(organizationId, timeZone);
      const queue = queues?.find((one) => one.queueId === queueId);
      if (!queue) return null;
      const key = `pace:${queueId}` as const;
      try {
        const state = emptyState();
        loadEntity(state, key, await redis.hget(cellKeys(cell).state, key));
        const agents = queue.agentStates.filter((one) => atWork.has(one)).length;
        return { waiting: queue.waiting, free: queue.free, agents, pace: state.pace.get(ids.queue(queueId)) ?? null };
      } catch (error) {
        report('live')(error);
        return null;
      }
    },
    close() {
      upgrade.close();
      connections.close();
      feed.close();
      trouble.close();
      callers.close();
      clicks.close();
      redis.disconnect();
    }
  };
}

/** As the engine counts those whose calls the waiting time is reckoned by. */
const atWork = new Set<QueueView['agentStates'][number]>(['free', 'offered', 'on-call', 'wrap-up']);

/** A page is shown without what does not come in time; a view that comes later is let go. */
const waitingWithinMs = 1_000;

async function within(opening: Promise<OpenView>, ms: number): Promise<OpenView | null> {
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      late = true;
      resolve(null);
    }, ms);
  });
  const opened = opening.then(
    (view) => {
      if (late) view.close();
      return view;
    },
    () => null
  );
  return Promise.race([opened, limit]).finally(() => clearTimeout(timer));
}
