/** `npm start`: everything that is missing is brought, then the system runs until it is told to stop. */
import { bringBuild } from './build.ts';
import { endLeftovers, isAlive, readState, removeState } from './lock.ts';
import { startPaths } from './paths.ts';
import { whoListens, whyTaken } from './ports.ts';
import { asProblem, Problem } from './problem.ts';
import { startServices } from './services.ts';
import { startFoundation, type Stack } from './stack.ts';
import { createSteps } from './steps.ts';
import { bringDemo } from './demo.ts';

const write = (text: string) => void process.stdout.write(text);
const report = (line: string) => write(`  ! ${new Date().toTimeString().slice(0, 8)} ${line}\n`);

async function main(): Promise<void> {
  const from = performance.now();
  const host = process.env.HOST || '127.0.0.1';
  const port = readPort();
  const paths = startPaths();
  const steps = createSteps({ tty: process.stdout.isTTY === true, write });
  await refuseSecond(host, port);
  write('Växel\n');
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const building = bringBuild(steps);
  building.catch(() => undefined); // awaited below; a failure before that must not end the process unexplained
  const stack = await startFoundation({ paths, steps, report, host, port });
  try {
    const build = await building;
    const demo = await bringDemo(stack, steps);
    if (!stopping.signal.aborted) await steps.step('Växel', () => startServices(stack, build));
    const address = `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${port}`;
    await stack.announce(address);
    if (!stopping.signal.aborted) write(welcome(address, demo, performance.now() - from));
    await untilAborted(stopping.signal);
  } finally {
    await stopOrderly(stack);
  }
}

function readPort(): number {
  const text = process.env.PORT || '3000';
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Problem(`PORT=${text} is no port: a whole number from 1 to 65535.`);
  return port;
}

async function refuseSecond(host: string, port: number): Promise<void> {
  const paths = startPaths();
  const state = await readState(paths);
  if (state && (await isAlive(state)))
    throw new Problem(
      `Växel is already running here${state.address ? ` at ${state.address}` : ''} (pid ${state.pid}). Stop it with npm stop.`
    );
  if (state) {
    const ended = await endLeftovers(state);
    if (ended.length > 0) report(`ended what an earlier run left behind: ${ended.join(', ')}`);
    await removeState(paths);
  }
  const taken = await whyTaken(host, port);
  if (taken === 'in-use') {
    const who = await whoListens(port);
    throw new Problem(
      `Port ${port} is taken${who ? ` by ${who}` : ''}. Choose another: PORT=${port === 3000 ? 3001 : port + 1} npm start.`
    );
  }
  if (taken === 'not-allowed')
    throw new Problem(`Port ${port} may not be used by this user. Choose one above 1023: PORT=3000 npm start.`);
  if (taken === 'no-such-address') throw new Problem(`HOST=${host} is no address of this machine.`);
}

function welcome(
  address: string,
  demo: { people: { role: string; email: string }[]; password: string; number: string },
  ms: number
): string {
  const width = Math.max(...demo.people.map(({ email }) => email.length));
  const people = demo.people.map(({ role, email }) => `    ${email.padEnd(width)}  ${role}`).join('\n');
  return `
Växel runs at ${address} (${(ms / 1000).toFixed(1)} s)

  Demo logins, password ${demo.password}
${people}

  Try: sign in as an agent, press Start shift, then in another terminal
    npm run call -- --to ${demo.number} --say "Hej, jag har en fråga"
  and answer in the browser. Stop with Ctrl-C or npm stop.

`;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function stopOrderly(stack: Stack): Promise<void> {
  write('\nStopping …');
  const from = performance.now();
  await stack.stop();
  write(` stopped in ${((performance.now() - from) / 1000).toFixed(1)} s\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const problem = asProblem(error);
    console.error(problem ? `\n✗ ${problem.message}` : error);
    process.exit(1);
  }
);
