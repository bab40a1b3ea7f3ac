/** What SIP showed from outside, in order of time. `atMs`: of the rig's clock. */
export type Observation =
  /** A caller's INVITE was sent. */
  | { kind: 'call'; atMs: number; call: number }
  /** An INVITE for this call came to an agent's device. */
  | { kind: 'offer'; atMs: number; call: number; agent: number }
  /** The agent's device sent its 200. */
  | { kind: 'answer'; atMs: number; call: number; agent: number }
  /** The agent's leg is over: BYE sent or received, CANCEL received. */
  | { kind: 'free'; atMs: number; call: number; agent: number }
  /** The caller's leg is over; `code`: of a refusal, 0 when it was answered first. */
  | { kind: 'gone'; atMs: number; call: number; code: number };

export interface Derived {
  calls: number;
  offers: number;
  /** Offers to an agent who had a leg. */
  doubleOffers: number;
  /** Calls refused, or over without having been answered by an agent. */
  failed: number;
  /** Per offer: ms in which the agent offered was free while at least one call had no offer. */
  freeBesideWaitingMs: number[];
  /** Per answered call: ms from its INVITE to an agent's 200. */
  waitsMs: number[];
  /** Offers to the agent whose last leg ended first, of all free. */
  toLongestIdle: number;
  /** Offers where more than one agent was free, so that there was a choice. */
  choices: number;
}

/** Who was free, who waited, who was longest idle: from SIP alone, whatever decided. Agents are free from the start. */
export function derive(observations: Observation[], agents: number, countFromMs = 0): Derived {
  const freeSince = new Map<number, number>();
  for (let agent = 0; agent < agents; agent++) freeSince.set(agent, 0);
  const calledAt = new Map<number, number>();
  const unoffered = new Set<number>();
  const answered = new Set<number>();
  let someWaitSince = 0;
  const derived: Derived = {
    calls: 0,
    offers: 0,
    doubleOffers: 0,
    failed: 0,
    freeBesideWaitingMs: [],
    waitsMs: [],
    toLongestIdle: 0,
    choices: 0
  };
  for (const one of observations) {
    const counted = one.atMs >= countFromMs;
    switch (one.kind) {
      case 'call':
        if (unoffered.size === 0) someWaitSince = one.atMs;
        unoffered.add(one.call);
        calledAt.set(one.call, one.atMs);
        if (counted) derived.calls += 1;
        break;
      case 'offer': {
        const since = freeSince.get(one.agent);
        if (counted) {
          derived.offers += 1;
          if (since === undefined) derived.doubleOffers += 1;
          else {
            derived.freeBesideWaitingMs.push(one.atMs - Math.max(since, someWaitSince));
            if (freeSince.size > 1) {
              derived.choices += 1;
              if (since === Math.min(...freeSince.values())) derived.toLongestIdle += 1;
            }
          }
        }
        freeSince.delete(one.agent);
        unoffered.delete(one.call);
        break;
      }
      case 'answer':
        if (counted && !answered.has(one.call)) derived.waitsMs.push(one.atMs - (calledAt.get(one.call) ?? one.atMs));
        answered.add(one.call);
        break;
      case 'free':
        freeSince.set(one.agent, one.atMs);
        break;
      case 'gone':
        unoffered.delete(one.call);
        if (counted && !answered.has(one.call)) derived.failed += 1;
        break;
    }
  }
  return derived;
}
