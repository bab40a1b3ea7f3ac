import type { ConfigurationValue } from '#lib/acd/configuration.ts';
import type { Fact } from '#lib/acd/facts.ts';
import type { VisitId } from '#lib/acd/ids.ts';
import type { Predictor } from '#lib/acd/waiting-time.ts';
import { createRandom } from './random.ts';
import { route } from './routing.ts';
import { plainAgent, plainMember, plainNumber, plainQueue } from './values.ts';

export interface WaitingLoad {
  agents: number;
  /** Erlang. */
  load: number;
  handleSeconds: number;
  patienceSeconds: number | null;
}

/** How well waits were told: of those who waited and were answered, each way at the same instant. */
export interface Accuracy {
  answered: number;
  /** Root of the mean square of the error, in seconds. */
  rmsSeconds: Record<Predictor, number>;
  /** Of the way that was used. */
  usedSeconds: number;
  /** Share of the waits that lay within P10 and P90. */
  covered: number;
}

/** The real engine with calls at random; the first tenth, in which it begins to learn, is left out. */
export function tellWaits(load: WaitingLoad, calls: number, seed: number): Accuracy {
  const agents = Array.from({ length: load.agents }, (_, n) => `agent${String(n).padStart(3, '0')}`);
  const values: ConfigurationValue[] = [
    plainQueue('queue', { wrapUpSeconds: 0 }),
    plainNumber('+4650', 'queue'),
    ...agents.map((agent) => plainAgent(agent)),
    ...agents.map((agent) => plainMember('queue', agent))
  ];
  const told = new Map<VisitId, Extract<Fact, { type: 'predicted' }>>();
  const squares: Record<Predictor | 'used', number> = { pace: 0, handle: 0, average: 0, used: 0 };
  let [entered, answered, covered] = [0, 0, 0];
  function hear(fact: Fact): void {
    if (fact.type === 'visit-entered') entered += 1;
    if (fact.type === 'predicted' && entered > calls / 10) told.set(fact.visitId, fact);
    if (fact.type !== 'visit-ended') return;
    const prediction = told.get(fact.visitId);
    told.delete(fact.visitId);
    if (!prediction || fact.outcome !== 'answered') return;
    const waitedMs = fact.atMs - prediction.atMs;
    const { expectedMs, by, lowMs, highMs } = prediction;
    const square = (ms: number | null) => ((ms ?? NaN) - waitedMs) ** 2;
    for (const one of ['pace', 'handle', 'average'] as const) squares[one] += square(expectedMs[one]);
    squares.used += square(expectedMs[by]);
    answered += 1;
    if (waitedMs >= lowMs && waitedMs <= highMs) covered += 1;
  }
  const { load: erlang, handleSeconds, patienceSeconds } = load;
  route(
    {
      values,
      numbers: ['+4650'],
      callsPerSecond: erlang / handleSeconds,
      handleSeconds,
      patienceSeconds,
      places: null,
      calls,
      random: createRandom(seed),
      hear
    },
    calls
  );
  const rms = (sum: number) => Math.sqrt(sum / answered) / 1_000;
  return {
    answered,
    rmsSeconds: { pace: rms(squares.pace), handle: rms(squares.handle), average: rms(squares.average) },
    usedSeconds: rms(squares.used),
    covered: covered / answered
  };
}
