import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { signalGroup } from './lock.ts';
import { Problem } from './problem.ts';

/** One process of the stack and how to know, stop and judge it. */
export interface ChildSpec {
  name: string;
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Niceness, 0 unless told: those whose work can wait give way to calls (setpriority(2)). */
  nice?: number;
  stopSignal: NodeJS.Signals;
  /** After this it is killed. */
  stopWithinMs: number;
  /** Asked every 30 ms until true. */
  ready: () => Promise<boolean>;
  readyWithinMs?: number;
  /**
   * The child sends `beat` over its IPC channel; silent for so long, it is frozen: killed with −9 and started again
   * (a frozen worker with its socket open is worse than none, telephony.md).
   */
  beatWithinMs?: number;
  /** Sees each beat: whether the worker leads. */
  onBeat?: (beat: Beat) => void;
  /**
   * A second process is kept, loaded and waiting (`VAXEL_STANDBY=1`), to be told to lead when the first ends: loading
   * takes a second on an idle machine and several on a busy one, in which callers would wait beside free agents.
   */
  standby?: boolean;
}

/** What the parent tells a standby. */
export interface Order {
  type: 'lead';
}

/** What a watched child sends its parent every 250 ms. */
export interface Beat {
  type: 'beat';
  /** It has the lease, is connected to Asterisk and has compared its state with it. */
  leads: boolean;
}

export interface Supervisor {
  /** Resolves when it is ready; rejects with a `Problem` when it ends or is silent before that. */
  start(spec: ChildSpec): Promise<void>;
  /** All in reverse order of their start; no process is left behind. */
  stopAll(): Promise<void>;
  pid(name: string): number | null;
  /** All processes there are, standbys included. */
  pids(): { name: string; pid: number }[];
  restarts(name: string): number;
  /** Ends a child for good and takes it off the list. */
  stop(name: string): Promise<void>;
}

interface Running {
  process: ChildProcess;
  startedAtMs: number;
  lastBeatMs: number;
  hasBeaten: boolean;
  beatTimer: NodeJS.Timeout | null;
}

interface Child {
  spec: ChildSpec;
  running: Running | null;
  /** Loaded, and waiting to be told to lead. */
  standby: Running | null;
  standbyNotBeforeMs: number;
  log: Writable;
  lastLines: string[];
  restarts: number;
  backoffMs: number;
  stopping: boolean;
  wasReady: boolean;
  timer: NodeJS.Timeout | null;
}

const backoffFirstMs = 100;
const backoffMostMs = 10_000;
const steadyAfterMs = 30_000;
/** One that lived so long is followed by its standby at once; a shorter life looks like a fault that comes again. */
const promoteAfterMs = 5_000;
const firstBeatWithinMs = 20_000;
/** The one in charge has the machine to itself while it takes over. */
const standbyAfterMs = 3_000;

