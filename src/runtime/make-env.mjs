// The secrets of docker compose, made anew: `node src/runtime/make-env.mjs > .env`. For any Node from 18 on.
import { randomBytes } from 'node:crypto';

const word = () => randomBytes(24).toString('base64url');

/** @type {Record<string, string>} */
export const secrets = {
  VAXEL_SECRET: randomBytes(32).toString('hex'),
  VAXEL_ARI_PASSWORD: word(),
  VAXEL_ARI_PARENT_PASSWORD: word(),
  VAXEL_AMI_PASSWORD: word(),
  VAXEL_DATABASE_PASSWORD: word(),
  VAXEL_DATABASE_WEB_PASSWORD: word(),
  VAXEL_DEMO_PASSWORD: word()
};

if (process.argv[1]?.endsWith('make-env.mjs'))
  for (const [name, value] of Object.entries(secrets)) console.log(`${name}=${value}`);
