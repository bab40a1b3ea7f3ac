import { createEngine } from '#lib/acd/engine.ts';
import type { Engine, Handled } from '#lib/acd/engine.ts';
import type { AgentIntent, EngineInput } from '#lib/acd/events.ts';
import { configured } from '#lib/acd/indexes.ts';
import { indexViolations, orderViolations, violations } from '#lib/acd/invariants.ts';
import { id } from '#lib/acd/ids.ts';
import type { CallId, DeviceId, OfferId } from '#lib/acd/ids.ts';
import { compareText } from '#lib/acd/sorted.ts';
import { load, loadEntity, save } from '#lib/acd/state.ts';
import type { State } from '#lib/acd/state.ts';
import { createDay } from '#lib/live/day.ts';
import { createProjection, readState } from '#lib/live/project.ts';
import type { Projection } from '#lib/live/project.ts';
import { createCell } from '#lib/server/cell/cell.ts';
import type { Cell } from '#lib/server/cell/cell.ts';
import type { Clock } from '#lib/server/cell/clock.ts';
import { createMemoryJournal } from '#lib/server/cell/journal.ts';
import type { Journal } from '#lib/server/cell/journal.ts';
import { createMemoryStore } from '#lib/server/cell/memory-store.ts';
import type { MemoryStore } from '#lib/server/cell/memory-store.ts';
import type { CellStore } from '#lib/server/cell/store.ts';
import { createIntents } from './intents.ts';
import type { Intents } from './intents.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { createRobots } from './robots.ts';
import { createSimulatedPbx } from './simulated-pbx.ts';
import type { Faults, SimulatedPbx } from './simulated-pbx.ts';
import { createVirtualClock } from './virtual-clock.ts';
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
const callsAtPeace = 5;
/** Whole comparisons cost as much as the rest of a seed together; the projection's most of all. */
const wholeShare = 0.05;
const projectionShare = 0.3;

/**
 * One seed: a world, robots, the real cell and engine over the simulated PBX. First faults of every kind with the
 * rules checked after each step (safety), then none, until everything has come to an end (liveness).
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const random = createRandom(seed);
  const clock = createVirtualClock(1_795_000_000_000);
  const store = createMemoryStore(clock);
  const world = createWorld(random);
  const intents = createIntents();
  const failures: string[] = [];
  const talking = new Map<CallId, OfferId>();
  const legs = new Map<DeviceId, Set<OfferId>>();
  const watch = createWatch({ seed, share: options.wholeShare ?? wholeShare, fail, trace: options.trace });
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

type Watch = ReturnType<typeof createWatch>;

/**
 * Looks over the engine's shoulder: the digest; the keys it says have changed are all that have; one read back from
 * them decides the same; a projection that folds its facts shows what its state shows.
 */
