import { readState } from '../../src/runtime/lock.ts';
import type { Health } from '#lib/server/health.ts';
import { env } from './environment.ts';
import { childPid, stackOfTest } from './stack.ts';

/** Stops a whole process group where it stands, and lets it go on, or ends it there. */
export async function freeze(name: string): Promise<{ thaw(): void; kill(): void }> {
  const group = -(await childPid(name));
  process.kill(group, 'SIGSTOP');
  let frozen = true;
  const end = (signal: 'SIGCONT' | 'SIGKILL') => {
    if (frozen) process.kill(group, signal);
    frozen = false;
  };
  return { thaw: () => end('SIGCONT'), kill: () => end('SIGKILL') };
}

/** When another process of that name has been started in the place of `pid` (by `performance.now()`). */
export async function replaced(name: string, pid: number, withinMs = 10_000): Promise<number> {
  return until(`another ${name}`, withinMs, async () => {
    const now = (await readState(stackOfTest()))?.children[name]?.pid;
    return now !== undefined && now !== pid ? performance.now() : null;
  });
}

export async function readHealth(): Promise<{ status: number; health: Health }> {
  const response = await fetch(`http://127.0.0.1:${env('PORT')}/health`);
  return { status: response.status, health: (await response.json()) as Health };
}

/** Until `/health` says so. */
export function healthSays(says: (health: Health, status: number) => boolean, withinMs = 15_000): Promise<Health> {
  return until('what /health should say', withinMs, async () => {
    const answer = await readHealth().catch(() => null);
    return answer && says(answer.health, answer.status) ? answer.health : null;
  });
}

/** Calls can be taken, everything stands, and a standby is there: between two faults. */
export async function allWell(): Promise<void> {
  await healthSays(({ components: { postgres, jobs, worker } }, status) =>
    [status === 200, postgres.ok, jobs.ok, worker.durable].every(Boolean)
  );
  await until('a standby of the worker', 20_000, async () =>
    (await readState(stackOfTest()))?.children['worker-standby'] ? true : null
  );
}

/** Asks often enough: what it looks at is another process's. */
export async function until<T>(what: string, withinMs: number, ask: () => Promise<T | null>): Promise<T> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited ${withinMs} ms for ${what}`);
}

interface Listed {
  caller: { number: string };
  dialplan: { context: string; exten: string; app_name: string };
}

async function channels(): Promise<Listed[]> {
  const authorization = `Basic ${Buffer.from(`vaxel:${env('VAXEL_ARI_PASSWORD')}`).toString('base64')}`;
  const response = await fetch(`${env('VAXEL_ARI')}/ari/channels`, { headers: { authorization } });
  return (await response.json()) as Listed[];
}

/** Where a caller's channel stands in the dialplan. */
export async function dialplanOf(from: string): Promise<Listed['dialplan'] | null> {
  return (await channels()).find(({ caller }) => caller.number === from)?.dialplan ?? null;
}

/** How many legs a worker has that came by this context. */
export async function legsIn(context: string): Promise<number> {
  const there = ({ dialplan }: Listed) => dialplan.context === context && dialplan.app_name === 'Stasis';
  return (await channels()).filter(there).length;
}

export const standsIn = (from: string, context: string, withinMs = 15_000) =>
  until(`the caller ${from} in ${context}`, withinMs, async () => {
    const place = await dialplanOf(from);
    return place?.context === context ? place : null;
  });
