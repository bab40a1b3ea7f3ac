import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
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
  restarts(name: string): number;
  /** Ends a child for good and takes it off the list. */
  stop(name: string): Promise<void>;
}

interface Child {
  spec: ChildSpec;
  process: ChildProcess | null;
  log: WriteStream;
  lastLines: string[];
  startedAtMs: number;
  restarts: number;
  backoffMs: number;
  stopping: boolean;
  wasReady: boolean;
  lastBeatMs: number;
  hasBeaten: boolean;
  timer: NodeJS.Timeout | null;
  beatTimer: NodeJS.Timeout | null;
}

const backoffFirstMs = 100;
const backoffMostMs = 10_000;
const steadyAfterMs = 30_000;
const firstBeatWithinMs = 20_000;

/** `report` gets one line for each thing a person should know: what died, why, when it comes back. */
export function createSupervisor(options: {
  log: string;
  report: (line: string) => void;
  changed?: () => void;
}): Supervisor {
  const children = new Map<string, Child>();
  let stoppingAll = false;

  function launch(child: Child): ChildProcess {
    const { spec } = child;
    const started = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      ...(spec.uid === undefined ? {} : { uid: spec.uid, gid: spec.gid }),
      // A group of its own: Ctrl-C must reach only the supervisor, which stops them in order.
      detached: true,
      stdio: spec.beatWithinMs ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe']
    });
    child.process = started;
    child.startedAtMs = performance.now();
    child.lastBeatMs = performance.now();
    child.hasBeaten = false;
    for (const stream of [started.stdout, started.stderr])
      stream?.on('data', (chunk: Buffer) => {
        child.log.write(chunk);
        child.lastLines = [...child.lastLines, ...chunk.toString('utf8').split('\n').filter(Boolean)].slice(-6);
      });
    started.on('message', (message) => {
      const beat = message as Beat;
      if (beat.type !== 'beat') return;
      child.lastBeatMs = performance.now();
      child.hasBeaten = true;
      spec.onBeat?.(beat);
    });
    started.on('error', (error) => child.lastLines.push(String(error)));
    started.on('exit', (code, signal) => ended(child, started, code, signal));
    if (spec.beatWithinMs) watch(child, started, spec.beatWithinMs);
    options.changed?.();
    return started;
  }

  function watch(child: Child, started: ChildProcess, withinMs: number): void {
    if (child.beatTimer) clearInterval(child.beatTimer);
    let lookedAtMs = performance.now();
    child.beatTimer = setInterval(() => {
      const now = performance.now();
      // When this process itself was held up, the child's beats wait unread in the pipe: judge at the next look.
      const late = now - lookedAtMs > 1_000;
      lookedAtMs = now;
      // Until its first beat it is still loading.
      const limitMs = child.hasBeaten ? withinMs : firstBeatWithinMs;
      if (late || now - child.lastBeatMs < limitMs || started.exitCode !== null) return;
      options.report(
        `${child.spec.name} gave no sign of life for ${((now - child.lastBeatMs) / 1000).toFixed(1)} s: killed`
      );
      child.lastBeatMs = now;
      signal(started, 'SIGKILL');
    }, 250);
  }

  function ended(child: Child, started: ChildProcess, code: number | null, by: NodeJS.Signals | null): void {
    if (child.process !== started) return;
    child.process = null;
    if (child.beatTimer) clearInterval(child.beatTimer);
    signal(started, 'SIGKILL'); // the rest of its group, if it left any
    options.changed?.();
    if (child.stopping || stoppingAll || !child.wasReady) return;
    if (performance.now() - child.startedAtMs > steadyAfterMs) child.backoffMs = backoffFirstMs;
    const reason = child.lastLines.at(-1)?.slice(0, 300);
    options.report(
      `${child.spec.name} ended (${by ?? `code ${code}`})${reason ? `: ${reason}` : ''}; starting it again in ${(child.backoffMs / 1000).toFixed(1)} s`
    );
    child.timer = setTimeout(() => {
      child.restarts += 1;
      launch(child);
      waitReady(child).then(
        () => options.report(`${child.spec.name} is back`),
        (error: unknown) => options.report(String(error instanceof Error ? error.message : error))
      );
    }, child.backoffMs);
    child.backoffMs = Math.min(child.backoffMs * 2, backoffMostMs);
  }

  async function waitReady(child: Child): Promise<void> {
    const deadline = performance.now() + (child.spec.readyWithinMs ?? 20_000);
    while (performance.now() < deadline) {
      const started = child.process;
      if (!started)
        throw new Problem(
          `${child.spec.name} ended while starting: ${child.lastLines.slice(-3).join(' | ') || 'no message'} (log: ${options.log}/${child.spec.name}.log)`
        );
      if (await child.spec.ready()) {
        child.wasReady = true;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    throw new Problem(
      `${child.spec.name} did not become ready: ${child.lastLines.slice(-3).join(' | ') || 'no message'} (log: ${options.log}/${child.spec.name}.log)`
    );
  }

  async function stopOne(child: Child): Promise<void> {
    child.stopping = true;
    if (child.timer) clearTimeout(child.timer);
    const running = child.process;
    if (running && running.exitCode === null && running.signalCode === null) {
      const gone = new Promise<void>((resolve) => running.once('exit', () => resolve()));
      running.kill('SIGCONT'); // a frozen child could not hear the order
      running.kill(child.spec.stopSignal);
      const timer = setTimeout(() => signal(running, 'SIGKILL'), child.spec.stopWithinMs);
      await gone;
      clearTimeout(timer);
    }
    if (child.beatTimer) clearInterval(child.beatTimer);
    await new Promise((resolve) => child.log.end(resolve));
    children.delete(child.spec.name);
  }

  return {
    async start(spec) {
      if (stoppingAll) throw new Problem('stopping');
      await mkdir(options.log, { recursive: true });
      const child: Child = {
        spec,
        process: null,
        log: createWriteStream(join(options.log, `${spec.name}.log`), { flags: 'a' }),
        lastLines: [],
        startedAtMs: 0,
        restarts: 0,
        backoffMs: backoffFirstMs,
        stopping: false,
        wasReady: false,
        lastBeatMs: 0,
        hasBeaten: false,
        timer: null,
        beatTimer: null
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
    pid: (name) => children.get(name)?.process?.pid ?? null,
    restarts: (name) => children.get(name)?.restarts ?? 0
  };
}

/** To the whole group; one that is gone already is what was wanted. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (!child.pid) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
