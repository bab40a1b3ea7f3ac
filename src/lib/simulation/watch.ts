import { createEngine } from '#lib/acd/engine.ts';
import type { Engine, Handled } from '#lib/acd/engine.ts';
import type { EngineInput } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import type { VisitId } from '#lib/acd/ids.ts';
import { indexViolations, orderViolations } from '#lib/acd/invariants.ts';
import type { Violation } from '#lib/acd/invariants.ts';
import { compareText } from '#lib/acd/sorted.ts';
import type { SpokenWait } from '#lib/acd/speech.ts';
import { load, loadEntity, save } from '#lib/acd/state.ts';
import type { State } from '#lib/acd/state.ts';
import { mayBeSaid } from '#lib/acd/waiting-time.ts';
import { createDay } from '#lib/live/day.ts';
import { createProjection, readState } from '#lib/live/project.ts';
import type { Projection } from '#lib/live/project.ts';
import { createRandom, hashOf } from './random.ts';
import type { Recorder } from './transcript.ts';
import { organizationId } from './values.ts';

/** Whole comparisons cost as much as the rest of a seed together; the projection's most of all. */
const wholeShare = 0.05;
const projectionShare = 0.3;

/** A rule, named by what should be so, does not hold for `subject`. */
export type Fail = (rule: string, subject: string) => void;

export interface WatchOptions {
  /** After this share of the events all that is stored is compared with all that is in memory, and so are the indexes. */
  share?: number;
  /** Every event with what came of it, one line each. */
  trace?: (line: string) => void;
  /** Rules of one's own, asked after each event. */
  rules?: (engine: Engine, handled: Handled, input: EngineInput) => Violation[];
  recorder?: Recorder;
}

export type Watch = ReturnType<typeof createWatch>;

/**
 * Looks over the engine's shoulder: the digest; the keys it says have changed are all that have; one read back from
 * them decides the same; a projection that folds its facts shows what its state shows.
 */
export function createWatch(options: WatchOptions & { seed: number; fail: Fail }) {
  const { share = wholeShare, fail, trace, rules, recorder } = options;
  // Of its own, so that how much is checked does not change what happens.
  const random = createRandom(options.seed ^ 0x5eed);
  let events = 0;
  /** What each visit was told last (P8, P9): whatever is lost, its caller remembers. */
  const saidPlaces = new Map<VisitId, number>();
  const saidWaits = new Map<VisitId, SpokenWait>();
  let hash = hashOf('');

  function compare(rule: string, a: unknown, b: unknown): void {
    // Mostly they are equal to the letter, which is soon seen.
    if (!isMaps(a) && JSON.stringify(a) === JSON.stringify(b)) return;
    const [one, other] = [JSON.stringify(a, plain), JSON.stringify(b, plain)];
    if (one !== other) fail(rule, difference(one, other));
  }

  function listen(facts: Fact[]): void {
    for (const fact of facts) {
      if (fact.type !== 'announced' || fact.visitId === null || fact.failed) continue;
      const { visitId, place, wait } = fact;
      if (place !== undefined) {
        if (place > (saidPlaces.get(visitId) ?? Infinity)) fail('no worse place is said than before (P8)', visitId);
        saidPlaces.set(visitId, place);
      }
      if (wait) {
        if (!mayBeSaid(wait, saidWaits.get(visitId) ?? null)) fail('no longer wait is said than before (P9)', visitId);
        saidWaits.set(visitId, wait);
      }
    }
  }

  return {
    events: () => events,
    digest: () => hash.toString(16).padStart(8, '0'),
    /** For one worker, from its first event on. */
    over() {
      let stored: Map<string, string> | null = null;
      let readBack: State | null = null;
      let projection: Projection | null = null;
      let record: ReturnType<Recorder['over']> | null = null;
      return {
        before(input: EngineInput, engine: Engine): () => Handled | null {
          stored ??= save(engine.state);
          projection ??= createProjection({ organizationId, entities: stored, day: createDay('UTC', input.nowMs) });
          readBack ??= load(stored);
          record ??= recorder?.over(stored) ?? null;
          const shadow = createEngine(readBack);
          return () => shadow.handle(input);
        },
        after(input: EngineInput, handled: Handled, engine: Engine, shadow: () => Handled | null): void {
          events += 1;
          hash = hashOf(JSON.stringify([input, handled]), hash);
          trace?.(JSON.stringify({ ...input, commands: handled.commands, facts: handled.facts }));
          for (const key of handled.changed) {
            const entity = engine.entity(key);
            if (entity) stored!.set(key, JSON.stringify(entity));
            else stored!.delete(key);
          }
          record?.(input, handled, stored!);
          compare('read back, it decides the same', shadow(), handled);
          // What it has just changed is read back anew; the rest stays as it was read back before.
          for (const key of handled.changed) loadEntity(readBack!, key, stored!.get(key) ?? null);
          const { state, indexes } = engine;
          for (const { rule, subject } of [
            ...orderViolations(state, indexes, handled.facts, input.nowMs),
            ...(rules?.(engine, handled, input) ?? [])
          ])
            fail(rule, subject);
          listen(handled.facts);
          projection!.apply(handled.facts);
          if (!random.chance(share)) return;
          for (const { rule, subject } of indexViolations(state, indexes)) fail(rule, subject);
          const whole = save(state);
          const same = whole.size === stored!.size && [...whole].every(([key, json]) => stored!.get(key) === json);
          if (!same) compare('what it says has changed is all', stored, whole);
          if (share === 1 || random.chance(projectionShare))
            compare('the projection shows what the state shows', projection!.live, readState(state, organizationId));
        }
      };
    }
  };
}

/** JSON shows nothing of maps, so that its letters prove nothing. */
function isMaps(value: unknown): boolean {
  return value instanceof Map || Object.values(value ?? {}).some((part) => part instanceof Map);
}

/** Maps, sets and fields in order of key, so that only what they hold counts. */
export function plain(_: string, value: unknown): unknown {
  if (value instanceof Map) return [...value].toSorted(byKey);
  if (value instanceof Set) return [...(value as Set<string>)].toSorted(compareText);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(byKey));
}

function byKey(a: [unknown, unknown], b: [unknown, unknown]): number {
  return compareText(String(a[0]), String(b[0]));
}

function difference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const from = Math.max(0, at - 80);
  return `…${a.slice(from, at + 120)}… against …${b.slice(from, at + 120)}…`;
}
