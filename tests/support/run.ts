/**
 * `npm test [-- STAGE … [-- FILTER …]]`: one stack of its own beside a running `npm start`, and one closing line
 * `N passed, N failed`. The sources are checked first, by all checkers at once; then what needs no stack runs beside what
 * needs only its foundation, and calls beside pages, as the one works where the other waits.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root, stackPaths } from '../../src/runtime/paths.ts';
import { asProblem, Problem } from '../../src/runtime/problem.ts';
import { run } from '../../src/runtime/run.ts';
import type { Stack } from '../../src/runtime/stack.ts';
import { createSteps } from '../../src/runtime/steps.ts';
import { chromium, cleanUp, foundation, withServices } from './test-stack.ts';

interface Outcome {
  passed: number;
  failed: number;
  output: string;
}
/** `sources`: as they lie there; a build meanwhile would write the types that they read. `all of it`: alone, as it is killed. */
type Need = 'sources' | 'nothing' | 'foundation' | 'services' | 'browser' | 'all of it';
interface Stage {
  name: string;
  needs: Need;
  run: (environment: Record<string, string>, filter: string[]) => Promise<Outcome>;
}

const stages: Stage[] = [
  { name: 'lint', needs: 'sources', run: () => command('oxlint', ['.']) },
  { name: 'format', needs: 'sources', run: () => command('prettier', ['--check', '--log-level', 'warn', '.']) },
  { name: 'types', needs: 'sources', run: types },
  { name: 'unit', needs: 'nothing', run: (environment, filter) => vitest('unit', environment, filter) },
  { name: 'simulation', needs: 'nothing', run: (environment, filter) => vitest('simulation', environment, filter) },
  {
    name: 'integration',
    needs: 'foundation',
    run: (environment, filter) => vitest('integration', environment, filter)
  },
  // Before the worker is there: the suite itself is the application that Asterisk speaks to.
  {
    name: 'conformance',
    needs: 'foundation',
    run: (environment, filter) => vitest('conformance', environment, filter)
  },
  { name: 'pbx', needs: 'services', run: (environment, filter) => vitest('pbx', environment, filter) },
  { name: 'e2e', needs: 'browser', run: (environment, filter) => vitest('e2e', environment, filter) },
  { name: 'faults', needs: 'all of it', run: (environment, filter) => vitest('faults', environment, filter) }
];

const write = (text: string) => void process.stdout.write(text);

