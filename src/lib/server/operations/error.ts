/** Why an operation was refused; every code has a sentence in `#lib/i18n/errors.ts`. */
export type OperationCode =
  | 'forbidden'
  | 'not-found'
  | 'bad-input'
  /** The row has changed since the page was read (ETag). */
  | 'version-conflict'
  | 'idempotency-key-reused'
  | 'name-taken'
  | 'email-taken'
  | 'number-taken'
  /** The number by which a temporary schedule is switched by phone. */
  | 'phone-number-taken'
  | 'number-invalid'
  | 'time-zone-unknown'
  /** Not one that the library of holidays knows. */
  | 'country-unknown'
  | 'region-unknown'
  /** E4: no country has it. */
  | 'country-code'
  | 'schedule-in-use'
  /** A temporary schedule that means no queue. */
  | 'no-queues'
  /** `detail` names the queues and numbers. */
  | 'skill-needed'
  /** Removed meanwhile, or never the organization's. */
  | 'skill-unknown'
  | 'plan-too-low'
  | 'not-an-agent'
  | 'no-softphone'
  | 'user-inactive'
  | 'last-administrator'
  | 'number-emergency'
  /** E7; `detail` names what numbers may begin with. */
  | 'number-not-allowed'
  /** It leads to a queue of theirs. */
  | 'number-own'
  /** E5: only the organization's own are presented. */
  | 'number-not-own'
  /** `detail` names the queues that callers would be sent round. */
  | 'forward-loop'
  | 'reopen-below'
  /** What callers cannot be played: not a wav, not 8 kHz of 16 bits in one channel, or nothing in it. */
  | 'not-a-wav'
  | 'wav-format'
  | 'wav-empty'
  /** `detail`: the most minutes. */
  | 'sound-too-long'
  /** `detail`: the most there may be. */
  | 'too-many-sounds'
  /** `detail` names the queues. */
  | 'sound-in-use'
  /** Removed meanwhile, or never the organization's. */
  | 'sound-unknown'
  | 'nothing-to-undo';

/** An expected refusal. `field` names the input's field, dotted, when one is to blame; `detail` what stands in the way, by name. */
export class OperationError extends Error {
  readonly code: OperationCode;
  readonly field: string | null;
  readonly detail: string | null;
  constructor(code: OperationCode, field: string | null = null, detail: string | null = null) {
    super(code);
    this.name = 'OperationError';
    this.code = code;
    this.field = field;
    this.detail = detail;
  }
}
