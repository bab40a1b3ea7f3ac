import { randomBytes } from 'node:crypto';

const letters = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * A new id: 16 lower-case letters and digits, 80 random bits. Shorter than a UUID (36), since the channel variable VX
 * holds up to eight ids in 400 bytes, and safe as a SIP user name, a channel id and a part of an address.
 */
export function newId(random: (size: number) => Uint8Array = randomBytes): string {
  let id = '';
  for (const byte of random(16)) id += letters[byte & 31];
  return id;
}
