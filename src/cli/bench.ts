/**
 * `npm run bench -- NAME [--json] [--OPTION N …]`: measures one thing in a stack of its own and says what was aimed at. Exit 0 when it
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
/** `options`: what was given by name, of those the bench knows. */
export type Bench = (note: (text: string) => void, options: Map<string, number>) => Promise<Figure[]>;

/** Loaded only when asked for: a bench brings browsers and stacks along. */
const benches: Record<string, { options: string[]; load: () => Promise<{ default: Bench }> }> = {
  'call-path': { options: [], load: () => import('../../tests/bench/call-path.ts') },
  core: { options: [], load: () => import('../../tests/bench/core.ts') },
  queue: { options: ['agents', 'talk', 'rate', 'seconds'], load: () => import('../../tests/bench/queue.ts') },
  'waiting-time': { options: ['seed'], load: () => import('../../tests/bench/waiting-time.ts') }
};

async function main(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2).filter((arg) => arg !== '--json');
  const json = process.argv.includes('--json');
  const bench = benches[name];
  if (!bench)
    throw new Problem(
      `${name ? `There is no bench ${name}` : 'Which bench?'} There are: ${Object.keys(benches).join(', ')}.`
    );
  const options = optionsOf(args, bench.options);
  const note = (text: string) => void process.stderr.write(`  ${text}\n`);
  const loadBefore = loadavg()[0] ?? 0;
  const { default: measure } = await bench.load();
  const figures = await measure(note, options);
  if (json) console.log(JSON.stringify({ bench: name, figures }));
  else print(name, figures, loadBefore);
}

/** `--agents 20 --rate 3.4`: each a number above 0. */
function optionsOf(args: string[], known: string[]): Map<string, number> {
  const options = new Map<string, number>();
  for (let at = 0; at < args.length; at += 2) {
    const name = (args[at] ?? '').replace(/^--/, '');
    const value = Number(args[at + 1]);
    const usage = `Usage: npm run bench -- NAME [--json]${known.map((one) => ` [--${one} N]`).join('')}.`;
    if (!known.includes(name)) throw new Problem(`There is no option ${args[at] ?? ''}. ${usage}`);
    if (!(value > 0)) throw new Problem(`--${name} wants a number above 0. ${usage}`);
    options.set(name, value);
  }
  return options;
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
