import { id } from '#lib/acd/ids.ts';
import { chanceOfLate } from './chance.ts';
import { expected } from './erlang.ts';
import type { Expected, Model } from './erlang.ts';
import { createRandom } from './random.ts';
import { route } from './routing.ts';
import type { Batch, Traffic } from './routing.ts';
import { plainAgent, plainMember, plainNumber, plainQueue } from './values.ts';

export interface Measured {
  mean: number;
  /** Standard error of the mean, from batch means; but not less than chance alone makes of what is rare. */
  error: number;
}
export type Figure = keyof Expected;
export interface Comparison {
  model: Model;
  calls: number;
  batches: number;
  figures: { figure: Figure; theory: number; measured: Measured; holds: boolean }[];
}

/** So many, and one before them that is thrown away: the system begins empty. */
const batches = 30;
/** A figure holds when it is within so many standard errors of its closed form. */
const mostErrors = 3;

/** The four models of the books. */
export const models: Model[] = [
  { servers: 10, load: 9, handleSeconds: 180, patienceSeconds: null },
  { servers: 50, load: 47.5, handleSeconds: 180, patienceSeconds: null },
  { servers: 20, load: 18, handleSeconds: 5, patienceSeconds: null },
  { servers: 50, load: 50, handleSeconds: 180, patienceSeconds: 120 }
];

/**
 * A batch must be long against the memory of the queue (relaxation times of M/M/c, in calls), or its mean says little;
 * and all together must see what is rare often enough to have a mean at all.
 */
export function callsPerBatch(model: Model): number {
  const { servers, load, patienceSeconds } = model;
  const { within20 } = expected(model);
  const rare = Math.min(150 / (1 - within20) / batches, 25_000);
  const slack = 1 - Math.sqrt(load / servers);
  const memory = patienceSeconds === null ? (15 * load) / (servers * slack * slack) : 5_000;
  return Math.ceil(Math.max(3_000, memory, rare));
}

/** The real routing code against the closed form. */
export function compare(model: Model, seed: number, calls = callsPerBatch(model)): Comparison {
  const agents = Array.from({ length: model.servers }, (_, n) => `agent${String(n).padStart(4, '0')}`);
  const measured = route(
    {
      values: [
        plainQueue('queue', { wrapUpSeconds: 0 }),
        plainNumber('+4650', 'queue'),
        ...agents.map((agent) => plainAgent(agent)),
        ...agents.map((agent) => plainMember('queue', agent))
      ],
      numbers: ['+4650'],
      callsPerSecond: model.load / model.handleSeconds,
      handleSeconds: model.handleSeconds,
      patienceSeconds: model.patienceSeconds,
      places: null,
      calls: calls * (batches + 1),
      random: createRandom(seed)
    },
    calls
  ).slice(1);
  const theory = expected(model);
  const figures = (Object.keys(of) as Figure[])
    .filter((figure) => figure !== 'abandoned' || model.patienceSeconds !== null)
    .map((figure) => {
      const found = meanOf(measured.map((batch) => of[figure](batch, model)));
      if (figure === 'within20' && isRare(model, calls * batches))
        found.error = Math.max(found.error, chanceOfLate(model, 20, calls * batches, createRandom(seed)));
      return { figure, theory: theory[figure], measured: found, holds: isNear(found, theory[figure]) };
    });
  return { model, calls: calls * batches, batches: measured.length, figures };
}

const of: Record<Figure, (batch: Batch, model: Model) => number> = {
  wait: ({ passed }) => share(passed.map((one) => one.waitedMs > 0)),
  meanWaitSeconds: ({ passed }) => passed.reduce((sum, one) => sum + one.waitedMs, 0) / passed.length / 1_000,
  within20: ({ passed }) => share(passed.map((one) => one.answered && one.waitedMs <= 20_000)),
  withinHandle: ({ passed }, { handleSeconds }) =>
    share(passed.map((one) => one.answered && one.waitedMs <= handleSeconds * 1_000)),
  abandoned: ({ passed }) => share(passed.map((one) => !one.answered)),
  occupancy: ({ busyMs, durationMs }, { servers }) => busyMs / durationMs / servers
};

/** Callers who wait over 20 s come in clusters: where so few are expected, most batches see none, and their means prove nothing. */
const isRare = (model: Model, calls: number) =>
  model.patienceSeconds === null && (1 - expected(model).within20) * calls < 5_000;

const share = (all: boolean[]) => all.filter(Boolean).length / all.length;

function meanOf(values: number[]): Measured {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

const isNear = ({ mean, error }: Measured, theory: number) => Math.abs(mean - theory) <= mostErrors * error;

export interface SkillGain {
  /** Mean wait in seconds of those let in, with one skill per agent, two, and all six. */
  one: Measured;
  two: Measured;
  all: Measured;
  /** (one − two) ÷ (one − all). */
  gain: number;
}

/**
 * Six types of call, 90 agents, a load of 84 Erlang, 30 places to wait: what a second skill brings of what all skills
 * would. Each agent knows one type best; the second is spread evenly.
 */
export function skillGain(seed: number, calls = 20_000): SkillGain {
  const types = 6;
  const agents = 90;
  const wait = (known: (agent: number) => number[]): Measured => {
    const traffic: Traffic = {
      values: [
        plainQueue('queue', { wrapUpSeconds: 0, bestSkillFirst: true }),
        ...Array.from({ length: types }, (_, type) =>
          plainNumber(`+465${type}`, 'queue', {
            needs: [{ afterSeconds: 0, skills: [{ skillId: id.skill(`type${type}`), level: 1 }] }]
          })
        ),
        ...Array.from({ length: agents }, (_, agent) =>
          plainAgent(`agent${agent}`, {
            // Best at the first of them.
            skills: known(agent).map((type, at) => ({ skillId: id.skill(`type${type}`), level: at === 0 ? 2 : 1 }))
          })
        ),
        ...Array.from({ length: agents }, (_, agent) => plainMember('queue', `agent${agent}`))
      ],
      numbers: Array.from({ length: types }, (_, type) => `+465${type}`),
      callsPerSecond: 84 / 600,
      handleSeconds: 600,
      patienceSeconds: null,
      places: agents + 30,
      calls: calls * (batches + 1),
      random: createRandom(seed)
    };
    const means = route(traffic, calls)
      .slice(1)
      .map(({ passed }) => {
        const letIn = passed.filter((one) => !one.turnedAway);
        return letIn.reduce((sum, one) => sum + one.waitedMs, 0) / letIn.length / 1_000;
      });
    return meanOf(means);
  };
  const first = (agent: number) => agent % types;
  const second = (agent: number) => (first(agent) + 1 + (Math.floor(agent / types) % (types - 1))) % types;
  const one = wait((agent) => [first(agent)]);
  const two = wait((agent) => [first(agent), second(agent)]);
  const all = wait((agent) => Array.from({ length: types }, (_, n) => (first(agent) + n) % types));
  return { one, two, all, gain: (one.mean - two.mean) / (one.mean - all.mean) };
}
