import { upgrade } from './upgrade.ts';
import type { SpokenWait } from './speech.ts';
import type { Band, Predictor } from './waiting-time.ts';
import type { PbxCommand } from './commands.ts';
import type { ConfigurationEntity, ConfigurationValue, Language, SkillNeed } from './configuration.ts';
import type { Caller, ClosedReason, KeptPlace, Pause, ReachabilityReason } from './events.ts';
import type { AgentState, CallOutcome, StoppedBy } from './facts.ts';
import type {
  AgentId,
  CallId,
  CallerToken,
  DeviceId,
  ForwardId,
  NumberId,
  OfferId,
  OrganizationId,
  PlayId,
  QueueId,
  ScheduleId,
  VisitId
} from './ids.ts';

/**
 * All the engine knows, as a flat set of entities. Each is plain JSON with its `v`, stored under one key
 * (`kind:id`), so that a commit writes the changed ones only. Indexes are made from these and never stored.
 */
export interface State {
  cell: Cell;
  call: Map<CallId, Call>;
  visit: Map<VisitId, Visit>;
  offer: Map<OfferId, Offer>;
  forward: Map<ForwardId, Forward>;
  situation: Map<QueueId, Situation>;
  outgoing: Map<OrganizationId, Outgoing>;
  agent: Map<AgentId, Agent>;
  device: Map<DeviceId, Device>;
  day: Map<OrganizationId, Day>;
  place: Map<string, Place>;
  seen: Map<CallerToken, Seen>;
  pace: Map<QueueId, Pace>;
  schedule: Map<ScheduleId, Schedule>;
  /** By `entity:id`. */
  configuration: Map<string, Configured>;
  command: Map<string, Outstanding>;
  deadline: Map<string, Deadline>;
}
export type EntityKind = keyof State;
/** `kind:id`; `cell` alone has no id. */
export type EntityKey = string;
export type Entity =
  | Cell
  | Call
  | Visit
  | Offer
  | Forward
  | Situation
  | Outgoing
  | Agent
  | Device
  | Day
  | Place
  | Seen
  | Pace
  | Schedule
  | Configured
  | Outstanding
  | Deadline;

export interface Cell {
  v: 5;
  /** False from the loss of the PBX's connection until `reconciled`: no offers are made meanwhile. */
  connected: boolean;
  /** History's kept places have been told to this state: from then on it knows better. Gone with a state that is lost. */
  placesKnown: boolean;
  /** Calls beyond this are refused, busy; null: not told. */
  callsMost: number | null;
}

export type Announcement = 'welcome' | 'first' | 'repeated' | 'closed' | 'reconnecting' | 'position' | 'waiting-time';
/** See the drawing in the README. `ending`: asked to hang up, the leg not yet gone. */
export type CallPhase = 'welcoming' | 'closed' | 'forwarding' | 'waiting' | 'talking' | 'ending';

export interface Call {
  v: 3;
  id: CallId;
  organizationId: OrganizationId;
  numberId: NumberId | null;
  queueId: QueueId;
  language: Language;
  caller: Caller;
  dialled: string;
  arrivedAtMs: number;
  phase: CallPhase;
  /** Whether we have asked for the answer: refusals go out unanswered. */
  answered: boolean;
  /** The visit while it waits; ended visits are not kept. */
  visitId: VisitId | null;
  /** The offer that talks, or is being connected. */
  offerId: OfferId | null;
  /** The leg to an alternative number that rings or talks; the call may wait in a queue meanwhile. */
  forwardId: ForwardId | null;
  /** For what it has been forwarded, in vain: not again while that lasts. */
  tried: ClosedReason | null;
  /** From queue to queue, by their forwards. */
  hops: number;
  /** Must be heard before the visit begins (matcher rule 8). */
  before: Announcement[];
  /** To be played next, while offers run. */
  after: Announcement[];
  playing: { playId: PlayId; announcement: Announcement; media: string[]; place?: number; wait?: SpokenWait } | null;
  outcome: CallOutcome | null;
  reason: ClosedReason | null;
  endedBy: 'caller' | 'agent' | 'system';
  hangUp: { reason: 'normal' | 'busy' | 'no-answer'; attempts: number } | null;
}