/** `report` gets one line for each thing a person should know: what died, why, when it comes back. */
export function createSupervisor(options: {
  /** Folder of one log per child; null: all goes to standard output, as containers want it. */
  log: string | null;
  report: (line: string) => void;
  changed?: () => void;
}): Supervisor {
  const children = new Map<string, Child>();
  let stoppingAll = false;
  const where = (name: string) => (options.log === null ? '' : ` (log: ${options.log}/${name}.log)`);

  function spawnOf(child: Child, more: Record<string, string> = {}): Running {
    const { spec } = child;
    const started = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: { ...spec.env, ...more },
      ...(spec.uid === undefined ? {} : { uid: spec.uid, gid: spec.gid }),
      // A group of its own: Ctrl-C must reach only the supervisor, which stops them in order.
      detached: true,
      stdio: spec.beatWithinMs ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe']
    });
    if (spec.nice && started.pid) setPriority(started.pid, spec.nice);
    const now = performance.now();
    const running: Running = {
      process: started,
      startedAtMs: now,
      lastBeatMs: now,
      hasBeaten: false,
      beatTimer: null
    };
    for (const stream of [started.stdout, started.stderr])
      stream?.on('data', (chunk: Buffer) => {
        child.log.write(chunk);
        child.lastLines = [...child.lastLines, ...chunk.toString('utf8').split('\n').filter(Boolean)].slice(-6);
      });
    started.on('message', (message) => beaten(child, running, message as Beat));
    started.on('error', (error) => child.lastLines.push(String(error)));
    started.on('exit', (code, signal) => ended(child, running, code, signal));
    if (spec.beatWithinMs) watch(child, running, spec.beatWithinMs);
    return running;
  }

  /** The standby takes its place at once; without one a new process is started. */
  function launch(child: Child): void {
    const { standby } = child;
    if (standby?.hasBeaten) {
      child.standby = null;
      child.running = standby;
      standby.startedAtMs = performance.now();
      standby.process.send({ type: 'lead' } satisfies Order);
    } else child.running = spawnOf(child);
    options.changed?.();
  }

  function beaten(child: Child, running: Running, beat: Beat): void {
    if (beat.type !== 'beat') return;
    const now = performance.now();
    running.lastBeatMs = now;
    running.hasBeaten = true;
    if (child.running !== running) return;
    child.spec.onBeat?.(beat);
    if (!child.spec.standby || child.standby || child.stopping || stoppingAll || !beat.leads) return;
    if (now < Math.max(child.standbyNotBeforeMs, running.startedAtMs + standbyAfterMs)) return;
    child.standby = spawnOf(child, { VAXEL_STANDBY: '1' });
    options.changed?.();
  }

  function watch(child: Child, running: Running, withinMs: number): void {
    let lookedAtMs = performance.now();
    running.beatTimer = setInterval(() => {
      const now = performance.now();
      // When this process itself was held up, the child's beats wait unread in the pipe: judge at the next look.
      const late = now - lookedAtMs > 1_000;
      lookedAtMs = now;
      // Until its first beat it is still loading.
      const limitMs = running.hasBeaten ? withinMs : firstBeatWithinMs;
      if (late || now - running.lastBeatMs < limitMs || running.process.exitCode !== null) return;
      const seconds = ((now - running.lastBeatMs) / 1000).toFixed(1);
      options.report(`${child.spec.name} gave no sign of life for ${seconds} s: killed`);
      running.lastBeatMs = now;
      signal(running.process, 'SIGKILL');
    }, 250);
  }

  function ended(child: Child, running: Running, code: number | null, by: NodeJS.Signals | null): void {
    if (running.beatTimer) clearInterval(running.beatTimer);
    signal(running.process, 'SIGKILL'); // the rest of its group, if it left any
    if (child.standby === running) {
      child.standby = null;
      child.standbyNotBeforeMs = performance.now() + backoffMostMs;
    }
    if (child.running !== running) return;
    child.running = null;
    options.changed?.();
    if (child.stopping || stoppingAll || !child.wasReady) return;
    const livedMs = performance.now() - running.startedAtMs;
    if (livedMs > steadyAfterMs) child.backoffMs = backoffFirstMs;
    const afterMs = child.standby?.hasBeaten && livedMs > promoteAfterMs ? 0 : child.backoffMs;
    const reason = child.lastLines.at(-1)?.slice(0, 300);
    options.report(
      `${child.spec.name} ended (${by ?? `code ${code}`})${reason ? `: ${reason}` : ''}; ${afterMs === 0 ? 'its standby takes over' : `starting it again in ${(afterMs / 1000).toFixed(1)} s`}`
    );
    const again = () => {
      child.timer = null;
      child.restarts += 1;
      launch(child);
      waitReady(child).then(
        () => options.report(`${child.spec.name} is back`),
        (error: unknown) => options.report(String(error instanceof Error ? error.message : error))
      );
    };
    if (afterMs === 0) return again();
    child.timer = setTimeout(again, afterMs);
    child.backoffMs = Math.min(child.backoffMs * 2, backoffMostMs);
  }

  async function waitReady(child: Child): Promise<void> {
    const deadline = performance.now() + (child.spec.readyWithinMs ?? 20_000);
    while (performance.now() < deadline) {
      if (!child.running)
        throw new Problem(
          `${child.spec.name} ended while starting: ${child.lastLines.slice(-3).join(' | ') || 'no message'}${where(child.spec.name)}`
        );
      if (await child.spec.ready()) {
        child.wasReady = true;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    throw new Problem(
      `${child.spec.name} did not become ready: ${child.lastLines.slice(-3).join(' | ') || 'no message'}${where(child.spec.name)}`
    );
  }

  async function stopOne(child: Child): Promise<void> {
    child.stopping = true;
    if (child.timer) clearTimeout(child.timer);
    const { running, standby } = child;
    if (standby) await end(standby, 'SIGKILL', 0); // it has nothing to put away
    if (running) await end(running, child.spec.stopSignal, child.spec.stopWithinMs);
    if (options.log !== null) await new Promise((resolve) => child.log.end(resolve));
    children.delete(child.spec.name);
  }

  async function end({ process: one, beatTimer }: Running, by: NodeJS.Signals, withinMs: number): Promise<void> {
    if (beatTimer) clearInterval(beatTimer);
    if (one.exitCode !== null || one.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => one.once('exit', () => resolve()));
    signal(one, 'SIGCONT'); // a frozen child could not hear the order
    one.kill(by);
    const timer = setTimeout(() => signal(one, 'SIGKILL'), withinMs);
    await gone;
    clearTimeout(timer);
  }

  return {
    async start(spec) {
      if (stoppingAll) throw new Problem('stopping');
      if (options.log !== null) await mkdir(options.log, { recursive: true });
      const child: Child = {
        spec,
        running: null,
        standby: null,
        standbyNotBeforeMs: 0,
        log:
          options.log === null
            ? process.stdout
            : createWriteStream(join(options.log, `${spec.name}.log`), { flags: 'a' }),
        lastLines: [],
        restarts: 0,
        backoffMs: backoffFirstMs,
        stopping: false,
        wasReady: false,
        timer: null
      };
      children.set(spec.name, child);
      launch(child);
      await waitReady(child);
    },
    async stopAll() {
      stoppingAll = true;
      for (const child of [...children.values()].reverse()) await stopOne(child);
    },
    async stop(name) {
      const child = children.get(name);
      if (child) await stopOne(child);
    },
    pid: (name) => children.get(name)?.running?.process.pid ?? null,
    pids: () =>
      [...children].flatMap(([name, { running, standby }]) => [
        ...(running?.process.pid ? [{ name, pid: running.process.pid }] : []),
        ...(standby?.process.pid ? [{ name: `${name}-standby`, pid: standby.process.pid }] : [])
      ]),
    restarts: (name) => children.get(name)?.restarts ?? 0
  };
}

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid) signalGroup(pid, name);
}
