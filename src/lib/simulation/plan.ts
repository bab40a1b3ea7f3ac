import type { Streams } from './random.ts';

/** What somebody or something does to the system. `n` is its name: what it draws from, and what it is left out by. */
export interface Act {
  n: number;
  atMs: number;
  kind: ActKind;
  /** Who comes to work, of the world's agents; of `shift` only. */
  agent?: number;
}
export type ActKind =
  /** The PBX loses, delays and repeats events, and is silent or refuses, for as long as there is trouble. */
  | 'faults'
  | 'shift'
  | 'call'
  | 'agent'
  | 'configuration'
  | 'cut'
  | 'restart'
  /** The store loses all it has, and a worker begins anew. */
  | 'store-lost'
  /** Another worker takes over while the one before lives on. */
  | 'usurper'
  | 'store-away'
  | 'wall-clock';

/** Trouble lasts so long; then a few calls come in peace, within half a minute. */
export const troubleMs = 90_000;
export const peacefulCallsMs = 30_000;
const peacefulCalls = 5;

/** All acts of one seed, in order of time: known before anything happens, so that each can be left out by itself. */
export function planOf(streams: Streams, agents: number): Act[] {
  const acts: Omit<Act, 'n'>[] = [];
  const random = streams.of('plan');
  const every = (lowMs: number, highMs: number, kind: () => ActKind) => {
    for (let atMs = random.between(lowMs, highMs); atMs < troubleMs; atMs += random.between(lowMs, highMs))
      acts.push({ atMs, kind: kind() });
  };
  if (random.chance(0.8)) acts.push({ atMs: 0, kind: 'faults' });
  for (let agent = 0; agent < agents; agent += 1) acts.push({ atMs: 0, kind: 'shift', agent });
  // A quiet day, or more calls than the agents can take.
  every(500, random.pick([2_000, 9_000]), () => 'call');
  every(1_000, 8_000, () => 'agent');
  every(5_000, 40_000, () => 'configuration');
  every(10_000, 60_000, () => 'cut');
  every(10_000, 50_000, () => (random.chance(0.1) ? 'store-lost' : 'restart'));
  every(20_000, 90_000, () => 'usurper');
  every(20_000, 90_000, () => 'store-away');
  every(20_000, 90_000, () => 'wall-clock');
  for (let n = 0; n < peacefulCalls; n += 1)
    acts.push({ atMs: troubleMs + random.between(1_000, peacefulCallsMs), kind: 'call' });
  return acts.toSorted((a, b) => a.atMs - b.atMs).map((act, n) => ({ ...act, n }));
}
