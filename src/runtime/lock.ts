import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Paths } from './paths.ts';

/** What a running stack tells others about itself, in `run/state.json`; readable by its owner only (it has passwords). */
export interface StackState {
  pid: number;
  /** From /proc/PID/stat: tells this process from a later one with the same number. */
  startTime: string;
  children: Record<string, { pid: number; startTime: string }>;
  /** null until everything is ready. */
  address: string | null;
  environment: Record<string, string>;
}

const file = (paths: Paths) => join(paths.run, 'state.json');

export async function readState(paths: Paths): Promise<StackState | null> {
  const text = await readFile(file(paths), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return JSON.parse(text) as StackState;
  } catch {
    return null; // not ours, or of a version that wrote it in place and was cut off: nobody can be running by it
  }
}

/** Whole at every moment: others read it while children come and go. */
export async function writeState(paths: Paths, state: StackState): Promise<void> {
  await mkdir(paths.run, { recursive: true });
  const next = `${file(paths)}.next`;
  await writeFile(next, JSON.stringify(state, null, 1), { mode: 0o600 });
  await rename(next, file(paths));
}

export const removeState = (paths: Paths) => rm(file(paths), { force: true });

/** null when no such process lives. */
export async function startTimeOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The name in parentheses may contain anything; the fields after it do not. A zombie is not alive.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields?.[19] && fields[0] !== 'Z' ? fields[19] : null;
}

export async function isAlive(one: { pid: number; startTime: string }): Promise<boolean> {
  return (await startTimeOf(one.pid)) === one.startTime;
}

/** Ends what a killed stack left behind: only processes that are still the very ones it started. */
export async function endLeftovers(state: StackState): Promise<string[]> {
  const ended: string[] = [];
  for (const [name, child] of Object.entries(state.children)) {
    if (!(await isAlive(child))) continue;
    signalGroup(child.pid, name === 'postgres' ? 'SIGINT' : 'SIGKILL');
    ended.push(name);
    for (let tries = 0; tries < 100 && (await isAlive(child)); tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    if (await isAlive(child)) signalGroup(child.pid, 'SIGKILL');
  }
  return ended;
}

/** To a whole process group; one that is gone already is what was wanted. */
export function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
