import { createHmac, hkdfSync } from 'node:crypto';

/**
 * One key per purpose from the master secret (HKDF-SHA-256), so that a key that leaks tells nothing of the others.
 * @param secret hex, as in `VAXEL_SECRET`
 */
export function deriveKey(secret: string, purpose: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), 'vaxel', purpose, bytes));
}

/** A stable token for `value` under a derived key, base64url. */
export function keyedToken(key: Buffer, value: string): string {
  return createHmac('sha256', key).update(value).digest('base64url');
}
