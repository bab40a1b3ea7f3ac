import { randomBytes } from 'node:crypto';
import { connect, migrate, type Connection } from '#lib/server/db/index.ts';
import { createOperations, createOrganization, type Operations, type Outcome } from '#lib/server/operations/index.ts';
import type { Actor } from '#lib/server/auth/index.ts';

/**
 * Two connections to the stack's own Postgres, and organizations of one's own in it: tests share the database and
 * nothing else. VAXEL_DATABASE and VAXEL_DATABASE_WEB are given by the test stack.
 */
export interface Fixture {
  owner: Connection;
  web: Connection;
  operations: Operations;
  /** Organizations whose configuration was written, in order. */
  nudged: string[];
  /** The administrator of a new organization. */
  organization(): Promise<Actor & { email: string; password: string }>;
  close(): Promise<void>;
}

export async function openFixture(): Promise<Fixture> {
  const { VAXEL_DATABASE: url, VAXEL_DATABASE_WEB: webUrl } = process.env;
  if (!url || !webUrl) throw new Error('VAXEL_DATABASE and VAXEL_DATABASE_WEB are not set: run `npm test`');
  await migrate(url, webUrl);
  const owner = connect(url, { max: 4 });
  const web = connect(webUrl, { max: 4 });
  const nudged: string[] = [];
  return {
    owner,
    web,
    nudged,
    operations: createOperations({
      db: web.db,
      nowMs: () => Date.now(),
      onConfigurationWritten: (organizationId) => nudged.push(organizationId)
    }),
    async organization() {
      const email = `${unique()}@nordhamn.example`;
      const password = 'correct-horse-battery';
      const actor = await createOrganization(
        owner.db,
        {
          name: `Nordhamn ${unique()}`,
          timeZone: 'Europe/Stockholm',
          country: 'SE',
          language: 'sv',
          // A cell nobody serves: a running worker on the same database leaves these rows alone.
          cell: testCell,
          administrator: { name: 'Johan Lindqvist', email, password }
        },
        Date.now()
      );
      return { ...actor, email, password };
    },
    async close() {
      await Promise.all([owner.close(), web.close()]);
    }
  };
}

/** The result of what must be done. */
export async function must<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(`${settled.code} at ${settled.field}`);
  return settled.result;
}

export const testCell = 999;

export function unique(): string {
  return randomBytes(5).toString('hex');
}

/** A number of a range that Swedish authorities keep free for fiction is too small a set; these are merely valid. */
export function uniqueNumber(): string {
  return `+4684${String(randomBytes(4).readUInt32BE() % 10_000_000).padStart(7, '0')}`;
}
