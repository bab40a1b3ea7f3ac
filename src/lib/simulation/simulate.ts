import type { CallId, DeviceId, OfferId } from '#lib/acd/ids.ts';
import { createMemoryJournal } from '#lib/server/cell/journal.ts';
import { createMemoryStore } from '#lib/server/cell/memory-store.ts';
import type { MemoryStore } from '#lib/server/cell/memory-store.ts';
import { createIntents } from './intents.ts';
import { createWorker } from './mortal-worker.ts';
import type { Worker } from './mortal-worker.ts';
import { createRandom } from './random.ts';
import { createRobots } from './robots.ts';
import { createSimulatedPbx } from './simulated-pbx.ts';
import type { SimulatedPbx } from './simulated-pbx.ts';
import { createTrouble } from './trouble.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { createWatch } from './watch.ts';
import { createWorld } from './world.ts';

export interface SimulationResult {
  seed: number;
  /** Empty: all held. */
  failures: string[];
  /** Events handled, and virtual time passed. */
  events: number;
  virtualMs: number;
  /** Over everything told and decided: two runs of a seed agree byte for byte. */
  digest: string;
  calls: number;
  answered: number;
  restarts: number;
}

export interface SimulationOptions {
  /** After this share of the events all that is stored is compared with all that is in memory, and so are the indexes. */
  wholeShare?: number;
  /** Every event with what came of it, one line each. */
  trace?: (line: string) => void;
}

const safetyMs = 90_000;
const livenessMs = 600_000;

/**
 * One seed: a world, robots, the real cell and engine over the simulated PBX. First faults of every kind with the
 * rules checked after each step (safety), then none, until everything has come to an end (liveness).
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const random = createRandom(seed);
  const clock = createVirtualClock(1_795_000_000_000);
  const store = createMemoryStore(clock);
  const world = createWorld(random);
  const intents = createIntents(fail);
  const failures: string[] = [];
  const talking = new Map<CallId, OfferId>();
  const legs = new Map<DeviceId, Set<OfferId>>();
  const watch = createWatch({ seed, share: options.wholeShare, fail, trace: options.trace });
  const counts = { calls: 0, answered: 0, restarts: 0 };
  const workers: Worker[] = [];
  let worker: Worker;

  function fail(text: string): void {
    if (failures.length < 5) failures.push(`${(clock.elapsedMs() / 1_000).toFixed(3)} s: ${text}`);
  }

  const pbx: SimulatedPbx = createSimulatedPbx({
    clock,
    latencyMs: () => random.between(1, 5),
    playMs: (media) => (media === 'missing' ? null : 2_000),
    rings(offerId, deviceId) {
      legs.set(deviceId, (legs.get(deviceId) ?? new Set()).add(offerId));
      robots.rings(offerId, deviceId);
    },
    offerGone(offerId, deviceId) {
      legs.get(deviceId)?.delete(offerId);
      for (const [callId, other] of talking) if (other === offerId) talking.delete(callId);
    },
    callGone: (callId) => void talking.delete(callId),
    joined(offerId, callId) {
      const other = talking.get(callId);
      if (other && other !== offerId) fail(`a caller was joined to two agents: ${callId}`);
      talking.set(callId, offerId);
      counts.answered += 1;
      robots.joined(offerId, callId);
    }
  });
  const robots = createRobots({ random, clock, world, store, pbx: () => pbx });

  /** `journal`: what the one before has left, when it is its parent that starts this one. */
  function startWorker(takeOver: boolean, journal = createMemoryJournal()): Worker {
    counts.restarts += 1;
    const made = createWorker({ clock, store, journal, pbx, random, takeOver, world, intents, watch, fail, lost });
    workers.push(made);
    return made;
  }
  /** One was fenced: of two that started at once the earlier may have won. Were it the last, its parent starts another. */
  function lost(): void {
    if (worker.alive()) return;
    const other = workers.findLast((one) => one.alive());
    if (other) worker = other;
    else startNext();
  }
  function startNext(): void {
    worker.kill();
    const { journal } = worker;
    clock.after(random.between(50, 800), () => {
      // Another has come meanwhile: two would write into one journal, which their parent never lets happen.
      if (!worker.alive()) worker = startWorker(true, journal);
    });
  }

  worker = startWorker(false);
  robots.start();
  const trouble = createTrouble({
    random,
    clock,
    store,
    pbx,
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

  const run = async (untilMs: number, done: () => boolean = () => false) => {
    while (failures.length === 0 && !done() && (await clock.step(untilMs))) {
      for (const { rule, subject } of worker.check()) fail(`${rule}: ${subject}`);
      // Two legs at one device may overlap only while the first is told to go.
      for (const [deviceId, offers] of legs) if (offers.size > 2) fail(`rule 1: three legs at ${deviceId}`);
    }
  };
  trouble.begin();
  await run(safetyMs);
  trouble.end();
  robots.beCalm();
  // The last calls come within half a minute of peace.
  const peaceMs = safetyMs + 31_000;
  const atRest = () => clock.elapsedMs() > peaceMs && pbx.snapshot().calls.length === 0 && worker.atRest();
  await run(safetyMs + livenessMs, atRest);
  if (failures.length === 0 && !atRest()) fail(`not at rest at the end: ${worker.unrest()}`);
  worker.kill();
  if (workers.some((old) => old.alive())) fail('a worker that was replaced lives on');
  checkNumbers(store, fail);

  counts.calls = trouble.calls();
  return { seed, failures, events: watch.events(), virtualMs: clock.elapsedMs(), digest: watch.digest(), ...counts };
}

/** Facts of one epoch are in the stream without a gap, in order; only a store that was emptied begins further on. */
function checkNumbers(store: MemoryStore, fail: (text: string) => void): void {
  const places = store.facts.map(({ id: at }) => at.split('-').map(Number) as [number, number]);
  places.forEach(([epoch, n], at) => {
    const before = places[at - 1];
    if (before && (before[0] > epoch || (before[0] === epoch && before[1] + 1 !== n)))
      fail(`after fact ${before.join('-')} came ${epoch}-${n}`);
  });
}
