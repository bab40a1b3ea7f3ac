import type { DeviceId, OfferId } from '#lib/acd/ids.ts';
import { createMemoryJournal } from '#lib/server/cell/journal.ts';
import { createMemoryStore } from '#lib/server/cell/memory-store.ts';
import type { MemoryStore } from '#lib/server/cell/memory-store.ts';
import { createIntents } from './intents.ts';
import { createWorker } from './mortal-worker.ts';
import type { Worker } from './mortal-worker.ts';
import { createMishaps } from './mishaps.ts';
import { peacefulCallsMs, planOf, troubleMs } from './plan.ts';
import type { Act } from './plan.ts';
import { createStreams } from './random.ts';
import type { Random } from './random.ts';
import { createRobots } from './robots.ts';
import { createSimulatedPbx } from './simulated-pbx.ts';
import type { SimulatedPbx } from './simulated-pbx.ts';
import { createTrouble } from './trouble.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { createWatch } from './watch.ts';
import type { Fail, WatchOptions } from './watch.ts';
import { createWorld } from './world.ts';

export interface SimulationResult {
  seed: number;
  /** Empty: all held. With the moment, and what it was. */
  failures: string[];
  /** The name of the first rule that did not hold; null: all held, or the simulator itself failed. */
  rule: string | null;
  /** Events handled, and virtual time passed. */
  events: number;
  virtualMs: number;
  /** Over everything told and decided: two runs of a seed agree byte for byte. */
  digest: string;
  calls: number;
  answered: number;
  restarts: number;
}

export interface SimulationOptions extends Pick<WatchOptions, 'trace' | 'rules' | 'recorder'> {
  /** See `WatchOptions.share`. */
  wholeShare?: number;
  /** Acts of the plan, by number; the others are left out. */
  only?: ReadonlySet<number>;
  /** Each act when it is done, in words. */
  done?: (act: Act, text: string) => void;
  /** It ends here, whether all has come to an end or not. */
  untilMs?: number;
}

const livenessMs = 600_000;

/**
 * One seed: a world, robots, the real cell and engine over the simulated PBX. First faults of every kind with the
 * rules checked after each step (safety), then none, until everything has come to an end (liveness).
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const { trace, rules, recorder, only, done, untilMs = troubleMs + livenessMs } = options;
  const streams = createStreams(seed);
  const clock = createVirtualClock(1_795_000_000_000);
  const store = createMemoryStore(clock);
  const world = createWorld(streams.of('world'));
  const intents = createIntents(fail);
  const failures: string[] = [];
  const legs = new Map<DeviceId, Set<OfferId>>();
  const watch = createWatch({ seed, share: options.wholeShare, fail, trace, rules, recorder });
  const counts = { calls: 0, answered: 0, restarts: 0 };
  const workers: Worker[] = [];
  let worker: Worker;

  let rule: string | null = null;

  function fail(broken: string, subject: string): void {
    rule ??= broken;
    if (failures.length < 5) failures.push(`${(clock.elapsedMs() / 1_000).toFixed(3)} s: ${broken}: ${subject}`);
  }

  const mishaps = createMishaps(streams, (afterMs) => void clock.after(afterMs, () => worker.cut()));
  const pbx: SimulatedPbx = createSimulatedPbx({
    clock,
    latencyMs: mishaps.latencyMs,
    playMs: (media) => (media === 'missing' ? null : 2_000),
    rings(offerId, deviceId, callId) {
      legs.set(deviceId, (legs.get(deviceId) ?? new Set()).add(offerId));
      robots.rings(offerId, deviceId, callId);
    },
    offerGone(offerId, deviceId) {
      legs.get(deviceId)?.delete(offerId);
    },
    dialled: (forwardId, to, callId) => robots.dialled(forwardId, to, callId),
    joined(offerId, callId) {
      if (pbx.partnersOf(callId) > 1) fail('a caller is joined to one agent', callId);
      counts.answered += 1;
      robots.joined(offerId, callId);
    }
  });
  const robots = createRobots({ streams, clock, world, store, pbx: () => pbx });

  /** `journal`: what the one before has left, when it is its parent that starts this one. */
  function startWorker(takeOver: boolean, journal = createMemoryJournal()): Worker {
    counts.restarts += 1;
    const made = createWorker({ clock, store, journal, pbx, streams, takeOver, world, intents, watch, fail, lost });
    workers.push(made);
    return made;
  }
  /** One was fenced: of two that started at once the earlier may have won. Were it the last, its parent starts another. */
  function lost(): void {
    if (worker.alive()) return;
    const other = workers.findLast((one) => one.alive());
    if (other) worker = other;
    else startNext(streams.next('its parent'));
  }
  function startNext(random: Random): void {
    worker.kill();
    const { journal } = worker;
    clock.after(random.between(50, 800), () => {
      // Another has come meanwhile: two would write into one journal, which their parent never lets happen.
      if (!worker.alive()) worker = startWorker(true, journal);
    });
  }

  worker = startWorker(false);
  const trouble = createTrouble({
    acts: planOf(streams, world.agents.length).filter(({ n }) => only?.has(n) ?? true),
    done,
    streams,
    clock,
    store,
    pbx,
    mishaps,
    robots,
    world,
    worker: () => worker,
    restart: startNext,
    usurp
  });
  function usurp(): void {
    // Another takes over while this one lives on: it must notice by itself.
    worker = startWorker(true);
  }

  const run = async (toMs: number, over: () => boolean = () => false) => {
    while (failures.length === 0 && !over() && (await clock.step(Math.min(toMs, untilMs)))) {
      for (const broken of worker.check()) fail(broken.rule, broken.subject);
      // Two legs at one device may overlap only while the first is told to go.
      for (const [deviceId, offers] of legs)
        if (offers.size > 2) fail('rule 1: a device has two legs at most', deviceId);
    }
  };
  trouble.begin();
  await run(troubleMs);
  trouble.end();
  robots.beCalm();
  const callsComeMs = troubleMs + peacefulCallsMs;
  const atRest = () => clock.elapsedMs() > callsComeMs && pbx.legs() === 0 && worker.atRest();
  await run(troubleMs + livenessMs, atRest);
  if (failures.length === 0 && !atRest() && clock.elapsedMs() >= troubleMs + livenessMs)
    fail('all comes to rest', worker.unrest());
  worker.kill();
  if (workers.some((old) => old.alive())) fail('a worker that was replaced is gone', '');
  checkNumbers(store, fail);

  counts.calls = trouble.calls();
  return {
    seed,
    failures,
    rule,
    events: watch.events(),
    virtualMs: clock.elapsedMs(),
    digest: watch.digest(),
    ...counts
  };
}

/** Facts of one epoch are in the stream without a gap, in order; only a store that was emptied begins further on. */
function checkNumbers(store: MemoryStore, fail: Fail): void {
  const places = store.facts.map(({ id: at }) => at.split('-').map(Number) as [number, number]);
  places.forEach(([epoch, n], at) => {
    const before = places[at - 1];
    if (before && (before[0] > epoch || (before[0] === epoch && before[1] + 1 !== n)))
      fail('facts have no gap', `${epoch}-${n} came after ${before.join('-')}`);
  });
}
