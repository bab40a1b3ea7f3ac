import { join } from 'node:path';
import { createFallback, watchLeader, type LeaderWatch } from './fallback.ts';
import { root } from './paths.ts';
import type { ChildSpec } from './supervisor.ts';

/** How long the worker may be silent before it counts as frozen (design.md, *The parent*). */
const frozenAfterMs = 2_000;
/** With no worker in charge for so long, waiting callers go to the dialplan's fallback. */
const withoutLeaderSeconds = 10;

/**
 * The worker as its parent runs it, the same in `npm start` and in a container: watched by its beats, with a standby,
 * and with the callers handed to the dialplan while none leads. `leader` is to be stopped with it.
 */
export function workerChild(options: {
  environment: Record<string, string>;
  report: (line: string) => void;
  withoutLeaderSeconds?: number;
}): { spec: ChildSpec; leader: LeaderWatch } {
  const { environment, report } = options;
  const { VAXEL_ARI: ari = '', VAXEL_ARI_PARENT_PASSWORD: password = '' } = environment;
  const leader = watchLeader({
    fallback: createFallback({ ari, password }),
    withoutLeaderSeconds: options.withoutLeaderSeconds ?? withoutLeaderSeconds,
    report
  });
  const spec: ChildSpec = {
    name: 'worker',
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', '--enable-source-maps', join(root, 'src/worker/index.ts')],
    cwd: root,
    // The parent starts a worker only after the one before has ended.
    env: { ...environment, VAXEL_TAKE_OVER: '1' },
    stopSignal: 'SIGTERM',
    stopWithinMs: 8_000,
    ready: async () => true,
    beatWithinMs: frozenAfterMs,
    standby: true,
    onBeat: ({ leads }) => leader.beat(leads)
  };
  return { spec, leader };
}
