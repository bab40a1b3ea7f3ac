import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../src/runtime/paths.ts';

/** A checkout of its own, as a second clone on the machine would be; packages, tools and the built app are shared. */
export interface Checkout {
  folder: string;
  /** Runs `npm COMMAND`'s first step in a process group of its own. */
  run(command: 'start' | 'stop', env?: Record<string, string>): Running;
  /** Processes that name this checkout in their command line, or run in it. */
  processes(): Promise<string[]>;
  remove(): Promise<void>;
}

export interface Running {
  pid: number;
  /** Both streams, so far. */
  output(): string;
  /** Until the output has this; rejects when it ends without, or after `withinMs`. */
  says(text: string | RegExp, withinMs?: number): Promise<void>;
  /** To the first step alone, or to its whole group as a terminal's Ctrl-C. */
  signal(name: NodeJS.Signals, group?: boolean): void;
  ended: Promise<{ code: number | null; output: string }>;
}

const shared = ['node_modules', '.vaxel/tools', '.vaxel/build'];
/** Node itself may need one that the first step brought. */
const { LD_LIBRARY_PATH } = process.env;
const libraries: Record<string, string> = LD_LIBRARY_PATH ? { LD_LIBRARY_PATH } : {};
const left = new Set(['node_modules', '.vaxel', '.git', '.svelte-kit', 'tests']);

/** `closed`: in a folder that others may not enter, as `/root` is. */
export async function makeCheckout(options: { closed: boolean }): Promise<Checkout> {
  const folder = await mkdtemp(join(tmpdir(), 'vaxel-checkout-'));
  await chmod(folder, options.closed ? 0o700 : 0o755);
  for (const name of await readdir(root))
    if (!left.has(name)) await cp(join(root, name), join(folder, name), { recursive: true });
  await mkdir(join(folder, '.vaxel'));
  for (const name of shared) await symlink(join(root, name), join(folder, name));
  const running = new Set<ChildProcess>();

  async function processes(): Promise<string[]> {
    const found: string[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
      if (line.includes(folder)) found.push(`${pid} ${line.trim()}`);
    }
    return found;
  }

  return {
    folder,
    processes,
    run(command, env = {}) {
      const child = spawn(process.execPath, [join(folder, 'src/runtime/first-step.mjs'), command], {
        cwd: folder,
        // As from a shell: nothing of the stack under test.
        env: { PATH: process.env.PATH ?? '', HOME: folder, LANG: 'C.UTF-8', ...libraries, ...env },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe']
      });
      running.add(child);
      let output = '';
      const waiting = new Set<() => void>();
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString('utf8');
          for (const look of waiting) look();
        });
      const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
        child.on('close', (code) => {
          running.delete(child);
          resolve({ code, output });
          for (const look of waiting) look();
        })
      );
      return {
        pid: child.pid ?? 0,
        output: () => output,
        ended,
        signal: (name, group = false) => void process.kill(group ? -(child.pid ?? 0) : (child.pid ?? 0), name),
        says(text, withinMs = 60_000) {
          const has = () => (typeof text === 'string' ? output.includes(text) : text.test(output));
          return new Promise((resolve, reject) => {
            const fail = (why: string) => settle(() => reject(new Error(`${why} without "${text}":\n${output}`)));
            const timer = setTimeout(() => fail(`${withinMs} ms`), withinMs);
            const settle = (how: () => void) => {
              clearTimeout(timer);
              waiting.delete(look);
              how();
            };
            const look = () => {
              if (has()) settle(resolve);
              else if (!running.has(child)) fail('ended');
            };
            waiting.add(look);
            look();
          });
        }
      };
    },
    async remove() {
      for (const child of running) if (child.pid) process.kill(-child.pid, 'SIGTERM');
      await Promise.all([...running].map((child) => new Promise((resolve) => child.once('close', resolve))));
      await rm(folder, { recursive: true, force: true });
    }
  };
}
