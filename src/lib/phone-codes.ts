/**
 * What people without a screen dial on their own device (P2, P12): a registered device is who it is. The one list of
 * them, for the worker that obeys them and the pages that teach them.
 */
export const plainCodes = { 'log-in': '*21', 'log-out': '*22', pause: '*23', resume: '*24' } as const;
/** Before the number of a temporary schedule. */
export const switchCodes = { on: '*3', off: '*4' } as const;
/** Numbers of temporary schedules: 1 to this. */
export const mostPhoneNumber = 999;

export type PhoneCode = { type: keyof typeof plainCodes } | { type: 'switch'; on: boolean; phoneNumber: number };

const switchPattern = /^(\*[34])([1-9]\d{0,2})$/;

/**
 * null: no such code.
 *
 * @param digits as dialled
 */
export function readPhoneCode(digits: string): PhoneCode | null {
  for (const type of Object.keys(plainCodes) as (keyof typeof plainCodes)[])
    if (plainCodes[type] === digits) return { type };
  const [, prefix, number] = switchPattern.exec(digits) ?? [];
  return number === undefined ? null : { type: 'switch', on: prefix === switchCodes.on, phoneNumber: Number(number) };
}

/** The announcements that say what came of a code (`pbx/sounds/texts.json`). */
export type CodeAnnouncement =
  | 'code-logged-in'
  | 'code-logged-out'
  | 'code-paused'
  | 'code-resumed'
  | 'code-on'
  | 'code-off'
  | 'code-unknown'
  | 'code-impossible';
