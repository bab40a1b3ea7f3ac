import { readState } from '../../src/runtime/lock.ts';
import type { Paths } from '../../src/runtime/paths.ts';
import { env } from './environment.ts';

export const stackOfTest = (): Paths => JSON.parse(env('VAXEL_PATHS')) as Paths;

/** The pid of one process of the running test stack. */
export async function childPid(name: string): Promise<number> {
  const state = await readState(stackOfTest());
  const child = state?.children[name];
  if (!child) throw new Error(`the stack has no ${name}`);
  return child.pid;
}

/** −9, as a crash would; its parent starts it again. */
export async function killChild(name: string): Promise<void> {
  process.kill(await childPid(name), 'SIGKILL');
}