export interface Visit {
  v: 5;
  id: VisitId;
  callId: CallId;
  organizationId: OrganizationId;
  queueId: QueueId;
  queuedAtMs: number;
  creditSeconds: number;
  strict: boolean;
  /** Who calls, for kept places (B11); null when withheld. */
  caller: CallerToken | null;
  /** It has the place of an earlier visit, and leaves none itself. */
  placeKept: boolean;
  /** Steps of its needs count from here: when it was queued, less what it had waited before it came back to waiting. */
  needsSinceMs: number;
  /** What an agent must know at this time of waiting (P15), in order of skill. */
  needs: SkillNeed[];
  /** Offers out now: as many as the queue rings at once at the most (P14). */
  offers: OfferId[];
  /** An agent has answered and is being connected: no more offers. */
  taken: boolean;
  /** Hears what must be heard: no offers until that is over (rule 8). */
  hears: boolean;
  /** Who would not or could not take it, latest last: after everyone else, and not before `untilMs` (rule 5). */
  refusals: { agentId: AgentId; untilMs: number }[];
  /** P8: the place last said, and when: no worse one is said after it; null: none yet. */
  saidPlace: { place: number; atMs: number } | null;
  /** P9: the waiting time last said: no longer one is said after it, nor the same; null: none yet. */
  saidWait: SpokenWait | null;
  /** What it was to expect when it began to wait; null: too little was known. */
  predicted: Prediction | null;
}

export interface Prediction {
  atMs: number;
  /** The one that was used: the range is its. */
  by: Predictor;
  /** From `atMs` to the answer. */
  expectedMs: Record<Predictor, number | null>;
  /** P10 and P90. */
  lowMs: number;
  highMs: number;
}

/** A mean that forgets; `count` up to what it remembers. */
export interface Mean {
  count: number;
  ms: number;
}

/** Squares of errors in ms, of the same predictions for each. */
export interface DayOfErrors {
  count: number;
  squares: Record<Predictor, number>;
}

/** How fast a queue goes, and how well that was told (P9, B5). */
export interface Pace {
  v: 1;
  id: QueueId;
  organizationId: OrganizationId;
  /** From the first ring to the end of wrap-up. */
  handle: Mean;
  /** Time between two answers × agents at work, of times in which somebody waited throughout. */
  cycle: Mean;
  /** The last answer, if somebody has waited since. */
  busySinceMs: number | null;
  /** The moving average of waits of app_queue. */
  averageSeconds: number;
  /** Callers who gave up, and how long all have waited: both fade. */
  left: number;
  waitedMs: number;
  band: Band;
  used: Predictor;
  today: DayOfErrors;
  /** Days before today, the latest first. */
  days: DayOfErrors[];
}

/** The leg to an alternative number. `ending`: told to go. */
export interface Forward {
  v: 1;
  id: ForwardId;
  callId: CallId;
  organizationId: OrganizationId;
  queueId: QueueId;
  visitId: VisitId | null;
  to: string;
  why: ClosedReason;
  phase: 'ringing' | 'connecting' | 'talking' | 'ending';
  ringing: boolean;
  showing: 'caller' | 'own';
  ringSeconds: number;
  talkSinceMs: number | null;
  attempts: number;
}

/** P10, P11: of a queue that closes by its situation. */
export interface Situation {
  v: 1;
  id: QueueId;
  full: boolean;
  late: boolean;
  nobody: 'nobody' | 'unreachable' | null;
  /** Since none of those logged in is reachable; null: one is, or none is logged in. */
  unreachableSinceMs: number | null;
}

