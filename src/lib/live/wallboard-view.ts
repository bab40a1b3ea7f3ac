import type { QueueValue } from '#lib/acd/configuration.ts';
import { queueFigures, serviceLevel, waitingNow } from '#lib/acd/figures.ts';
import type { AgentId, QueueId } from '#lib/acd/ids.ts';
import { compareText } from '#lib/acd/sorted.ts';
import type { Day, Live, LiveOffer, LiveSession } from './live-state.ts';
import type { AgentView, Alarm, QueueView, WallboardView } from './topics.ts';

/** The wallboard of those queues one may see (null: all), with the agents who are members of them. */
export function wallboardView(live: Live, day: Day, visible: ReadonlySet<string> | null, nowMs: number): WallboardView {
  const sees = (queueId: string) => visible === null || visible.has(queueId);
  const seen = [...live.queues.values()].filter((queue) => sees(queue.id)).toSorted(byName);
  const shown = new Set<AgentId>();
  for (const member of live.members.values()) if (sees(member.queueId)) shown.add(member.agentId);
  const ordered = [...live.agents.values()].toSorted(byName);
  const loggedIn = new Map<QueueId, [AgentId, LiveSession][]>();
  for (const { id } of ordered) {
    const session = live.sessions.get(id);
    for (const queueId of session?.loggedIn ?? []) {
      loggedIn.set(queueId, [...(loggedIn.get(queueId) ?? []), [id, session as LiveSession]]);
    }
  }
  const talking = new Map<QueueId, number>();
  const offerOf = new Map<AgentId, LiveOffer>();
  for (const offer of live.offers.values()) {
    offerOf.set(offer.agentId, offer);
    if (offer.talkSinceMs !== null) talking.set(offer.queueId, (talking.get(offer.queueId) ?? 0) + 1);
  }
  const queues = seen.map((queue) =>
    queueView(
      live,
      day,
      queue,
      (loggedIn.get(queue.id) ?? []).map(([, session]) => session),
      talking.get(queue.id) ?? 0,
      nowMs
    )
  );
  const agents = ordered
    .filter((agent) => visible === null || shown.has(agent.id))
    .map((agent) => agentView(live, agent.id, agent.name, offerOf.get(agent.id)));
  return { queues, agents, alarms: queues.flatMap((queue) => alarmsOf(queue, nowMs)) };
}

function queueView(
  live: Live,
  day: Day,
  queue: QueueValue,
  sessions: LiveSession[],
  talking: number,
  nowMs: number
): QueueView {
  const figures = queueFigures(day.figures, queue.id);
  const hours = live.hours.get(queue.id);
  const { serviceLevelSeconds, serviceLevelTargetPercent, warnSeconds, badSeconds } = queue;
  return {
    queueId: queue.id,
    name: queue.name,
    ...waitingNow(day.figures, queue.id),
    loggedIn: sessions.length,
    lastLoggedOut: sessions.length === 0 ? lastUnanswered(live, queue.id) : null,
    free: sessions.filter((session) => session.state === 'free').length,
    talking,
    wrapUp: sessions.filter((session) => session.state === 'wrap-up' && session.queueId === queue.id).length,
    answeredToday: figures.answered,
    abandonedToday: figures.abandoned,
    serviceLevelPercent: serviceLevel(day.figures, queue.id, nowMs),
    serviceLevelSeconds,
    serviceLevelTargetPercent,
    warnSeconds,
    badSeconds,
    open: hours?.open ?? true,
    closedReason: hours?.reason ?? null,
    openUntilMs: hours?.untilMs ?? null,
    situation: live.situations.get(queue.id) ?? null,
    stopped: live.stopped.get(queue.id) ?? null,
    temporary: hours?.temporary ?? null,
    agentStates: sessions.map((session) => session.state)
  };
}

/** Who of a queue's members was last logged out for unanswered offers, and has not come back. */
function lastUnanswered(live: Live, queueId: QueueId): string | null {
  let last: { name: string; sinceMs: number } | null = null;
  for (const member of live.members.values()) {
    const session = member.queueId === queueId ? live.sessions.get(member.agentId) : undefined;
    if (session?.state !== 'logged-out' || session.reason !== 'unanswered') continue;
    const name = live.agents.get(member.agentId)?.name;
    if (name !== undefined && session.sinceMs >= (last?.sinceMs ?? 0)) last = { name, sinceMs: session.sinceMs };
  }
  return last?.name ?? null;
}

function agentView(live: Live, agentId: AgentId, name: string, offer: LiveOffer | undefined): AgentView {
  const session = live.sessions.get(agentId);
  const queueId = offer?.queueId ?? session?.queueId ?? null;
  return {
    agentId,
    name,
    state: session?.state ?? 'logged-out',
    reason: session?.reason ?? null,
    sinceMs: session?.sinceMs ?? 0,
    pausedUntilMs: session?.pausedUntilMs ?? null,
    deviceId: session?.deviceId ?? null,
    reachable: session?.onShift ? session.reachable : null,
    queueName: queueId === null ? null : (live.queues.get(queueId)?.name ?? null),
    callId: offer?.callId ?? null,
    queueIds: [...(session?.loggedIn ?? [])].toSorted(compareText)
  };
}

function alarmsOf(queue: QueueView, nowMs: number): Alarm[] {
  const alarms: Alarm[] = [];
  const since = queue.longestSinceMs;
  const waitedMs = since === null ? 0 : nowMs - since;
  const level = waitedMs >= queue.badSeconds * 1_000 ? 'bad' : waitedMs >= queue.warnSeconds * 1_000 ? 'warn' : null;
  if (level) alarms.push({ code: 'waiting-too-long', level, queueName: queue.name, sinceMs: since });
  if (queue.open && queue.loggedIn === 0) {
    alarms.push({
      code: queue.lastLoggedOut === null ? 'nobody-logged-in' : 'last-agent-logged-out',
      level: queue.waiting > 0 || queue.lastLoggedOut !== null ? 'bad' : 'warn',
      queueName: queue.name,
      sinceMs: since
    });
  }
  return alarms;
}

export function byName(a: { name: string; id: string }, b: { name: string; id: string }): number {
  return a.name.localeCompare(b.name, 'sv') || compareText(a.id, b.id);
}
