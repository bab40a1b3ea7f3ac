/** Ends every switch over a union: a new member is then a type error where it is not handled. */
export function assertNever(value: never): never {
  throw new Error(`unhandled: ${JSON.stringify(value)}`);
}
