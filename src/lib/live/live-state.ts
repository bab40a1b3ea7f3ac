import type { AgentValue, MemberValue, PauseReason, QueueValue } from '#lib/acd/configuration.ts';
import type { AgentState, StoppedBy } from '#lib/acd/facts.ts';
import type { Figures } from '#lib/acd/figures.ts';
import type { AgentId, CallerToken, CallId, OfferId, QueueId, VisitId } from '#lib/acd/ids.ts';
import type { CallerView } from './topics.ts';

/** What is live, as far as views show it: made from the state once, kept by folding facts. */
export interface Live {
  queues: Map<QueueId, QueueValue>;
  members: Map<string, MemberValue>;
  agents: Map<AgentId, AgentValue>;
  pauseReasons: PauseReason[];
  hours: Map<QueueId, LiveHours>;
  /** Why a queue takes no callers though its hours are open (P10, P11). */
  situations: Map<QueueId, Situated>;
  /** What a limit stopped last (E7). */
  stopped: Map<QueueId, { limit: StoppedBy; atMs: number }>;
  visits: Map<VisitId, LiveVisit>;
  offers: Map<OfferId, LiveOffer>;
  sessions: Map<AgentId, LiveSession>;
}
export type Situated = 'full' | 'late' | 'nobody' | 'unreachable';
/** `temporary` names the temporary schedule that decides it (P2). */
export interface LiveHours {
  open: boolean;
  reason: string | null;
  untilMs: number | null;
  temporary: string | null;
}
export interface LiveVisit {
  queueId: QueueId;
  callId: CallId;
  queuedAtMs: number;
  caller: CallerToken | null;
  withheld: boolean;
}
/** An offer that rings or talks. */
export interface LiveOffer extends LiveVisit {
  visitId: VisitId;
  agentId: AgentId;
  offeredAtMs: number;
  ringUntilMs: number;
  accepted: boolean;
  /** A mobile has been answered, and 1 not pressed yet. */
  pickedUp: boolean;
  talkSinceMs: number | null;
  held: boolean;
}
export interface LiveSession {
  state: AgentState;
  reason: string | null;
  sinceMs: number;
  queueId: QueueId | null;
  onShift: boolean;
  shiftSinceMs: number | null;
  deviceId: string | null;
  /** From the next call on (P16); null: the same. */
  nextDeviceId: string | null;
  reachable: boolean;
  paused: boolean;
  /** When the pause is over its limit; null: it has none. */
  pausedUntilMs: number | null;
  loggedIn: Set<QueueId>;
  wrapUp: { queueId: QueueId; startedAtMs: number; untilMs: number } | null;
}

/** One finished or missed call of an agent, newest first in `Day.recent`. */
export interface RecentEntry {
  callId: CallId;
  offerId: OfferId;
  atMs: number;
  caller: CallerToken | null;
  withheld: boolean;
  queueId: QueueId;
  outcome: 'answered' | 'missed' | 'declined';
  talkMs: number | null;
}
/** What only facts tell: today's figures, and each agent's latest calls. */
export interface Day {
  /** IANA; midnight to midnight in it, epoch ms. */
  timeZone: string;
  startMs: number;
  endMs: number;
  figures: Figures;
  recent: Map<AgentId, RecentEntry[]>;
  /** Calls by offer, for entries of offers that end. */
  offered: Map<OfferId, { callId: CallId; caller: CallerToken | null; withheld: boolean }>;
  callers: Map<CallId, { caller: CallerToken | null; withheld: boolean }>;
}

/** Number and name of a token; null when the person has been erased (E8). */
export type Lookup = (token: CallerToken) => Pick<CallerView, 'number' | 'name'> | null;
