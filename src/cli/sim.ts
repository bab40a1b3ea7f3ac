import { parseArgs } from 'node:util';
import { simulate } from '#lib/simulation/simulate.ts';

/**
 * `npm run sim -- [--seeds N] [--from SEED] [--whole] [--trace] [--json]`: so many seeds of the simulator, from SEED on
 * (1). A seed that fails is printed with what failed and when; `--from SEED --seeds 1` does it again, byte for byte
 * (the digest tells). `--whole` compares all that is stored, the indexes and the projection after each event instead of one in
 * twenty (that the state read back decides the same is checked at each); `--trace` prints each event with what came of it. Exit 1 when any failed.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    whole: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false }
  }
});
const seeds = Number(values.seeds);
const from = Number(values.from);
if (!Number.isInteger(seeds) || seeds < 1 || !Number.isInteger(from) || from < 0) {
  console.error('--seeds wants a number from 1, --from one from 0');
  process.exit(2);
}

const startedAt = performance.now();
let failed = 0;
let virtualMs = 0;
let events = 0;
for (let seed = from; seed < from + seeds; seed += 1) {
  const result = await simulate(seed, {
    wholeShare: values.whole ? 1 : undefined,
    trace: values.trace ? console.log : undefined
  });
  virtualMs += result.virtualMs;
  events += result.events;
  if (values.json) console.log(JSON.stringify(result));
  if (result.failures.length === 0) continue;
  failed += 1;
  if (values.json) continue;
  console.log(`seed ${seed} failed after ${result.events} events (digest ${result.digest}):`);
  for (const failure of result.failures) console.log(`  ${failure}`);
  console.log(`  again: npm run sim -- --seeds 1 --from ${seed}`);
}
const tookMs = performance.now() - startedAt;
const times = Math.round(virtualMs / tookMs);
if (!values.json) {
  console.log(
    `${events} events, ${Math.round(virtualMs / 60_000)} minutes of calls in ${(tookMs / 1_000).toFixed(1)} s: ${times} times real time`
  );
  console.log(`${seeds - failed} passed, ${failed} failed`);
}
process.exitCode = failed > 0 ? 1 : 0;
