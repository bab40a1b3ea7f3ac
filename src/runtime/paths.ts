import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const isRoot = process.getuid?.() === 0;

/** Where one stack keeps what it has. `npm test` has a stack of its own beside that of `npm start`; tools are shared. */
export interface Paths {
  /** Programs: Asterisk, Redis, espeak-ng, sox, Chromium. Can be thrown away and brought again. */
  tools: string;
  /** What must not be lost: Postgres, Redis, secrets, announcements. */
  data: string;
  /** What lives as long as the processes: rendered configuration, logs, state. */
  run: string;
  log: string;
  /** Unix sockets; short, because their paths may have at most 107 characters. */
  sockets: string;
}

/** Of `npm start`; VAXEL_STACK=test-NAME gives a second one with data of its own beside it, for measurements. */
export function startPaths(): Paths {
  const name = process.env.VAXEL_STACK ?? '';
  return stackPaths(name.startsWith('test-') ? (name as `test-${string}`) : 'start');
}

export function stackPaths(name: 'start' | 'test' | `test-${string}`): Paths {
  const top = join(root, '.vaxel');
  const own = name === 'start' ? top : join(top, name);
  const short = createHash('sha256').update(`${own}:${userInfo().uid}`).digest('hex').slice(0, 12);
  return {
    tools: join(top, 'tools'),
    data: join(own, 'data'),
    run: join(own, 'run'),
    log: join(own, 'log'),
    sockets: join(tmpdir(), `vaxel-${short}`)
  };
}
