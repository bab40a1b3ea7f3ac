import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/** OWASP's recommendation for argon2id: 19 MiB, two passes, one lane; about 25 ms here. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };
export const passwordLimits = { min: 10, max: 200 };

/** Hashes a password (argon2id, random salt) into a PHC string that carries its own cost. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await derive(password, salt, cost);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** A hash of nothing anybody knows: an unknown address costs the same time as a wrong password. */
let decoy: Promise<string> | null = null;

/** Whether the password is right. `hash` null (unknown address, no password yet): always false, in the same time. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'));
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash ?? (await decoy));
  if (!match) return false;
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  const expected = Buffer.from(tag, 'base64');
  const actual = await derive(password, Buffer.from(salt, 'base64'), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length
  });
  return timingSafeEqual(actual, expected) && hash !== null;
}

/** A password to be told once and then changed: 4 groups of 4, without letters that look alike. */
export function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789z';
  const text = [...randomBytes(16)].map((byte) => letters[byte & 31]).join('');
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

function derive(password: string, nonce: Buffer, parameters: typeof cost): Promise<Buffer> {
  const message = password.normalize('NFKC');
  return new Promise((resolve, reject) =>
    argon2('argon2id', { message, nonce, ...parameters }, (error, tag) => (error ? reject(error) : resolve(tag)))
  );
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
