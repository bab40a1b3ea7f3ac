import type { DeviceKind, PauseReason } from '#lib/acd/configuration.ts';
import type { AgentState } from '#lib/acd/facts.ts';

/**
 * What a page sees of live state: plain JSON snapshots per topic, made by `project.ts` from state and facts alone.
 * All times are epoch milliseconds of the worker's clock; pages count on from them by themselves, so that a timer
 * needs no traffic. Topics: `wallboard` (supervisor, administrator; agents see the queues they may see) and `desk` (own agent).
 */
export interface WallboardView {
  queues: QueueView[];
  agents: AgentView[];
  alarms: Alarm[];
}

export interface QueueView {
  queueId: string;
  name: string;
  /** Visits not yet answered, those ringing included. */
  waiting: number;
  /** `queuedAtMs` of the one who has waited longest; null when nobody waits. */
  longestSinceMs: number | null;
  loggedIn: number;
  /** Nobody is logged in, and this member was the last to be logged out, for unanswered offers (P18): their name. */
  lastLoggedOut: string | null;
  free: number;
  talking: number;
  wrapUp: number;
  /** Today, in the organization's zone. */
  answeredToday: number;
  abandonedToday: number;
  /** 0–100 with one decimal; null when nothing counts yet. */
  serviceLevelPercent: number | null;
  serviceLevelSeconds: number;
  serviceLevelTargetPercent: number;
  warnSeconds: number;
  badSeconds: number;
  open: boolean;
  closedReason: string | null;
  openUntilMs: number | null;
  /** Why it takes no callers though its hours are open (P10, P11). */
  situation: 'full' | 'late' | 'nobody' | 'unreachable' | null;
  /** When a limit of calls out stopped one last (E7), and which. */
  stopped: { limit: string; atMs: number } | null;
  /** The temporary schedule that closes or opens it (P2). */
  temporary: string | null;
  /** Each logged-in agent's state, in the order of the agents' list. */
  agentStates: AgentState[];
}

export interface AgentView {
  agentId: string;
  name: string;
  state: AgentState;
  /** Follows the state after a comma: the pause's reason, why unreachable. */
  reason: string | null;
  sinceMs: number;
  /** When the pause is over its limit, and somebody may want to ask; null: it has none. */
  pausedUntilMs: number | null;
  deviceId: string | null;
  /** Whether the chosen device can be rung; null while off shift. */
  reachable: boolean | null;
  /** The queue of the offer or the call. */
  queueName: string | null;
  callId: string | null;
  queueIds: string[];
}

export interface Alarm {
  code:
    'waiting-too-long' | 'nobody-logged-in' | 'last-agent-logged-out' | 'stale' | 'not-durable' | 'worker-unavailable';
  level: 'warn' | 'bad';
  queueName: string | null;
  sinceMs: number | null;
}

export interface DeskView {
  agentId: string;
  name: string;
  state: AgentState;
  reason: string | null;
  sinceMs: number;
  onShift: boolean;
  shiftSinceMs: number | null;
  /** What they may be rung on (P16), the softphone first. */
  devices: DeskDevice[];
  /** The one that rings, and the one that does from the next call on; null: the same. */
  deviceId: string | null;
  nextDeviceId: string | null;
  reachable: boolean;
  paused: boolean;
  /** As on the wallboard. */
  pausedUntilMs: number | null;
  /** Those to choose from. */
  pauseReasons: PauseReason[];
  queues: DeskQueue[];
  /** The offer that rings now. */
  offer: (DeskCall & { pickedUp: boolean }) | null;
  /** The call in progress. */
  call: DeskCall | null;
  wrapUp: { queueName: string; startedAtMs: number; untilMs: number } | null;
  today: { answered: number; missed: number; declined: number; talkMs: number; wrapUpMs: number };
  recent: RecentCall[];
}

export interface DeskDevice {
  deviceId: string;
  kind: DeviceKind;
  /** Of a mobile: E.164. */
  number: string | null;
}

export interface DeskQueue {
  queueId: string;
  name: string;
  loggedIn: boolean;
  waiting: number;
  longestSinceMs: number | null;
  loggedInAgents: number;
  freeAgents: number;
  warnSeconds: number;
  badSeconds: number;
  open: boolean;
}

export interface DeskCall {
  offerId: string;
  callId: string;
  visitId: string;
  queueId: string;
  queueName: string;
  caller: CallerView;
  queuedAtMs: number;
  /** Of the offer: when it began and when it counts as missed. */
  offeredAtMs: number;
  ringUntilMs: number;
  /** Of the call: when both could hear each other. */
  talkSinceMs: number | null;
  held: boolean;
}

/** `number` is null when withheld (E3), and when the person has been erased (E8). */
export interface CallerView {
  number: string | null;
  name: string | null;
  withheld: boolean;
}

export interface RecentCall {
  callId: string;
  atMs: number;
  caller: CallerView;
  queueName: string;
  outcome: 'answered' | 'missed' | 'declined';
  talkMs: number | null;
}

/** Frames over `/live`. A snapshot carries the whole view; a delta replaces top-level parts of it. */
export type ServerFrame =
  | { type: 'snapshot'; topic: Topic; n: number; nowMs: number; view: WallboardView | DeskView }
  | { type: 'delta'; topic: Topic; n: number; nowMs: number; change: Record<string, unknown> }
  /** The figures are as of `sinceMs`; null: live again. */
  | { type: 'stale'; sinceMs: number | null }
  | { type: 'ping'; n: number }
  | { type: 'denied'; topic: Topic };
export type ClientFrame =
  | { type: 'subscribe'; topic: Topic }
  | { type: 'unsubscribe'; topic: Topic }
  | { type: 'pong'; n: number }
  /** Ask for a snapshot: a delta was missing. */
  | { type: 'again'; topic: Topic };
export type Topic = 'wallboard' | 'desk';
