import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Paths } from './paths.ts';
import type { ChildSpec } from './supervisor.ts';
import { toolCommand } from './tools.ts';

export const redisSocket = (paths: Paths) => join(paths.sockets, 'redis.sock');

/** Redis on a unix socket only; appended to disk, and never throwing away keys (design.md, *The shell*). */
export async function redisChild(paths: Paths, tools: string): Promise<ChildSpec> {
  const data = join(paths.data, 'redis');
  await mkdir(data, { recursive: true });
  const program = toolCommand(tools, 'usr/bin/redis-server');
  const options = {
    port: '0',
    unixsocket: redisSocket(paths),
    unixsocketperm: '700',
    dir: data,
    appendonly: 'yes',
    'maxmemory-policy': 'noeviction',
    save: ''
  };
  return {
    name: 'redis',
    command: program.command,
    args: [...program.args, ...Object.entries(options).flatMap(([key, value]) => [`--${key}`, value])],
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
    ready: async () => {
      const redis = new Redis(redisSocket(paths), {
        lazyConnect: true,
        retryStrategy: () => null,
        connectTimeout: 1_000
      });
      redis.on('error', () => undefined); // not there yet: asked again
      const pong = await redis
        .connect()
        .then(() => redis.ping())
        .catch(() => null);
      redis.disconnect();
      return pong === 'PONG';
    }
  };
}
