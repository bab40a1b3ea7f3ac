import { devicesOf } from '#lib/acd/configuration.ts';
import { agentFigures, waitingNow } from '#lib/acd/figures.ts';
import type { AgentId, CallerToken, OfferId, QueueId } from '#lib/acd/ids.ts';
import type { Day, Live, LiveOffer, Lookup } from './live-state.ts';
import type { CallerView, DeskCall, DeskQueue, DeskView } from './topics.ts';
import { byName } from './wallboard-view.ts';

/** One agent's own view; null when there is no such agent. Numbers and names come by `lookup`, never from facts (E8). */
export function deskView(live: Live, day: Day, agentId: AgentId, nowMs: number, lookup: Lookup): DeskView | null {
  const agent = live.agents.get(agentId);
  if (!agent) return null;
  const session = live.sessions.get(agentId);
  const queueName = (queueId: QueueId) => live.queues.get(queueId)?.name ?? '';
  const calls = [...live.offers].filter(([, offer]) => offer.agentId === agentId);
  const ringing = calls.find(([, offer]) => !offer.accepted);
  const inCall = calls.find(([, offer]) => offer.accepted);
  const figures = agentFigures(day.figures, agentId);
  const wrapUp = session?.wrapUp ?? null;
  return {
    agentId,
    name: agent.name,
    state: session?.state ?? 'logged-out',
    reason: session?.reason ?? null,
    sinceMs: session?.sinceMs ?? 0,
    onShift: session?.onShift ?? false,
    shiftSinceMs: session?.shiftSinceMs ?? null,
    devices: devicesOf(agent).map((device) => ({
      deviceId: device.id,
      kind: device.kind,
      number: device.kind === 'mobile' ? device.number : null
    })),
    deviceId: session?.deviceId ?? null,
    nextDeviceId: session?.nextDeviceId ?? null,
    reachable: session?.reachable ?? false,
    paused: session?.paused ?? false,
    pausedUntilMs: session?.pausedUntilMs ?? null,
    pauseReasons: live.pauseReasons,
    queues: queuesOf(live, day, agentId),
    offer: ringing ? { ...deskCall(ringing, queueName, lookup), pickedUp: ringing[1].pickedUp } : null,
    call: inCall ? deskCall(inCall, queueName, lookup) : null,
    wrapUp: wrapUp && {
      queueName: queueName(wrapUp.queueId),
      startedAtMs: wrapUp.startedAtMs,
      untilMs: wrapUp.untilMs
    },
    // Wrap-up that runs counts from its start, so that the sum does not jump when it ends.
    today: { ...figures, wrapUpMs: figures.wrapUpMs + (wrapUp ? Math.max(0, nowMs - wrapUp.startedAtMs) : 0) },
    recent: (day.recent.get(agentId) ?? []).map((entry) => ({
      callId: entry.callId,
      atMs: entry.atMs,
      caller: callerView(entry.caller, entry.withheld, lookup),
      queueName: queueName(entry.queueId),
      outcome: entry.outcome,
      talkMs: entry.talkMs
    }))
  };
}

function queuesOf(live: Live, day: Day, agentId: AgentId): DeskQueue[] {
  const mine = [...live.members.values()].filter((member) => member.agentId === agentId);
  return mine
    .flatMap((member) => live.queues.get(member.queueId) ?? [])
    .toSorted(byName)
    .map((queue) => {
      const there = [...live.sessions.values()].filter((session) => session.loggedIn.has(queue.id));
      return {
        queueId: queue.id,
        name: queue.name,
        loggedIn: live.sessions.get(agentId)?.loggedIn.has(queue.id) ?? false,
        ...waitingNow(day.figures, queue.id),
        loggedInAgents: there.length,
        freeAgents: there.filter((session) => session.state === 'free').length,
        warnSeconds: queue.warnSeconds,
        badSeconds: queue.badSeconds,
        open: live.hours.get(queue.id)?.open ?? true
      };
    });
}

function deskCall(
  [offerId, offer]: [OfferId, LiveOffer],
  queueName: (id: QueueId) => string,
  lookup: Lookup
): DeskCall {
  const { callId, visitId, queueId, queuedAtMs, offeredAtMs, ringUntilMs, talkSinceMs, held } = offer;
  const times = { queuedAtMs, offeredAtMs, ringUntilMs, talkSinceMs };
  const caller = callerView(offer.caller, offer.withheld, lookup);
  return { offerId, callId, visitId, queueId, queueName: queueName(queueId), caller, ...times, held };
}

function callerView(token: CallerToken | null, withheld: boolean, lookup: Lookup): CallerView {
  const known = token === null ? null : lookup(token);
  return { number: known?.number ?? null, name: known?.name ?? null, withheld };
}
