import { nodeChild, type Stack } from './stack.ts';

/** How long the worker may be silent before it counts as frozen (design.md, *The parent*). */
const frozenAfterMs = 2_000;

/** Starts worker, jobs and web; resolves when calls can be taken, which is what `/health` says. */
export async function startServices(stack: Stack, build: string): Promise<void> {
  stack.environment.VAXEL_BUILD = build;
  const { HOST: host, PORT: port } = stack.environment;
  const health = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}/health`;
  await Promise.all([
    stack.supervisor.start(
      nodeChild(stack, 'worker', 'src/worker/index.ts', {
        beatWithinMs: frozenAfterMs,
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
