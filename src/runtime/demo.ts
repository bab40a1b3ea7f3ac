import { connect } from '#lib/server/db/index.ts';
import { demoLogins, demoNumbers, seedDemo } from '#lib/server/operations/demo.ts';
import type { Stack } from './stack.ts';
import type { Steps } from './steps.ts';

export interface Demo {
  people: { role: string; email: string }[];
  password: string;
  /** The number of a queue that is always open. */
  number: string;
}

/** The demo organization, made on the first run. */
export async function bringDemo(stack: Stack, steps: Steps): Promise<Demo> {
  const connection = connect(stack.environment.VAXEL_DATABASE ?? '', { max: 2, name: 'vaxel demo' });
  const passwords = Object.fromEntries(demoLogins.map(({ email }) => [email, stack.secrets.demo]));
  try {
    await steps.step('Demo organization', () => seedDemo({ db: connection.db, passwords }));
  } finally {
    await connection.close();
  }
  return {
    people: demoLogins.map(({ role, email }) => ({ role, email })),
    password: stack.secrets.demo,
    number: demoNumbers[0]?.e164 ?? ''
  };
}
