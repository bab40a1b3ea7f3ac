import { readFile, readdir } from 'node:fs/promises';

const ticksPerSecond = 100; // USER_HZ of Linux on all that we run on

/** CPU seconds, user and system, of these processes and everything below them, ended children included. */
export async function cpuSeconds(pids: number[]): Promise<number> {
  const stats = await Promise.all(
    (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((name) => statOf(Number(name)))
  );
  const byParent = Map.groupBy(
    stats.filter((stat) => stat !== null),
    (stat) => stat.parent
  );
  const byPid = new Map(stats.flatMap((stat) => (stat ? [[stat.pid, stat] as const] : [])));
  const sum = (pid: number): number =>
    (byPid.get(pid)?.seconds ?? 0) + (byParent.get(pid) ?? []).reduce((total, child) => total + sum(child.pid), 0);
  return pids.reduce((total, pid) => total + sum(pid), 0);
}

async function statOf(pid: number): Promise<{ pid: number; parent: number; seconds: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null; // it has ended meanwhile
  // The name in parentheses may hold anything; fields are counted from after it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const parent = Number(fields[1]);
  const ticks = [11, 12, 13, 14].reduce((total, at) => total + Number(fields[at]), 0);
  return { pid, parent, seconds: ticks / ticksPerSecond };
}
