import type {
  ClosingSettings,
  ConfigurationEntity,
  ConfigurationValue,
  OutgoingLimits,
  TrunkSettings
} from './configuration.ts';
import type {
  Agent,
  Call,
  Cell,
  Configured,
  Device,
  Entity,
  EntityKey,
  FairShare,
  Offer,
  Outgoing,
  Visit
} from './state.ts';

/** What each kind is written as now; those not named are at 1. */
const versions: Record<string, number> = {
  cell: 5,
  agent: 3,
  call: 3,
  visit: 5,
  offer: 2,
  device: 2,
  outgoing: 2,
  configuration: 9
};

/**
 * One entity as it was saved, brought up to the present `v`. Throws when it is of a newer version than this code knows.
 */
export function upgrade(kind: string, key: EntityKey, entity: Entity): Entity {
  const to = versions[kind] ?? 1;
  if (entity.v === to) return entity;
  if (entity.v > to) throw new Error(`state-too-new: ${key} has v ${String(entity.v)}`);
  switch (kind) {
    case 'cell': {
      // Whole, and so it has all places itself; its capacity is told at each start.
      const { connected, placesKnown = true, callsMost = null } = entity as Pick<Cell, 'connected'> & Partial<Cell>;
      return { v: 5, connected, placesKnown, callsMost };
    }
    case 'agent': {
      // Those written before `fair`, and before devices could be chosen.
      const before = { fair: noShare(), nextDeviceId: null };
      return { ...before, ...(entity as Agent), v: 3 };
    }
    case 'offer':
      return { ...(entity as Offer), v: 2, mobile: null };
    case 'device':
      return { ...(entity as Device), v: 2, mobile: false };
    case 'call': {
      // One announcement was one file, and nobody was forwarded.
      const call = entity as Call;
      const playing = call.playing && { ...call.playing, media: [call.playing.media].flat() };
      return { ...call, v: 3, playing, forwardId: null, tried: null, hops: 0 };
    }
    case 'visit': {
      // Those written before kept places and skills: in the base pool, which is where they stood.
      const visit = entity as Visit;
      const before = {
        caller: null,
        placeKept: false,
        needs: [],
        needsSinceMs: visit.queuedAtMs,
        taken: false,
        hears: false,
        saidPlace: null,
        saidWait: null,
        predicted: null
      };
      return { ...before, ...visit, v: 5 };
    }
    case 'outgoing':
      // What trunks refuse was known of all of them together: each is asked once more.
      return { ...(entity as Outgoing), v: 2, ownNumberUntilMs: null };
    case 'configuration': {
      const { value, ...configured } = entity as Configured;
      return { ...configured, v: 9, value: value && withDefaults(value) };
    }
    default:
      throw new Error(`state-too-old: ${key} has v ${String(entity.v)}`);
  }
}

export const noShare = (): FairShare => ({ dayMs: null, calls: 0, availableMs: 0, sinceMs: null, load: 0 });

/**
 * A value written before a setting was there: what it means when nobody has set it. Those in Postgres stay as they were
 * written, so that one may come in by either way.
 */
export function withDefaults(value: ConfigurationValue): ConfigurationValue {
  const whole = { ...newSettings[value.type], ...value };
  return whole.type === 'organization' ? { ...whole, outgoing: { ...plainLimits, ...whole.outgoing } } : whole;
}

/** Callers wait for however many and however long, and nobody is forwarded. */
export const neverClosing: ClosingSettings = {
  closedTo: null,
  waitingMost: null,
  reopenAt: 0,
  waitedMostSeconds: null,
  situationTo: null,
  nobodyTo: null,
  unreachableTo: null,
  unreachableSeconds: 60,
  ringSeconds: 25,
  unanswered: 'return',
  presentNumber: null
};

/** Swedish numbers but those that cost extra; what a minute to them may cost is a guess on the dear side. */
export const plainLimits: OutgoingLimits = {
  allowed: ['+46'],
  barred: ['+46900', '+46939', '+46944', '+4699'],
  callsPerMinute: 30,
  prices: [
    { prefix: '+467', orePerMinute: 60 },
    { prefix: '+46', orePerMinute: 20 }
  ],
  dayMostOre: 100_000,
  talkMostMinutes: 240
};

/** The installation's own trunk, with international numbers, which takes any caller's. */
export const plainTrunk: TrunkSettings = {
  name: 'trunk',
  countryCode: '46',
  dialledIn: 'request',
  comesAs: 'any',
  sendsAs: 'plus',
  takesForeign: true,
  asserted: true
};

const priority = { needs: [], creditSeconds: 0, strict: false };
const newSettings: Record<ConfigurationEntity, object> = {
  queue: {
    ...priority,
    tags: [],
    parallelAgents: 1,
    bestSkillFirst: false,
    keepPlaceSeconds: 0,
    closedBy: {},
    position: null,
    positionEverySeconds: 60,
    positionMost: 10,
    waitingTime: null,
    waitingTimeEverySeconds: 120,
    music: null,
    closing: neverClosing
  },
  number: priority,
  agent: { skills: [], others: [], language: 'sv' },
  member: { wrapUpSeconds: null },
  organization: { outgoing: plainLimits, trunk: plainTrunk, pauseReasons: [] },
  skill: {},
  temporary: {}
};
