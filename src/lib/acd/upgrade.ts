import type { ConfigurationEntity, ConfigurationValue } from './configuration.ts';
import type { Agent, Call, Cell, Configured, Entity, EntityKey, FairShare, Visit } from './state.ts';

/** What each kind is written as now; those not named are at 1. */
const versions: Record<string, number> = { cell: 3, agent: 2, call: 2, visit: 4, configuration: 4 };

/**
 * One entity as it was saved, brought up to the present `v`. Throws when it is of a newer version than this code knows.
 */
export function upgrade(kind: string, key: EntityKey, entity: Entity): Entity {
  const to = versions[kind] ?? 1;
  if (entity.v === to) return entity;
  if (entity.v > to) throw new Error(`state-too-new: ${key} has v ${String(entity.v)}`);
  switch (kind) {
    case 'cell':
      // Whole, and so it has all places itself; its capacity is told at each start.
      return { placesKnown: true, callsMost: null, ...(entity as Pick<Cell, 'connected'> & Partial<Cell>), v: 3 };
    case 'agent':
      return { ...(entity as Agent), v: 2, fair: noShare() };
    case 'call': {
      // One announcement was one file.
      const call = entity as Call;
      const playing = call.playing && { ...call.playing, media: [call.playing.media].flat() };
      return { ...call, v: 2, playing };
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
        saidPlace: null,
        saidWait: null,
        predicted: null
      };
      return { ...before, ...visit, v: 4 };
    }
    case 'configuration': {
      const { value, ...configured } = entity as Configured;
      return { ...configured, v: 4, value: value && withDefaults(value) };
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
  return { ...newSettings[value.type], ...value };
}

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
    waitingTimeEverySeconds: 120
  },
  number: priority,
  agent: { skills: [] },
  member: { wrapUpSeconds: null },
  organization: {},
  skill: {},
  temporary: {}
};
