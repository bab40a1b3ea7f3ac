import type { Engine } from '#lib/acd/engine.ts';
import type { AgentIntent } from '#lib/acd/events.ts';
import { configured } from '#lib/acd/indexes.ts';
import { violations } from '#lib/acd/invariants.ts';
import { createCell } from '#lib/server/cell/cell.ts';
import type { Cell } from '#lib/server/cell/cell.ts';
import type { Clock } from '#lib/server/cell/clock.ts';
import type { Journal } from '#lib/server/cell/journal.ts';
import type { MemoryStore } from '#lib/server/cell/memory-store.ts';
import type { CellStore } from '#lib/server/cell/store.ts';
import type { Intents } from './intents.ts';
import type { Random, Streams } from './random.ts';
import type { SimulatedPbx } from './simulated-pbx.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { plain } from './watch.ts';
import type { Fail, Watch } from './watch.ts';
import type { World } from './world.ts';

export interface WorkerOptions {
  clock: VirtualClock;
  store: MemoryStore;
  journal: Journal;
  pbx: SimulatedPbx;
  streams: Streams;
  takeOver: boolean;
  world: World;
  intents: Intents;
  watch: Watch;
  fail: Fail;
  lost: () => void;
}
export interface Worker {
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
export function createWorker(options: WorkerOptions): Worker {
  const { clock, store, journal, pbx, streams, takeOver, world, intents, watch, fail, lost } = options;
  const mortal = clock.mortal();
  const adapter = pbx.adapter();
  let alive = true;
  let ready = false;
  const over = watch.over();
  const cell = createCell({
    cell: 1,
    pbx: adapter,
    store: slow(store, mortal.clock, streams, intents, () => alive),
    clock: mortal.clock,
    journal: mortalJournal(journal, () => alive),
    takeOver,
    knownEpoch: store.largestEpoch(),
    onFenced() {
      kill();
      lost();
    },
    onFatal(error) {
      const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
      fail(`no fault of ours (${message.split(':')[0]})`, stack);
    },
    onViolation: fail,
    observe: over
  });
  function kill(): void {
    alive = false;
    mortal.kill();
    adapter.die();
  }
  async function start(): Promise<void> {
    await cell.open();
    const whole = cell.engine.state.configuration.size > 0;
    for (const event of world.events()) void cell.tell(event).catch(() => undefined);
    const known = intents.onShift();
    const told = cell.tell({ type: 'intents-known', intents: known });
    told.then(() => alive && checkRestored(cell.engine, known, fail)).catch(() => undefined); // killed before it was told
    void cell.tell({ type: 'places-known', places: intents.places(whole) }).catch(() => undefined);
    await adapter.configureDevices([]);
    await cell.connect();
    ready = true;
  }
  start().catch((error: unknown) => fail('a worker starts', String(error)));

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

/** Nobody is logged out by what a worker lost: whoever was on shift is known to the state again. */
function checkRestored(engine: Engine, known: AgentIntent[], fail: Fail): void {
  for (const { agentId } of known)
    if (configured(engine.state, 'agent', agentId) && !engine.state.agent.has(agentId))
      fail('no shift is lost', agentId);
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
function slow(store: MemoryStore, clock: Clock, streams: Streams, intents: Intents, alive: () => boolean): CellStore {
  const wait = (random: Random) => new Promise<void>((resolve) => clock.after(random.between(0, 2), resolve));
  return {
    ...store,
    async readCommands(afterId) {
      const commands = await store.readCommands(afterId);
      return alive() ? commands : never();
    },
    async commit(commit) {
      const random = streams.of(`commit at ${clock.elapsedMs()} ms`);
      await wait(random);
      const result = await store.commit(commit);
      if (result === 'done') intents.follow(commit.facts);
      await wait(random);
      return result;
    }
  };
}
