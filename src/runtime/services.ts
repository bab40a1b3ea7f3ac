import { nodeChild, type Stack } from './stack.ts';
import { workerChild } from './worker-child.ts';

/** Starts worker, jobs and web; resolves when calls can be taken, which is what `/health` says. */
export async function startServices(
  stack: Stack,
  build: string,
  options: { withoutLeaderSeconds?: number } = {}
): Promise<void> {
  stack.environment.VAXEL_BUILD = build;
  const { HOST: host, PORT: port } = stack.environment;
  const health = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}/health`;
  const { environment, report } = stack;
  const { spec, leader } = workerChild({ environment, report, ...options });
  stack.stopping.addEventListener('abort', () => leader.stop());
  await Promise.all([
    stack.supervisor.start(spec),
    stack.supervisor.start(nodeChild(stack, 'jobs', 'src/jobs/index.ts', { nice: 10 })),
    stack.supervisor.start(
      nodeChild(stack, 'web', 'src/web/index.ts', {
        readyWithinMs: 30_000,
        ready: async () =>
          (await fetch(health, { signal: AbortSignal.timeout(2_000) }).catch(() => null))?.status === 200
      })
    )
  ]);
}
