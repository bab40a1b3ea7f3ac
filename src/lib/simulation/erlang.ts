/** A queue in theory: Poisson arrivals, exponential handling and patience, first come first served. */
export interface Model {
  servers: number;
  /** Erlang: arrivals per second × handling seconds. */
  load: number;
  handleSeconds: number;
  /** Mean; null: callers wait for ever (Erlang-C). */
  patienceSeconds: number | null;
}

/**
 * Shares from 0 to 1. Waits are of all callers, who left included; `within20` is answered within 20 s of all who called,
 * `withinHandle` within one handling time: of a queue whose callers hardly ever wait 20 s it tells more.
 */
export interface Expected {
  wait: number;
  meanWaitSeconds: number;
  within20: number;
  withinHandle: number;
  abandoned: number;
  occupancy: number;
}

const targetSeconds = 20;

/** The closed form: Erlang-C without patience, Erlang-A (Palm) with it. Throws for a load that never comes to rest. */
export function expected(model: Model): Expected {
  return model.patienceSeconds === null ? erlangC(model) : erlangA(model, model.patienceSeconds);
}

function erlangC({ servers, load, handleSeconds }: Model): Expected {
  if (load >= servers) throw new Error('a load of as much as there are servers, or more, needs patience');
  // Erlang-B by its recursion, which never overflows; C from it.
  let blocked = 1;
  for (let n = 1; n <= servers; n += 1) blocked = (load * blocked) / (n + load * blocked);
  const wait = (servers * blocked) / (servers - load * (1 - blocked));
  const drainedPerSecond = (servers - load) / handleSeconds;
  return {
    wait,
    meanWaitSeconds: wait / drainedPerSecond,
    within20: 1 - wait * Math.exp(-drainedPerSecond * targetSeconds),
    withinHandle: 1 - wait * Math.exp(-drainedPerSecond * handleSeconds),
    abandoned: 0,
    occupancy: load / servers
  };
}

function erlangA({ servers, load, handleSeconds }: Model, patienceSeconds: number): Expected {
  const arrivals = load / handleSeconds;
  const served = 1 / handleSeconds;
  const leaves = 1 / patienceSeconds;
  // The birth and death chain, unnormalized, until what is left does not count.
  const weights = [1];
  for (let n = 1; ; n += 1) {
    const weight = (weights[n - 1]! * arrivals) / (Math.min(n, servers) * served + Math.max(0, n - servers) * leaves);
    weights.push(weight);
    if (n > servers && weight < 1e-14 * weights[servers]!) break;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const p = weights.map((weight) => weight / total);
  const waiting = p.reduce((sum, share, n) => sum + share * Math.max(0, n - servers), 0);
  const busy = p.reduce((sum, share, n) => sum + share * Math.min(n, servers), 0);
  const wait = p.slice(servers).reduce((sum, share) => sum + share, 0);
  // Who finds k waiting is served after k + 1 departures, at rates cμ + jθ: density of a Yule process, times own patience.
  const base = servers * served;
  const inTime = (seconds: number) =>
    p.slice(servers).reduce((sum, share, k) => {
      let logRates = 0;
      for (let j = 0; j <= k; j += 1) logRates += Math.log(base + j * leaves) - (j > 0 ? Math.log(j * leaves) : 0);
      const density = (x: number) =>
        k > 0 && x === 0
          ? 0
          : Math.exp(logRates - base * x + (k > 0 ? k * Math.log(-Math.expm1(-leaves * x)) : 0) - leaves * x);
      return sum + share * simpson(density, seconds);
    }, 0);
  return {
    wait,
    meanWaitSeconds: waiting / arrivals,
    within20: 1 - wait + inTime(targetSeconds),
    withinHandle: 1 - wait + inTime(handleSeconds),
    abandoned: (waiting * leaves) / arrivals,
    occupancy: busy / servers
  };
}

/** ∫ from 0 to `to`. */
function simpson(f: (x: number) => number, to: number): number {
  const steps = 400;
  const h = to / steps;
  let sum = f(0) + f(to);
  for (let n = 1; n < steps; n += 1) sum += f(n * h) * (n % 2 === 1 ? 4 : 2);
  return (sum * h) / 3;
}
