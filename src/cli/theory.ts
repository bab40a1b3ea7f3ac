import { compare, models, skillGain } from '#lib/simulation/theory.ts';
import type { Comparison } from '#lib/simulation/theory.ts';
import type { Model } from '#lib/simulation/erlang.ts';

/** Aim: two skills per agent bring this share of what all skills would. */
const aimedGain = 0.9;

const names = {
  wait: 'P(wait)',
  meanWaitSeconds: 'mean wait, s',
  within20: 'within 20 s',
  withinHandle: 'within one handling time',
  abandoned: 'abandoned',
  occupancy: 'occupancy'
};

/**
 * The real routing code on virtual time against Erlang-C and Erlang-A: the books' four models and the skills, or one model
 * of one's own. Prints closed form, result, standard error and how many of them apart. Gives how many figures do not hold.
 */
export function theory(own: Model | null, seed: number, json: boolean): number {
  let missed = 0;
  for (const model of own ? [own] : models) {
    const comparison = compare(model, seed);
    missed += comparison.figures.filter(({ holds }) => !holds).length;
    if (json) console.log(JSON.stringify(comparison));
    else print(comparison);
  }
  if (own) return missed;
  const gain = skillGain(seed, 4_000);
  const holds = gain.gain >= aimedGain;
  if (!holds) missed += 1;
  if (json) console.log(JSON.stringify({ ...gain, holds }));
  else {
    const seconds = ({ mean, error }: { mean: number; error: number }) => `${mean.toFixed(1)} ± ${error.toFixed(1)} s`;
    console.log('\n6 types, 90 agents, load 84, 30 places: mean wait with');
    console.log(
      `  one skill ${seconds(gain.one)}, two ${seconds(gain.two)}, all ${seconds(gain.all)}: two bring ${(gain.gain * 100).toFixed(0)} % of the gain  ${holds ? 'holds' : 'missed'} (>= 90 %)`
    );
  }
  return missed;
}

function print({ model, calls, batches, figures }: Comparison): void {
  const { servers, load, handleSeconds, patienceSeconds } = model;
  const patience = patienceSeconds === null ? '' : `+M, patience ${patienceSeconds} s`;
  console.log(
    `\nM/M/${servers}${patience}, load ${load}, handle ${handleSeconds} s: ${calls} calls in ${batches} batches`
  );
  for (const { figure, theory, measured, holds } of figures) {
    const apart = Math.abs(measured.mean - theory) / measured.error;
    console.log(
      `  ${names[figure].padEnd(24)} theory ${theory.toFixed(4).padStart(9)}  measured ${measured.mean.toFixed(4).padStart(9)} ± ${measured.error.toFixed(4)}  ${apart.toFixed(1)} errors apart  ${holds ? 'holds' : 'missed'}`
    );
  }
}
