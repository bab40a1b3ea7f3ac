import { pino, type Logger } from 'pino';

/**
 * A process's log. A failed query is told without its parameters: they may be a password's hash, an address or a number,
 * and the message of drizzle's error repeats them.
 */
export function createLog(name: string): Logger {
  return pino({ name, level: process.env.VAXEL_LOG_LEVEL ?? 'info', serializers: { err: describeError } });
}

/** Exported for its test. */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('params' in error || 'query' in error) {
    const { cause } = error;
    return {
      type: error.name,
      message: 'a query failed',
      cause: cause === undefined ? null : describeError(cause),
      stack: frames(error)
    };
  }
  const { code } = error as NodeJS.ErrnoException;
  return { type: error.name, message: error.message, ...(code ? { code } : {}), stack: frames(error) };
}

/** Where, without the first lines, which repeat the message. */
function frames(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
}