/** E7: what an organization's calls out have come to. */
export interface Outgoing {
  v: 2;
  id: OrganizationId;
  /** Begun within the last minute. */
  atMs: number[];
  /** Midnight of the day that `ore` is of. */
  dayMs: number;
  ore: number;
  /** By caller (or queue, when withheld) and number: within the last minute. */
  callers: { key: string; atMs: number }[];
  /** What a limit stopped last, of each queue. */
  stopped: { queueId: QueueId; limit: StoppedBy; atMs: number }[];
  /** Its trunk has refused a caller's own number: until then only ours are presented; null: it takes any. */
  ownNumberUntilMs: number | null;
}

/** `ending`: decided, the agent's leg not yet gone. The agent is not free before it is. */
export type OfferPhase = 'ringing' | 'connecting' | 'talking' | 'ending';

export interface Offer {
  v: 2;
  id: OfferId;
  visitId: VisitId;
  callId: CallId;
  organizationId: OrganizationId;
  queueId: QueueId;
  agentId: AgentId;
  deviceId: DeviceId;
  phase: OfferPhase;
  /** When the visit was queued, for whoever shows how long the caller waited. */
  queuedAtMs: number;
  offeredAtMs: number;
  ringUntilMs: number;
  /** The device has said that it rings. One that never does is not missed but unreachable (B9). */
  ringing: boolean;
  talkSinceMs: number | null;
  held: boolean;
  /** Connects tried, or hang-ups tried once ending. */
  attempts: number;
  /** Whether wrap-up starts when the leg is gone: only after talk. */
  wrapUp: boolean;
  /** How an ending leg is told to go. */
  goodbye: 'missed' | 'withdrawn' | 'hang-up' | null;
  /** Of a mobile: the number, and since when its call is paid for. */
  mobile: { to: string; pickedUpAtMs: number | null } | null;
}

export type Occupancy =
  | { type: 'free' }
  | { type: 'offered'; offerId: OfferId }
  | { type: 'talk'; offerId: OfferId }
  | { type: 'wrap-up'; queueId: QueueId; startedAtMs: number; untilMs: number; extensions: number; extendedMs: number }
  /** The device said 486: in a call we know nothing of. Tried again later. */
  | { type: 'busy-elsewhere'; untilMs: number };

export interface Agent {
  v: 3;
  id: AgentId;
  organizationId: OrganizationId;
  /** Intent. */
  onShift: boolean;
  shiftSinceMs: number | null;
  deviceId: DeviceId | null;
  /** Chosen while a leg of theirs rang or talked: from when that is gone; null: none. */
  nextDeviceId: DeviceId | null;
  /** In order of id. */
  queueIds: QueueId[];
  paused: Pause | null;
  /** Log-outs asked for during a call, which take effect after it. */
  leaving: QueueId[] | 'shift' | null;
  occupancy: Occupancy;
  idleSinceMs: number;
  /** After a miss or a decline: last in order until they answer or act (rule 5). */
  demoted: boolean;
  unansweredInRow: number;
  /** Logged out by P18, until they log in again. */
  loggedOutUnanswered: boolean;
  fair: FairShare;
  /** The last agent-state fact, so that only changes are told. */
  shown: {
    state: AgentState;
    reason: string | null;
    queueId: QueueId | null;
    visitId: VisitId | null;
    sinceMs: number;
  };
}

/** What `fair` goes by: queue calls per available hour today, over all queues. */
export interface FairShare {
  /** `beganMs` of the organization's day that the figures are of; null: none yet. */
  dayMs: number | null;
  /** Both begin with an hour at the group's mean, so that a newcomer neither floods nor starves. */
  calls: number;
  availableMs: number;
  /** On shift, logged in, not paused and reachable since; null: not now. */
  sinceMs: number | null;
  /** Calls per available hour × 1,000 when they last became free: it holds while they are, so that sets stay sorted. */
  load: number;
}

