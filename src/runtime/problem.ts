import { AptProblem } from './apt.mjs';

/** A problem of the surroundings, said in one sentence that tells what to do. Printed as it is; exit code 1. */
export class Problem extends Error {
  override name = 'Problem';
}

/** Turns the usual failures of the outside into a `Problem`; everything else is a bug and keeps its stack. */
export function asProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof AptProblem) return new Problem(error.message);
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const path = (error as NodeJS.ErrnoException | null)?.path ?? '';
  if (code === 'ENOSPC')
    return new Problem('The disk is full. Free some space and run it again: it goes on where it stopped.');
  if (code === 'EACCES' || code === 'EPERM')
    return new Problem(
      `No permission for ${path}. Run it as the owner of this directory, or make it writable for you.`
    );
  if (code === 'EROFS')
    return new Problem(`${path} is on a read-only file system; Växel keeps its data under .vaxel in the checkout.`);
  return null;
}
