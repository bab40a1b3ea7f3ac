import { deriveKey, keyedToken } from './keys.ts';

/**
 * The SIP password of a softphone: derived from the master secret, the device's id and how often it has been changed
 * (`device.password_version`), so that web and worker agree without storing it. 24 characters of base64url (144 bits).
 */
export function softphonePassword(secret: string, deviceId: string, passwordVersion: number): string {
  return keyedToken(deriveKey(secret, 'softphone'), `${deviceId}:${passwordVersion}`).slice(0, 24);
}