/** An organization's present day: what its agents' fair shares add up to, for the group's mean. */
export interface Day {
  v: 1;
  id: OrganizationId;
  /** Its midnight, epoch ms; and when the engine was told. */
  startMs: number;
  beganMs: number;
  calls: number;
  availableMs: number;
  /** Agents available now, and the sum of when each became so. */
  available: number;
  sinceSumMs: number;
}

/** `id`: `queue:caller`. Gone once it is taken. */
export interface Place extends KeptPlace {
  v: 1;
  id: string;
}

/** When a caller has called queues that keep places: at most the last four times. */
export interface Seen {
  v: 1;
  id: CallerToken;
  atMs: number[];
}

export interface Device {
  v: 2;
  id: DeviceId;
  /** Nothing is heard of it before it is rung: it counts as registered. */
  mobile: boolean;
  registered: boolean;
  pageGone: boolean;
  /** In a row; three make it unreachable (rule 5). */
  failures: number;
  reason: ReachabilityReason;
}

export interface Schedule {
  v: 1;
  id: ScheduleId;
  organizationId: OrganizationId;
  open: boolean;
  reason: ClosedReason | null;
  untilMs: number | null;
}

export interface Configured {
  v: 9;
  entity: ConfigurationEntity;
  id: string;
  version: number;
  /** null: removed. Kept for its version, so that an older value that comes late does not bring it back. */
  value: ConfigurationValue | null;
}

export interface Outstanding {
  v: 1;
  command: PbxCommand & { commandId: string };
  attempts: number;
}

export interface Deadline {
  v: 1;
  key: string;
  atMs: number;
}

export function emptyState(): State {
  return {
    cell: { v: 5, connected: false, placesKnown: false, callsMost: null },
    call: new Map(),
    visit: new Map(),
    offer: new Map(),
    forward: new Map(),
    situation: new Map(),
    outgoing: new Map(),
    agent: new Map(),
    device: new Map(),
    day: new Map(),
    place: new Map(),
    seen: new Map(),
    pace: new Map(),
    schedule: new Map(),
    configuration: new Map(),
    command: new Map(),
    deadline: new Map()
  };
}

/** The entity under a key as it is now; undefined when it has been removed. */
export function entityOf(state: State, key: EntityKey): Entity | undefined {
  if (key === 'cell') return state.cell;
  const colon = key.indexOf(':');
  const map = state[key.slice(0, colon) as Exclude<EntityKind, 'cell'>] as Map<string, Entity> | undefined;
  return map?.get(key.slice(colon + 1));
}

/** All entities as stored: key and JSON. */
export function save(state: State): Map<EntityKey, string> {
  const saved = new Map<EntityKey, string>([['cell', JSON.stringify(state.cell)]]);
  for (const [kind, entities] of Object.entries(state)) {
    if (!(entities instanceof Map)) continue;
    for (const [id, entity] of entities as Map<string, Entity>) saved.set(`${kind}:${id}`, JSON.stringify(entity));
  }
  return saved;
}

/**
 * The state as saved, each entity brought up to the present `v`. Keys of other kinds are left alone: the shell keeps
 * some of its own in the same hash. Throws when an entity is of a newer version than this code knows.
 */
export function load(entities: Iterable<readonly [EntityKey, string]>): State {
  const state = emptyState();
  for (const [key, json] of entities) loadEntity(state, key, json);
  return state;
}

/** One entity as saved, put in the place of what is there under its key; `json` null: it is no more. */
export function loadEntity(state: State, key: EntityKey, json: string | null): void {
  const colon = key.indexOf(':');
  const kind = colon < 0 ? key : key.slice(0, colon);
  if (!Object.hasOwn(state, kind)) return;
  if (kind === 'cell') {
    if (json !== null) state.cell = upgrade(kind, key, JSON.parse(json) as Entity) as Cell;
    return;
  }
  const entities = state[kind as Exclude<EntityKind, 'cell'>] as Map<string, Entity>;
  const id = key.slice(colon + 1);
  if (json === null) entities.delete(id);
  else entities.set(id, upgrade(kind, key, JSON.parse(json) as Entity));
}
