/**
 * What decides whether a queue is open: the first of these that says anything. The one place where this order stands;
 * `#lib/hours/README.md` tells it in words.
 *
 * @param said `schedule` always says something: without hours, that it is open
 */
export function inForce<Said>(said: { temporary?: Said | null; holiday?: Said | null; schedule: Said }): Said {
  return said.temporary ?? said.holiday ?? said.schedule;
}
