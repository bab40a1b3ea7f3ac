import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from './problem.ts';

/** Made once, kept in a file that only its owner can read; never logged, never in a repository. */
export interface Secrets {
  /** Hex, 32 bytes: the root of every derived key (softphone passwords, caller tokens, cookies). */
  master: string;
  ari: string;
  ariParent: string;
  ami: string;
  carrierAri: string;
  databaseOwner: string;
  databaseWeb: string;
  /** Password of the demo people, shown at each start. */
  demo: string;
}

export async function readSecrets(data: string): Promise<Secrets> {
  const file = join(data, 'secrets.json');
  await mkdir(data, { recursive: true });
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  const known = text === null ? {} : parse(text, file);
  const secrets: Secrets = {
    master: known.master ?? randomBytes(32).toString('hex'),
    ari: known.ari ?? randomBytes(24).toString('base64url'),
    ariParent: known.ariParent ?? randomBytes(24).toString('base64url'),
    ami: known.ami ?? randomBytes(24).toString('base64url'),
    carrierAri: known.carrierAri ?? randomBytes(24).toString('base64url'),
    databaseOwner: known.databaseOwner ?? randomBytes(24).toString('base64url'),
    databaseWeb: known.databaseWeb ?? randomBytes(24).toString('base64url'),
    demo: known.demo ?? sayable()
  };
  const next = JSON.stringify(secrets, null, 1);
  if (next !== text) {
    await writeFile(`${file}.new`, next, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  await chmod(file, 0o600);
  return secrets;
}

function parse(text: string, file: string): Partial<Secrets> {
  try {
    return JSON.parse(text) as Partial<Secrets>;
  } catch (error) {
    throw new Problem(
      `${file} cannot be read (${(error as Error).message}). Restore it from a backup; without it the stored data cannot be opened.`
    );
  }
}

/** Easy to type from a screen: four groups of letters that are not mistaken for each other. */
function sayable(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz';
  return [...randomBytes(16)]
    .map((byte, index) => `${index > 0 && index % 4 === 0 ? '-' : ''}${letters[byte % letters.length]}`)
    .join('');
}
