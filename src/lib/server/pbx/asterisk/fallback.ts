/** Where callers are when no worker leads: names in `pbx/etc/extensions.conf`, for the worker's parent and the adapter. */
export const fallback = {
  context: 'fallback',
  /** For a caller who has not been answered: rings on. */
  fresh: 's',
  /** For one who has: music. Tried back into the application each second. */
  waiting: 'waiting'
} as const;
