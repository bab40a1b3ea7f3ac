import { createFallback, watchLeader } from './fallback.ts';
import { nodeChild, type Stack } from './stack.ts';

/** How long the worker may be silent before it counts as frozen (design.md, *The parent*). */
export const frozenAfterMs = 2_000;
/** With no worker in charge for so long, waiting callers go to the dialplan's fallback. */
const withoutLeaderSeconds = 10;

/** Starts worker, jobs and web; resolves when calls can be taken, which is what `/health` says. */
export async function startServices(
  stack: Stack,
  build: string,
  options: { withoutLeaderSeconds?: number } = {}
): Promise<void> {
  stack.environment.VAXEL_BUILD = build;
  const { VAXEL_ARI: ari = '', VAXEL_ARI_PARENT_PASSWORD: password = '' } = stack.environment;
  const leader = watchLeader({
    fallback: createFallback({ ari, password }),
    withoutLeaderSeconds: options.withoutLeaderSeconds ?? withoutLeaderSeconds,
    report: stack.report
  });
  stack.stopping.addEventListener('abort', () => leader.stop());
  const { HOST: host, PORT: port } = stack.environment;
  const health = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}/health`;
  await Promise.all([
    stack.supervisor.start(
      nodeChild(stack, 'worker', 'src/worker/index.ts', {
        beatWithinMs: frozenAfterMs,
        standby: true,
        onBeat: ({ leads }) => leader.beat(leads),
        env: { ...stack.environment, VAXEL_TAKE_OVER: '1' }
      })
    ),
    stack.supervisor.start(nodeChild(stack, 'jobs', 'src/jobs/index.ts')),
    stack.supervisor.start(
      nodeChild(stack, 'web', 'src/web/index.ts', {
        readyWithinMs: 30_000,
        ready: async () =>
          (await fetch(health, { signal: AbortSignal.timeout(2_000) }).catch(() => null))?.status === 200
      })
    )
  ]);
}
