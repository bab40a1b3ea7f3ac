import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { SimulationResult } from '#lib/simulation/simulate.ts';
import { createProgress } from './progress.ts';
import { runSeeds } from './sim-threads.ts';
import { shrinkSeed } from './shrink-seed.ts';
import { theory } from './theory.ts';

/**
 * `npm run sim -- [--seeds N] [--from SEED] [--whole] [--trace] [--json]`: so many seeds of the simulator, from SEED on
 * (1), on all cores. A seed that fails is printed with what failed and when; `--from SEED --seeds 1` does it again, byte for byte
 * (the digest tells). `--whole` compares all that is stored, the indexes and the projection after each event instead of one in
 * twenty (that the state read back decides the same is checked at each); `--trace` prints each event with what came of it. Exit 1 when any failed.
 * The first that fails is also shrunk: see `shrink-seed.ts`.
 *
 * `npm run sim -- --shrink --from SEED`: that seed is shrunk, and nothing else.
 *
 * `npm run sim -- --theory [--servers C --load A --handle S [--patience S]] [--from SEED] [--json]`: see `theory.ts`.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    whole: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    shrink: { type: 'boolean', default: false },
    theory: { type: 'boolean', default: false },
    servers: { type: 'string' },
    load: { type: 'string' },
    handle: { type: 'string' },
    patience: { type: 'string' }
  }
});
const seeds = Number(values.seeds);
const from = Number(values.from);
if (!Number.isInteger(seeds) || seeds < 1 || !Number.isInteger(from) || from < 0) {
  console.error('--seeds wants a number from 1, --from one from 0');
  process.exit(2);
}

if (values.shrink) process.exit((await shrinkSeed(from)) ? 1 : 0);
if (values.theory) process.exit(theory(ownModel(), from, values.json) > 0 ? 1 : 0);

/** A model of one's own; null: the books'. */
function ownModel() {
  const given = (['servers', 'load', 'handle', 'patience'] as const).filter((name) => values[name] !== undefined);
  if (given.length === 0) return null;
  const number = (name: 'servers' | 'load' | 'handle' | 'patience') => {
    const value = Number(values[name]);
    if (Number.isFinite(value) && value > 0) return value;
    console.error(`--${name} wants a number above 0; a model is --servers C --load A --handle S [--patience S]`);
    process.exit(2);
  };
  const [servers, load, handleSeconds] = [number('servers'), number('load'), number('handle')];
  const patienceSeconds = values.patience === undefined ? null : number('patience');
  if (!Number.isInteger(servers) || (patienceSeconds === null && load >= servers)) {
    console.error('--servers wants a whole number above --load, or callers need --patience');
    process.exit(2);
  }
  return { servers, load, handleSeconds, patienceSeconds };
}

const startedAt = performance.now();
// A trace is read from top to bottom.
const threads = values.trace ? 1 : Math.min(availableParallelism(), seeds);
const progress = createProgress(process.stderr);
let toShrink: number | null = null;
let told = 0;
let failed = 0;
let virtualMs = 0;
let events = 0;
await runSeeds({
  from,
  seeds,
  threads,
  settings: { whole: values.whole, trace: values.trace },
  tell,
  line: console.log
});
progress.clear();
const tookMs = performance.now() - startedAt;
const times = Math.round(virtualMs / tookMs);
if (!values.json) {
  if (toShrink !== null && !values.trace) await shrinkSeed(toShrink);
  console.log(
    `${events} events, ${Math.round(virtualMs / 60_000)} minutes of calls in ${(tookMs / 1_000).toFixed(1)} s: ${times} times real time (${threads} ${threads === 1 ? 'thread' : 'threads'})`
  );
  console.log(`${seeds - failed} passed, ${failed} failed`);
}
process.exitCode = failed > 0 ? 1 : 0;

function tell(result: SimulationResult): void {
  told += 1;
  virtualMs += result.virtualMs;
  events += result.events;
  if (result.failures.length > 0) failed += 1;
  if (result.rule !== null) toShrink ??= result.seed;
  if (values.json) console.log(JSON.stringify(result));
  else if (result.failures.length > 0) {
    progress.clear();
    console.log(`seed ${result.seed} failed after ${result.events} events (digest ${result.digest}):`);
    for (const failure of result.failures) console.log(`  ${failure}`);
    console.log(`  again: npm run sim -- --seeds 1 --from ${result.seed}`);
  }
  progress.show(`${told} of ${seeds} seeds, ${failed} failed`);
}
