import { Redis } from 'ioredis';
import { createSignIn, type SignIn } from '#lib/server/auth/index.ts';
import { connect, type Database } from '#lib/server/db/index.ts';
import type { Settings } from '#lib/server/settings.ts';
import { createSounds, type Sounds } from '#lib/server/sounds.ts';
import { createOperations, type Operations } from './define.ts';

/** What a web process works with; made once, handed on in `event.locals`. */
export interface Services {
  /** As the web role: everything through `withOrganization`. */
  db: Database;
  signIn: SignIn;
  operations: Operations;
  /** Master secret, for `softphonePassword` and keys. */
  secret: string;
  nowMs: () => number;
  sounds: Sounds;
  close(): Promise<void>;
}

export interface ServicesOptions {
  settings: Settings;
  /** Folder of the announcements. */
  announcements: string;
  /** After each commit that wrote versions; the composition wires it to the worker. Without it the worker's timer finds them. */
  onConfigurationWritten?: (organizationId: string) => void;
  onError: (error: unknown, where: string) => void;
}

export function createServices({
  settings,
  announcements,
  onConfigurationWritten,
  onError
}: ServicesOptions): Services {
  const connection = connect(settings.databaseWeb, { max: 10, name: 'vaxel-web' });
  // Counts of failed sign-ins only. Fails fast: while Redis is away each process counts in memory (see createSignIn).
  const redis = new Redis(settings.redis, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
  redis.on('error', (error) => onError(error, 'redis'));
  const nowMs = () => Date.now();
  return {
    db: connection.db,
    signIn: createSignIn(connection.db, redis),
    operations: createOperations({
      db: connection.db,
      nowMs,
      ...(onConfigurationWritten && { onConfigurationWritten })
    }),
    secret: settings.secret,
    nowMs,
    sounds: createSounds(announcements),
    async close() {
      redis.disconnect();
      await connection.close();
    }
  };
}
