/** As text (and JSON too): drizzle turns postgres.js's own handling of both off for the pool that they share. */
export const moment = (ms: number) => new Date(ms).toISOString();

/** How long one chunk's facts are of. */
const chunkMs = 15 * 60_000;

/** When its 15 minutes began, epoch ms. */
export const quarterOf = (atMs: number) => Math.floor(atMs / chunkMs) * chunkMs;