async function main(): Promise<number> {
  const from = performance.now();
  const args = process.argv.slice(2);
  const cut = args.indexOf('--');
  const names = cut < 0 ? args : args.slice(0, cut);
  const filter = cut < 0 ? [] : args.slice(cut + 1);
  const unknown = names.find((name) => !stages.some((stage) => stage.name === name));
  if (unknown) throw new Problem(`There is no stage ${unknown}. Stages: ${stages.map(({ name }) => name).join(', ')}.`);
  const chosen = names.length === 0 ? stages : stages.filter(({ name }) => names.includes(name));
  // A second run beside this one needs a stack of its own.
  const paths = stackPaths(process.env.VAXEL_TEST_STACK ? `test-${process.env.VAXEL_TEST_STACK}` : 'test');
  await cleanUp(paths);
  const environment: Record<string, string> = {};
  const held: { stack: Promise<Stack> | null; services: Promise<void> | null } = { stack: null, services: null };
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const total = { passed: 0, failed: 0 };

  async function prepare(need: Need): Promise<void> {
    if (need === 'sources' || need === 'nothing') return;
    const stack = await (held.stack ??= foundation(paths, steps, report));
    Object.assign(environment, stack.environment, { VAXEL_PATHS: JSON.stringify(paths) });
    if (need === 'foundation') return;
    await (held.services ??= withServices(stack, steps));
    Object.assign(environment, stack.environment);
    if (need !== 'services') environment.VAXEL_CHROMIUM ??= await chromium(paths, steps);
  }
  const needing = (...needs: Need[]) => chosen.filter((one) => needs.includes(one.needs));
  async function inTurn(stages: Stage[]): Promise<void> {
    for (const stage of stages) {
      if (stopping.signal.aborted) throw new Problem('interrupted');
      await prepare(stage.needs);
      const began = performance.now();
      const outcome = await stage.run(environment, filter);
      total.passed += outcome.passed;
      total.failed += outcome.failed;
      const took = ((performance.now() - began) / 1000).toFixed(1);
      if (outcome.failed > 0) write(`${outcome.output}\n`);
      write(
        `${outcome.failed > 0 ? '✗' : '✓'} ${stage.name.padEnd(12)} ${outcome.passed} passed, ${outcome.failed} failed  ${took} s\n`
      );
    }
  }
  /** All of them end, also when one fails: none is left running behind. */
  async function together(lanes: Stage[][]): Promise<void> {
    for (const lane of await Promise.allSettled(lanes.map(inTurn))) if (lane.status === 'rejected') throw lane.reason;
  }

  try {
    // A fresh clone lacks the tsconfig that ours extends: the linter, tsc and every test's build read it.
    const sync = await command('svelte-kit', ['sync']);
    if (sync.failed > 0) throw new Problem(sync.output);
    await together(needing('sources').map((stage) => [stage]));
    await together([needing('nothing'), needing('foundation')]);
    // Calls wait for time to pass, pages for the processor.
    await together([needing('services'), needing('browser')]);
    await inTurn(needing('all of it'));
  } finally {
    await (await held.stack?.catch(() => null))?.stop();
  }
  const { passed, failed } = total;
  write(`\nin ${((performance.now() - from) / 1000).toFixed(0)} s\n${passed} passed, ${failed} failed\n`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

const steps = createSteps({ tty: false, write });
const report = (line: string) => write(`  ! ${line}\n`);

async function command(name: string, args: string[]): Promise<Outcome> {
  const { code, output } = await run(join(root, 'node_modules/.bin', name), args, {
    cwd: root,
    env: { ...process.env }
  });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
}

async function types(): Promise<Outcome> {
  const [svelte, typescript] = await Promise.all([
    command('svelte-check', ['--tsconfig', './tsconfig.json', '--threshold', 'error', '--output', 'human']),
    command('tsc', ['--noEmit'])
  ]);
  return {
    passed: svelte.passed + typescript.passed,
    failed: svelte.failed + typescript.failed,
    output: `${svelte.output}\n${typescript.output}`
  };
}

/**
 * Runs one vitest project and counts by its report: a file that could not be loaded counts as a failure (vitest's own
 * `numFailedTests` says 0), so do pending tests, and a stage without a report.
 */
async function vitest(project: string, environment: Record<string, string>, filter: string[]): Promise<Outcome> {
  const reportFile = join(root, '.vaxel', 'test', `report-${project}.json`);
  await mkdir(join(root, '.vaxel', 'test'), { recursive: true });
  await rm(reportFile, { force: true });
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...filter
  ];
  const { code, output } = await run(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...environment, NODE_ENV: 'test', NO_COLOR: '1' },
    deadlineMs: 900_000
  });
  const text = await readFile(reportFile, 'utf8').catch(() => null);
  if (text === null)
    return { passed: 0, failed: 1, output: `${output}\nthe stage ended with ${code} and left no report` };
  const result = JSON.parse(text) as {
    testResults: { status: string; message?: string; assertionResults: { status: string }[] }[];
  };
  let passed = 0;
  let failed = 0;
  for (const file of result.testResults) {
    const good = file.assertionResults.filter(({ status }) => status === 'passed').length;
    // With a filter the tests it leaves out are not failures; without one, a test that did not run is.
    const bad =
      file.assertionResults.filter(({ status }) => status === 'failed' || filter.length === 0).length -
      (filter.length === 0 ? good : 0);
    passed += good;
    failed += bad;
    if (bad === 0 && file.status !== 'passed') failed += 1;
  }
  if (failed === 0 && code !== 0) failed = 1;
  if (passed === 0 && failed === 0 && filter.length === 0) failed = 1; // a stage of which no test ran has proved nothing
  return { passed, failed, output };
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const problem = asProblem(error);
    console.error(problem ? `✗ ${problem.message}` : error);
    console.log('0 passed, 1 failed');
    process.exit(1);
  }
);
