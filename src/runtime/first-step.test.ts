import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from './paths.ts';

/** The first step before a program that says which signals reach it, and ends when told so. */
const started = `
process.stdin.resume().on('end', () => process.exit(7));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => console.log(signal));
console.log('ready');`;

let folder: string;
let step: ChildProcess;
let lines: AsyncIterator<string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaxel-first-step-'));
  await mkdir(join(folder, 'src/runtime'), { recursive: true });
  for (const file of [
    'src/runtime/first-step.mjs',
    'src/runtime/apt.mjs',
    'package.json',
    'package-lock.json',
    '.npmrc'
  ])
    await cp(join(root, file), join(folder, file));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'src/runtime/start.ts'), started);
  step = spawn(process.execPath, [join(folder, 'src/runtime/first-step.mjs'), 'start'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit']
  });
  lines = createInterface({ input: step.stdout! })[Symbol.asyncIterator]();
  expect(await next()).toBe('ready');
});
afterEach(async () => {
  if (step.exitCode === null && step.signalCode === null) {
    process.kill(-step.pid!, 'SIGKILL');
    await once(step, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

const next = async () => (await lines.next()).value as string;
async function ended(): Promise<unknown> {
  const exit = once(step, 'exit');
  step.stdin!.end();
  return (await exit)[0];
}

test.each([
  ['SIGINT', 'SIGTERM'],
  ['SIGTERM', 'SIGHUP'],
  ['SIGHUP', 'SIGINT']
] as const)('%s sent to it alone reaches what it started, once however often it is sent', async (signal, other) => {
  process.kill(step.pid!, signal);
  expect(await next()).toBe(signal);
  process.kill(step.pid!, signal);
  process.kill(step.pid!, other);
  expect(await next()).toBe(other);
  // Its exit code is that of what it started.
  expect(await ended()).toBe(7);
});

test('Ctrl-C in a terminal reaches both, and neither is killed by it', async () => {
  process.kill(-step.pid!, 'SIGINT');
  expect(await next()).toBe('SIGINT');
  process.kill(-step.pid!, 'SIGINT');
  expect(await next()).toBe('SIGINT');
  expect(await ended()).toBe(7);
});
