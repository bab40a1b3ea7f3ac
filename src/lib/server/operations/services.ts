import { Redis } from 'ioredis';
import { createApiGate, createSignIn, type ApiGate, type SignIn } from '#lib/server/auth/index.ts';
import { connect, type Database } from '#lib/server/db/index.ts';
import type { Settings } from '#lib/server/settings.ts';
import { createSounds, type Sounds } from '#lib/server/sounds.ts';
import { createOperations, type Operations, type OperationsOptions } from './define.ts';

/** What a web process works with; made once, handed on in `event.locals`. */
export interface Services {
  /** As the web role: everything through `withOrganization`. */
  db: Database;
  signIn: SignIn;
  apiGate: ApiGate;
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
  /** Who waits in each queue now, as the live view has it. */
  waiting: NonNullable<OperationsOptions['waiting']>;
  onError: (error: unknown, where: string) => void;
}

export function createServices({
  settings,
  announcements,
  onConfigurationWritten,
  waiting,
  onError
}: ServicesOptions): Services {
  const connection = connect(settings.databaseWeb, { max: 10, name: 'vaxel-web' });
  // Counts of failed sign-ins and of the API's requests only. Fails fast: while Redis is away each process counts in memory (see createSignIn).
  const redis = new Redis(settings.redis, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
  redis.on('error', (error) => onError(error, 'redis'));
  const nowMs = () => Date.now();
  return {
    db: connection.db,
    signIn: createSignIn(connection.db, redis),
    apiGate: createApiGate(connection.db, redis),
    operations: createOperations({
      db: connection.db,
      nowMs,
      waiting,
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
