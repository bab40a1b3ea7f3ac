import { deriveKey, keyedToken } from './keys.ts';

/**
 * The SIP password of a softphone: derived from the master secret and the device's id, so that web and worker agree
 * without storing it. 24 characters of base64url (144 bits).
 */
export function softphonePassword(secret: string, deviceId: string): string {
  return keyedToken(deriveKey(secret, 'softphone'), deviceId).slice(0, 24);
}
