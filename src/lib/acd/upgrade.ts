import type { ConfigurationEntity } from './configuration.ts';
import type { Agent, Cell, Configured, Entity, EntityKey, FairShare, Visit } from './state.ts';

/** What each kind is written as now; those not named are at 1. */
const versions: Record<string, number> = { cell: 3, agent: 2, visit: 2, configuration: 2 };

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
    case 'visit': {
      // Those written before kept places and skills: in the base pool, which is where they stood.
      const visit = entity as Visit;
      return {
        ...visit,
        v: 2,
        caller: null,
        placeKept: false,
        needs: [],
        needsSinceMs: visit.queuedAtMs,
        taken: false
      };
    }
    case 'configuration':
      return { ...withDefaults(entity as Configured), v: 2 };
    default:
      throw new Error(`state-too-old: ${key} has v ${String(entity.v)}`);
  }
}

export const noShare = (): FairShare => ({ dayMs: null, calls: 0, availableMs: 0, sinceMs: null, load: 0 });

/** Values written before the matcher was whole: what the new settings mean when nobody has set them. */
function withDefaults(configured: Configured): Configured {
  if (configured.value === null) return configured;
  return { ...configured, value: { ...newSettings[configured.value.type], ...configured.value } };
}

const priority = { needs: [], creditSeconds: 0, strict: false };
const newSettings: Record<ConfigurationEntity, object> = {
  queue: { ...priority, parallelAgents: 1, bestSkillFirst: false, keepPlaceSeconds: 0 },
  number: priority,
  agent: { skills: [] },
  member: { wrapUpSeconds: null },
  organization: {},
  skill: {}
};
