import type { Command } from '#lib/acd/commands.ts';
import { createEngine } from '#lib/acd/engine.ts';
import type { Engine, Handled } from '#lib/acd/engine.ts';
import type { Click, EngineEvent, EngineInput } from '#lib/acd/events.ts';
import type { AgentId } from '#lib/acd/ids.ts';
import { indexViolations, violations } from '#lib/acd/invariants.ts';
import { load } from '#lib/acd/state.ts';
import type { EntityKey } from '#lib/acd/state.ts';
import type { DialledCode, Pbx } from '../pbx/port.ts';
import type { Clock, Timer } from './clock.ts';
import { createCarryOut } from './carry-out.ts';
import { createCatchUp } from './catch-up.ts';
import { bringIn, createCommitter } from './committer.ts';
import { createDeadlines } from './deadlines.ts';
import { createInbox } from './inbox.ts';
import type { Inbox } from './inbox.ts';
import { createMemoryJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { createPeople } from './people.ts';
import type { CellStore, Reply } from './store.ts';

export interface CellOptions {
  /** Number of the cell. */
  cell: number;
  pbx: Pbx;
  store: CellStore;
  clock: Clock;
  /** What is decided while the store is away; in memory when there is none, and lost with the process. */
  journal?: Journal;
  /** The largest epoch Postgres has seen (history's cursor); 0 when there is none. */
  knownEpoch?: number;
  /** The parent has ended the worker before: its lease need not run out. */
  takeOver?: boolean;
  /** Another rules this cell, or our lease is lost: the process must exit at once. Called once. */
  onFenced(reason: string): void;
  /** A fault of ours: the state in memory may be half changed. The process must exit; the next goes on from the last commit. */
  onFatal(error: unknown): void;
  /** A matcher's rule does not hold. Told, counted, and gone on. */
  onViolation?(rule: string, subject: string): void;
  /** A device has dialled a code; whoever is told ends the leg (`Pbx.endCode`). */
  onCode?(dialled: DialledCode): void;
  log?(level: 'info' | 'warn', text: string): void;
  /** Sees each event go into the engine and what comes out: for the simulator and recordings. */
  observe?: Observer;
}

export interface Observer {
  /** What it gives is handed to `after`. */
  before(input: EngineInput, engine: Engine): () => Handled | null;
  after(input: EngineInput, handled: Handled, engine: Engine, kept: () => Handled | null): void;
}

export interface CellHealth {
  lease: boolean;
  epoch: number;
  /** The state and the PBX have been brought together since the last connection. */
  reconciled: boolean;
  /** What was decided is stored; false: in memory only, the store is away. */
  durable: boolean;
  /** When the last commit was done, epoch ms of the cell's clock; null: none yet. */
  lastCommitMs: number | null;
  /** Facts lost for good because the store was away, and the journal full or not to be written. */
  factsDropped: number;
  violations: number;
}

export interface Cell {
  /** Takes the lease (waits for it), reads the state, begins to read clicks. Configuration may be told from here on. */
  open(): Promise<void>;
  /** Connects the PBX: from now on calls come. Rejects only when it fails for good. */
  connect(): Promise<void>;
  /** Something that happened, not by PBX or click: configuration, hours. Resolves once committed, with its facts' ids. */
  tell(event: EngineEvent): Promise<string[]>;
  /** A click that comes from nobody's page, permitted already. Resolves once committed, or after 2 s without an answer. */
  click(agentId: AgentId, click: Click): Promise<Reply>;
  /** Ends our part; calls go on in the PBX. */
  stop(): Promise<void>;
  health(): CellHealth;
  /** Monotonic: what facts are stamped with. */
  nowMs(): number;
  /** For a look only. */
  readonly engine: Engine;
}

const leaseRetryMs = 250;
const beatMs = 1_000;
const clockStepMs = 2_000;
const clickWithinMs = 2_000;
const invariantsEveryBeats = 5;
/** Events handled in one batch at most, so that a flood does not keep the first one's commands waiting. */
const batchLimit = 256;

interface Input {
  event: EngineEvent | Promise<EngineEvent>;
  committed?: (factIds: string[]) => void;
}

/**
 * The shell around the engine (design.md, *The shell*): events in, one commit per batch, then the commands. It uses
 * what it is given and nothing else, so that the simulator drives this very code.
 */
export function createCell(options: CellOptions): Cell {
  const { pbx, store, clock, journal = createMemoryJournal() } = options;
  const warn = (text: string) => options.log?.('warn', text);
  let engine = createEngine();
  let people = createPeople(engine, store, warn);
  let committer: ReturnType<typeof createCommitter>;
  let catchUp: ReturnType<typeof createCatchUp>;
  let inbox: Inbox | null = null;
  let epoch = 0;
  let stopped = false;
  let sequence = 0;
  let lastCommitMs: number | null = null;
  let reconciled = false;
  let broken = 0;
  let beats = 0;
  let beatTimer: Timer | null = null;
  let startMs = 0;
  let startElapsedMs = 0;
  let wallOffsetMs = 0;
  let pumping = false;
  const inputs: Input[] = [];
  /**
   * Changed by events that decided nothing (a command was carried out): no command, fact or answer depends on it, so it
   * goes with the next commit, or with the beat. Lost with the process, it is as if the event had come in the gap.
   */
  const carried = new Set<EntityKey>();
  let carriedDue = false;
  /** Who waits for a commit, to be told when there will be none. */
  const told = new Set<() => void>();
  /** Clicks of our own that wait for their reply. */
  const clicked = new Map<string, (reply: Reply) => void>();
  let clicks = 0;
  const carryOut = createCarryOut({
    pbx,
    clock,
    people: () => people,
    reply(reply) {
      const own = clicked.get(reply.commandId);
      if (own) own(reply);
      else inbox?.reply(reply);
    },
    answered: (event) => push({ event }),
    stopped: () => stopped,
    fatal
  });

  const nowMs = () => Math.floor(startMs + clock.elapsedMs() - startElapsedMs);
  const deadlines = createDeadlines(clock, nowMs, (key) => push({ event: { type: 'deadline', key } }));

  function push(input: Input): void {
    if (stopped) return;
    inputs.push(input);
    if (!pumping) pump().catch(fatal);
  }

  /** While one batch is being committed the next gathers. */
  async function pump(): Promise<void> {
    pumping = true;
    try {
      while ((inputs.length > 0 || catchUp.toFinish || carriedDue) && !stopped) {
        if (catchUp.toFinish) {
          await catchUp.finish();
          continue;
        }
        const batch = inputs.splice(0, batchLimit);
        // In the order they came: a call that is gone must not overtake its own arrival.
        const events = await Promise.all(batch.map((input) => Promise.resolve(input.event)));
        if (stopped) return;
        await handle(batch, events);
      }
    } finally {
      pumping = false;
    }
  }

  async function handle(batch: Input[], events: EngineEvent[]): Promise<void> {
    const facts = [];
    const commands: { command: Command; firstFact: number }[] = [];
    const ranges: [number, number][] = [];
    for (const event of events) {
      sequence += 1;
      const input = { nowMs: nowMs(), eventId: `${options.cell}.${epoch}.${sequence}`, event };
      const kept = options.observe?.before(input, engine);
      const handled = engine.handle(input);
      if (kept) options.observe?.after(input, handled, engine, kept);
      for (const command of handled.commands) commands.push({ command, firstFact: facts.length });
      ranges.push([facts.length, facts.length + handled.facts.length]);
      facts.push(...handled.facts);
      for (const key of handled.changed) carried.add(key);
      if (event.type === 'reconciled') reconciled = true;
      if (event.type === 'disconnected') reconciled = false;
    }
    // Time waits for no store: deadlines count from now, whatever becomes of the commit.
    for (const { command } of commands) {
      if (command.type === 'schedule-deadline') deadlines.set(command.key, command.atMs);
      else if (command.type === 'cancel-deadline') deadlines.cancel(command.key);
    }
    const decided = facts.length > 0 || commands.length > 0 || batch.some((input) => input.committed);
    if (!decided && !carriedDue) return;
    const changed = new Set(carried);
    carried.clear();
    carriedDue = false;
    const { first, result } = await committer.commit({ facts, changed });
    if (result === 'fenced') return refused();
    if (stopped) return;
    if (result === 'done') lastCommitMs = nowMs();
    const factId = (index: number) => `${epoch}-${first + index}`;
    carryOut(commands.map(({ command, firstFact }) => ({ command, factId: (at) => factId(firstFact + at) })));
    batch.forEach((input, at) => {
      const [from = 0, to = 0] = ranges[at] ?? [];
      input.committed?.(Array.from({ length: to - from }, (_, index) => factId(from + index)));
    });
  }

  function fence(reason: string): void {
    if (stopped) return;
    end();
    options.onFenced(reason);
  }

  const refused = () => fence('a commit was refused: another epoch rules');

  function fatal(error: unknown): void {
    if (stopped) return;
    end();
    options.onFatal(error);
  }

  function end(): void {
    stopped = true;
    deadlines.stop();
    inbox?.stop();
    beatTimer?.cancel();
    inputs.length = 0;
    for (const give of told) give();
    told.clear();
  }

  /** Every second: the lease, the clock, what waits to be stored, and now and then the rules. */
  async function beat(): Promise<void> {
    beats += 1;
    const offsetMs = clock.wallMs() - nowMs();
    if (Math.abs(offsetMs - wallOffsetMs) > clockStepMs) {
      push({ event: { type: 'clock-stepped', byMs: Math.round(offsetMs - wallOffsetMs) } });
      wallOffsetMs = offsetMs;
    }
    if (beats % invariantsEveryBeats === 0 && !pumping) check();
    carriedDue = carried.size > 0;
    if (carriedDue && !pumping) pump().catch(fatal);
    if (!committer.durable) catchUp.beat();
    try {
      if (!(await store.renew(epoch))) return fence('the lease is another’s');
      // Not waited for: it may take long, and the lease must be renewed meanwhile.
      if (!committer.durable) catchUp.drain().catch(fatal);
    } catch {
      // Away: nobody else can take the lease either. `durable` tells it, and the next beat asks again.
      options.log?.('warn', 'the store is away');
    }
  }

  function check(): void {
    for (const { rule, subject } of [
      ...violations(engine.state, engine.indexes),
      ...indexViolations(engine.state, engine.indexes)
    ]) {
      broken += 1;
      options.onViolation?.(rule, subject);
    }
  }

  function armBeat(): void {
    if (stopped) return;
    beatTimer = clock.after(beatMs, () => {
      beat().catch(fatal).finally(armBeat);
    });
  }

  /** Asks the store until it answers: without it there is nothing to begin with. */
  async function patiently<T>(ask: () => Promise<T | null>): Promise<T | null> {
    while (!stopped) {
      const answer = await ask().catch((error: unknown) => {
        options.log?.('warn', `waiting for the store: ${String(error)}`);
        return null;
      });
      if (answer !== null) return answer;
      await new Promise<void>((resolve) => clock.after(leaseRetryMs, resolve));
    }
    return null;
  }

  return {
    async open() {
      // Never below the wall clock's seconds: ids made from the epoch stay new even when store and history are both lost.
      const knownEpoch = Math.max(options.knownEpoch ?? 0, Math.floor(clock.wallMs() / 1_000));
      const { takeOver = false } = options;
      const taken = await patiently(() => store.lease({ knownEpoch, takeOver }));
      if (taken === null || stopped) return;
      const left = await patiently(() => bringIn(journal, store, taken));
      if (left === 'fenced') return refused();
      if (left === 'late' || left === 'unreadable') options.log?.('warn', `the journal is ${left} and set aside`);
      const entities = await patiently(() => store.load());
      if (entities === null || stopped) return;
      epoch = taken;
      const shell = readShell(entities.get('shell'));
      engine = createEngine(load(entities));
      people = createPeople(engine, store, warn);
      startElapsedMs = clock.elapsedMs();
      startMs = Math.max(clock.wallMs(), shell.nowMs);
      wallOffsetMs = clock.wallMs() - startMs;
      inbox = createInbox({
        store,
        clock,
        afterId: shell.lastCommandId,
        take: ({ commandId, agentId }, click) => push({ event: { type: 'click', commandId, agentId, click } }),
        onError: (error) => options.log?.('warn', `clicks: ${String(error)}`)
      });
      const shellNow = () => JSON.stringify({ v: 1, nowMs: nowMs(), lastCommandId: inbox?.lastId ?? '0' });
      committer = createCommitter({ engine, store, journal, clock, epoch, shell: shellNow });
      catchUp = createCatchUp({
        journal,
        committer,
        due: () => void (!pumping && !stopped && pump().catch(fatal)),
        fenced: refused,
        log: (level, text) => options.log?.(level, text)
      });
      for (const { key, atMs } of engine.state.deadline.values()) deadlines.set(key, atMs);
      push({ event: { type: 'disconnected' } });
      inbox.run().catch(fatal);
      armBeat();
    },
    connect: () =>
      pbx.start({
        event: (event) => push({ event: people.event(event) }),
        code: (dialled) => options.onCode?.(dialled),
        connected: (snapshot) => push({ event: people.snapshot(snapshot) }),
        disconnected(reason) {
          options.log?.('warn', `PBX: ${reason}`);
          push({ event: { type: 'disconnected' } });
        },
        replaced: () => fence('another process took the PBX’s application over')
      }),
    tell: (event) =>
      new Promise((resolve, reject) => {
        const give = () => reject(new Error(epoch === 0 ? 'cell-not-open' : 'cell-stopped'));
        if (stopped || epoch === 0) return give();
        told.add(give);
        const committed = (factIds: string[]) => {
          told.delete(give);
          resolve(factIds);
        };
        push({ event, committed });
      }),
    click: (agentId, click) =>
      new Promise((resolve) => {
        const commandId = `cell:${(clicks += 1)}`;
        const settle = (reply: Reply) => {
          timer.cancel();
          clicked.delete(commandId);
          resolve(reply);
        };
        const timer = clock.after(clickWithinMs, () => settle({ commandId, ok: false, code: 'worker-unavailable' }));
        clicked.set(commandId, settle);
        push({ event: { type: 'click', commandId, agentId, click } });
      }),
    async stop() {
      if (stopped) return;
      end();
      await pbx.stop();
      await store.release(epoch).catch((error: unknown) => options.log?.('warn', `lease: ${String(error)}`));
      await store.close();
      await journal.close();
    },
    health: () => ({
      lease: epoch > 0 && !stopped,
      epoch,
      reconciled,
      durable: committer?.durable ?? false,
      lastCommitMs,
      factsDropped: committer?.dropped ?? 0,
      violations: broken
    }),
    nowMs,
    get engine() {
      return engine;
    }
  };
}

function readShell(json: string | undefined): { nowMs: number; lastCommandId: string } {
  const none = { nowMs: 0, lastCommandId: '0' };
  return json === undefined ? none : { ...none, ...(JSON.parse(json) as Partial<typeof none>) };
}
