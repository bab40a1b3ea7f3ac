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
  | 'number-invalid'
  | 'time-zone-unknown'
  | 'schedule-in-use'
  | 'plan-too-low'
  | 'not-an-agent'
  | 'no-softphone'
  | 'user-inactive'
  | 'last-administrator'
  | 'nothing-to-undo';

/** An expected refusal. `field` names the input's field, dotted, when one is to blame. */
export class OperationError extends Error {
  readonly code: OperationCode;
  readonly field: string | null;
  constructor(code: OperationCode, field: string | null = null) {
    super(code);
    this.name = 'OperationError';
    this.code = code;
    this.field = field;
  }
}
