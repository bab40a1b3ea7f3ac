import type { Act } from './plan.ts';
import { simulate } from './simulate.ts';
import type { SimulationOptions } from './simulate.ts';
import { createRecorder } from './transcript.ts';

export interface ShrinkOptions extends Pick<SimulationOptions, 'rules' | 'wholeShare'> {
  /** At most; what is left then is given. */
  runs?: number;
  progress?: (run: number, acts: number) => void;
}

export interface Shrunk {
  rule: string;
  /** Of the acts that are left alone. */
  failures: string[];
  /** In order of time, in words. */
  acts: { act: Act; text: string }[];
  /** How many acts there were up to the failure. */
  of: number;
  runs: number;
  /** What the engine was told and what came of it, as in `tests/transcripts`. */
  transcript: string;
}

/** A failure may come so much later when acts are left out. */
const graceMs = 5_000;

/**
 * Leaves acts out of a failing seed, in ever smaller blocks, as long as the same rule is broken (delta debugging); at
 * last each one that is left is needed. null: the seed holds every rule.
 */
export async function shrink(seed: number, options: ShrinkOptions = {}): Promise<Shrunk | null> {
  // Whole by default: the rare looks of a usual run would see the same break at another time, or not at all.
  const { rules, wholeShare = 1, runs: most = 300, progress } = options;
  const first = await look(seed, { rules, wholeShare });
  const { rule } = first.result;
  if (rule === null) return null;
  let least = first;
  let runs = 1;

  async function leaveOut(from: number, count: number): Promise<boolean> {
    runs += 1;
    const left = least.acts.toSpliced(from, count);
    progress?.(runs, left.length);
    const only = new Set(left.map(({ act }) => act.n));
    const tried = await look(seed, { rules, wholeShare, only, untilMs: least.result.virtualMs + graceMs });
    if (tried.result.rule !== rule) return false;
    least = tried;
    return true;
  }

  let block = Math.ceil(least.acts.length / 2);
  for (let before = Infinity; runs < most && (block > 1 || least.acts.length < before);) {
    before = least.acts.length;
    for (let at = 0; at < least.acts.length && runs < most;) if (!(await leaveOut(at, block))) at += block;
    block = Math.ceil(block / 2);
  }

  const recorder = createRecorder();
  const only = new Set(least.acts.map(({ act }) => act.n));
  const { result, acts } = await look(seed, { rules, wholeShare, only, recorder });
  const what = (result.failures[0] ?? '').split('\n')[0]!.slice(0, 500);
  const comment = [`Seed ${seed}, after ${what}`, 'What was done:', ...acts.map(inWords)];
  const transcript = recorder.transcript(comment);
  return { rule, failures: result.failures, acts, of: first.acts.length, runs, transcript };
}

/** One line: when, what, and the particulars. */
export function inWords({ act, text }: Shrunk['acts'][number]): string {
  return `${(act.atMs / 1_000).toFixed(3).padStart(8)} s  ${act.kind} ${text}`.trimEnd();
}

/** A run with the acts that were carried out before its end. */
async function look(seed: number, options: SimulationOptions) {
  const acts: Shrunk['acts'] = [];
  const result = await simulate(seed, { ...options, done: (act, text) => void acts.push({ act, text }) });
  return { result, acts };
}
