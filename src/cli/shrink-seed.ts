import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { inWords, shrink } from '#lib/simulation/shrink.ts';
import { root } from '../runtime/paths.ts';
import { createProgress } from './progress.ts';

/**
 * Prints the acts of a seed that are enough to break the same rule, and writes what the engine was told by them into a
 * file, which dropped into `tests/transcripts` is a regression test if the fault is the engine's. False: the seed holds every rule.
 */
export async function shrinkSeed(seed: number): Promise<boolean> {
  const progress = createProgress(process.stderr);
  const shrunk = await shrink(seed, {
    progress: (run, acts) => progress.show(`shrinking seed ${seed}: run ${run}, ${acts} acts`)
  });
  progress.clear();
  if (!shrunk) {
    console.log(`seed ${seed} holds every rule: nothing to shrink`);
    return false;
  }
  const { of, acts, runs, failures, transcript } = shrunk;
  const file = join(root, '.vaxel', `seed-${seed}.txt`);
  await mkdir(join(root, '.vaxel'), { recursive: true });
  await writeFile(file, transcript);
  console.log(`seed ${seed}: ${acts.length} of ${of} acts are enough (${runs} runs):`);
  for (const act of acts) console.log(`  ${inWords(act)}`);
  for (const failure of failures) console.log(`  ${failure}`);
  console.log(`  transcript: ${relative(process.cwd(), file)}`);
  return true;
}
