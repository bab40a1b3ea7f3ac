/** Before the services of docker compose: brings the database up to this version; with VAXEL_DEMO_PASSWORD also the demo organization. */
import { connect } from '#lib/server/db/index.ts';
import { migrate } from '#lib/server/db/migrate.ts';
import { demoLogins, seedDemo } from '#lib/server/operations/demo.ts';
import { readSettings } from '#lib/server/settings.ts';

const { database, databaseWeb } = readSettings();
await migrate(database, databaseWeb);
const password = process.env.VAXEL_DEMO_PASSWORD;
if (password) {
  const connection = connect(database, { max: 2, name: 'vaxel demo' });
  try {
    const passwords = Object.fromEntries(demoLogins.map(({ email }) => [email, password]));
    await seedDemo({ db: connection.db, passwords });
  } finally {
    await connection.close();
  }
}
