/**
 * `npm run bench -- NAME [--json]`: measures one thing in a stack of its own and says what was aimed at. Exit 0 when it
 * ran, whatever holds. With `--json` one object on standard output; progress goes to standard error.
 */
import { availableParallelism, loadavg } from 'node:os';
import { asProblem, Problem } from '../runtime/problem.ts';

export interface Figure {
  name: string;
  unit: string;
  value: number;
  aim: string;
  holds: boolean;
  /** How many measurements stand behind it. */
  samples: number;
}
export type Bench = (note: (text: string) => void) => Promise<Figure[]>;

/** Loaded only when asked for: a bench brings browsers and stacks along. */
const benches: Record<string, () => Promise<{ default: Bench }>> = {
  'call-path': () => import('../../tests/bench/call-path.ts'),
  core: () => import('../../tests/bench/core.ts')
};

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const json = args.includes('--json');
  const unknown = args.find((arg) => arg.startsWith('--') && arg !== '--json');
  if (unknown) throw new Problem(`There is no option ${unknown}. Usage: npm run bench -- NAME [--json].`);
  const [name = ''] = args.filter((arg) => !arg.startsWith('--'));
  const load = benches[name];
  if (!load)
    throw new Problem(
      `${name ? `There is no bench ${name}` : 'Which bench?'} There are: ${Object.keys(benches).join(', ')}.`
    );
  const note = (text: string) => void process.stderr.write(`  ${text}\n`);
  const loadBefore = loadavg()[0] ?? 0;
  const { default: bench } = await load();
  const figures = await bench(note);
  if (json) console.log(JSON.stringify({ bench: name, figures }));
  else print(name, figures, loadBefore);
}

function print(name: string, figures: Figure[], loadBefore: number): void {
  const rows = figures.map(({ name: figure, unit, value, aim, holds, samples }) => [
    figure,
    `${value} ${unit}`,
    `${aim} ${unit}`,
    holds ? 'holds' : 'missed',
    `${samples}`
  ]);
  const table = [['figure', 'measured', 'aim', '', 'samples'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  console.log(`\n${name}, ${availableParallelism()} cores, load ${loadBefore.toFixed(1)} before\n`);
  for (const row of table)
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
    );
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const problem = asProblem(error);
    console.error(problem ? `✗ ${problem.message}` : error);
    process.exit(1);
  }
);
