/** As text (and JSON too): drizzle turns postgres.js's own handling of both off for the pool that they share. */
export const moment = (ms: number) => new Date(ms).toISOString();
