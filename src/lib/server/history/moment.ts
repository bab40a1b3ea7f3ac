/** As text (and JSON too): drizzle turns postgres.js's own handling of both off for the pool that they share. */
export const moment = (ms: number) => new Date(ms).toISOString();

/** How long one chunk's facts are of. */
export const chunkMs = 15 * 60_000;