function createWatch(options: {
  seed: number;
  share: number;
  fail: (text: string) => void;
  trace?: (line: string) => void;
}) {
  const { share, fail, trace } = options;
  // Of its own, so that how much is checked does not change what happens.
  const random = createRandom(options.seed ^ 0x5eed);
  const organizationId = id.organization('org');
  let events = 0;
  let hash = 0x811c9dc5;
  const mix = (text: string) => {
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  };

  function compare(what: string, a: unknown, b: unknown): void {
    // Mostly they are equal to the letter, which is soon seen.
    if (!isMaps(a) && JSON.stringify(a) === JSON.stringify(b)) return;
    const [one, other] = [JSON.stringify(a, plain), JSON.stringify(b, plain)];
    if (one !== other) fail(`${what}: ${difference(one, other)}`);
  }

  return {
    events: () => events,
    digest: () => hash.toString(16).padStart(8, '0'),
    /** For one worker, from its first event on. */
    over() {
      let stored: Map<string, string> | null = null;
      let readBack: State | null = null;
      let projection: Projection | null = null;
      return {
        before(input: EngineInput, engine: Engine): () => Handled | null {
          stored ??= save(engine.state);
          projection ??= createProjection({ organizationId, entities: stored, day: createDay('UTC', input.nowMs) });
          readBack ??= load(stored);
          const shadow = createEngine(readBack);
          return () => shadow.handle(input);
        },
        after(input: EngineInput, handled: Handled, engine: Engine, shadow: () => Handled | null): void {
          events += 1;
          mix(JSON.stringify([input, handled]));
          trace?.(JSON.stringify({ ...input, commands: handled.commands, facts: handled.facts }));
          for (const key of handled.changed) {
            const entity = engine.entity(key);
            if (entity) stored!.set(key, JSON.stringify(entity));
            else stored!.delete(key);
          }
          const other = shadow()!;
          compare(`read back, it decides otherwise on ${input.event.type}`, other, handled);
          // What it has just changed is read back anew; the rest stays as it was read back before.
          for (const key of handled.changed) loadEntity(readBack!, key, stored!.get(key) ?? null);
          for (const { rule, subject } of orderViolations(engine.state, engine.indexes, handled.facts, input.nowMs))
            fail(`${rule}: ${subject}`);
          projection!.apply(handled.facts);
          if (!random.chance(share)) return;
          for (const { rule, subject } of indexViolations(engine.state, engine.indexes)) fail(`${rule}: ${subject}`);
          const whole = save(engine.state);
          const same = whole.size === stored!.size && [...whole].every(([key, json]) => stored!.get(key) === json);
          if (!same) compare('what it says has changed is not all', stored, whole);
          if (share === 1 || random.chance(projectionShare))
            compare('the projection shows otherwise', projection!.live, readState(engine.state, organizationId));
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
function plain(_: string, value: unknown): unknown {
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

interface WorkerOptions {
  clock: ReturnType<typeof createVirtualClock>;
  store: MemoryStore;
  journal: Journal;
  pbx: SimulatedPbx;
  random: Random;
  takeOver: boolean;
  world: ReturnType<typeof createWorld>;
  intents: Intents;
  watch: Watch;
  fail: (text: string) => void;
  lost: () => void;
}
interface Worker {
  readonly journal: Journal;
  kill(): void;
  alive(): boolean;
  cut(): void;
  tell(event: Parameters<Cell['tell']>[0]): void;
  check(): { rule: string; subject: string }[];
  atRest(): boolean;
  unrest(): string;
}

/** A process with a cell in it: it can be killed at any step, and what it had not yet sent is then never sent. */
function createWorker(options: WorkerOptions): Worker {
  const { clock, store, journal, pbx, random, takeOver, world, intents, watch, fail, lost } = options;
  const mortal = clock.mortal();
  const adapter = pbx.adapter();
  let alive = true;
  let ready = false;
  const over = watch.over();
  const cell = createCell({
    cell: 1,
    pbx: adapter,
    store: slow(store, mortal.clock, random, intents, () => alive),
    clock: mortal.clock,
    journal: mortalJournal(journal, () => alive),
    takeOver,
    knownEpoch: store.largestEpoch(),
    onFenced() {
      kill();
      lost();
    },
    onFatal: (error) => fail(`fatal: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    onViolation: (rule, subject) => fail(`${rule}: ${subject}`),
    observe: over
  });
  function kill(): void {
    alive = false;
    mortal.kill();
    adapter.die();
  }
  async function start(): Promise<void> {
    await cell.open();
    for (const event of world.events()) void cell.tell(event).catch(() => undefined);
    const known = intents.onShift();
    const told = cell.tell({ type: 'intents-known', intents: known });
    told.then(() => alive && checkRestored(cell.engine, known, fail)).catch(() => undefined); // killed before it was told
    await adapter.configureDevices([]);
    await cell.connect();
    ready = true;
  }
  start().catch((error: unknown) => fail(`start: ${String(error)}`));

  return {
    journal,
    kill,
    alive: () => alive,
    cut: () => adapter.cut(),
    tell: (event) => void (alive && cell.tell(event).catch(() => undefined)),
    check: () => (alive && ready ? violations(cell.engine.state, cell.engine.indexes) : []),
    atRest() {
      const { state } = cell.engine;
      const legs = state.call.size + state.visit.size + state.offer.size + state.command.size;
      return alive && ready && state.cell.connected && legs === 0 && cell.health().durable;
    },
    unrest() {
      const { cell: connection, call, visit, offer, command, deadline } = cell.engine.state;
      const maps = { call, visit, offer, command, deadline };
      return JSON.stringify({ alive, ready, connection, health: cell.health(), ...maps }, plain).slice(0, 3_000);
    }
  };
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

/** Nobody is logged out by what a worker lost: whoever was on shift is known to the state again. */
function checkRestored(engine: Engine, known: AgentIntent[], fail: (text: string) => void): void {
  for (const { agentId } of known)
    if (configured(engine.state, 'agent', agentId) && !engine.state.agent.has(agentId))
      fail(`the shift of ${agentId} is lost`);
}

const never = () => new Promise<never>(() => undefined);

/** A process that was killed writes nothing more to its disk. */
function mortalJournal(journal: Journal, alive: () => boolean): Journal {
  return {
    append: (commit) => (alive() ? journal.append(commit) : never()),
    read: (from) => (alive() ? journal.read(from) : never()),
    end: () => journal.end(),
    clear: () => (alive() ? journal.clear() : never()),
    setAside: () => (alive() ? journal.setAside() : never()),
    sync: () => journal.sync(),
    close: () => journal.close(),
    get ready() {
      return journal.ready;
    },
    get filled() {
      return journal.filled;
    }
  };
}

/** Commits take time, before and after they are done, so that a worker can die on either side of one. */
function slow(store: MemoryStore, clock: Clock, random: Random, intents: Intents, alive: () => boolean): CellStore {
  const wait = () => new Promise<void>((resolve) => clock.after(random.between(0, 2), resolve));
  return {
    ...store,
    async readCommands(afterId) {
      const commands = await store.readCommands(afterId);
      return alive() ? commands : never();
    },
    async commit(commit) {
      await wait();
      const result = await store.commit(commit);
      if (result === 'done') intents.follow(commit.facts);
      await wait();
      return result;
    }
  };
}

interface TroubleOptions {
  random: Random;
  clock: ReturnType<typeof createVirtualClock>;
  store: MemoryStore;
  pbx: SimulatedPbx;
  robots: ReturnType<typeof createRobots>;
  world: ReturnType<typeof createWorld>;
  worker: () => Worker;
  restart: () => void;
  usurp: () => void;
}

/** What happens in the safety phase: calls, people's whims, and everything that can break. */
function createTrouble({ random, clock, store, pbx, robots, world, worker, restart, usurp }: TroubleOptions) {
  let on = false;
  let calls = 0;
  const every = (lowMs: number, highMs: number, run: () => void): void => {
    clock.after(random.between(lowMs, highMs), () => {
      if (!on) return;
      run();
      every(lowMs, highMs, run);
    });
  };
  // An event is lost only with its connection: what came over it is made good by the next snapshot.
  const cutSoon = () => void clock.after(random.between(10, 1_500), () => worker().cut());
  const faults: Faults = {
    event() {
      const type = random.weighted({ none: 96, repeated: 2, late: 1.5, lost: 0.5 });
      if (type === 'lost') cutSoon();
      return type === 'late' ? { type, ms: random.between(1, 400) } : { type };
    },
    command: () => random.weighted({ none: 97, silent: 2, refused: 1 })
  };
  function call(): void {
    calls += 1;
    robots.call();
  }
  return {
    calls: () => calls,
    begin() {
      on = true;
      if (random.chance(0.8)) pbx.setFaults(faults);
      // A quiet day, or more calls than the agents can take.
      every(500, random.pick([2_000, 9_000]), call);
      every(1_000, 8_000, robots.act);
      every(5_000, 40_000, () => worker().tell(world.change()));
      every(10_000, 60_000, () => worker().cut());
      every(10_000, 50_000, () => {
        if (random.chance(0.1)) store.empty();
        restart();
      });
      every(20_000, 90_000, usurp);
      every(20_000, 90_000, () => {
        store.setAway(true);
        clock.after(random.between(100, 6_000), () => store.setAway(false));
      });
      every(20_000, 90_000, () => clock.stepWall(random.between(-3_600_000, 3_600_000)));
    },
    end() {
      on = false;
      store.setAway(false);
      pbx.setFaults({ event: () => ({ type: 'none' }), command: () => 'none' });
      // Events lost just now are made good.
      worker().cut();
      for (let n = 0; n < callsAtPeace; n += 1) clock.after(random.between(1_000, 30_000), call);
    }
  };
}
