// The first step of every command, for any Node from 18 on, with no dependencies: brings the packages (and with
// them Node 26), then hands over to TypeScript. `npm start`, `npm test` and the rest all come through here.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AptProblem, findMirror, privateApt, whyAptFailed } from './apt.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** @type {Record<string, string>} */
const commands = {
  start: 'src/runtime/start.ts',
  stop: 'src/runtime/stop.ts',
  test: 'tests/support/run.ts',
  call: 'src/cli/call.ts',
  sim: 'src/cli/sim.ts',
  bench: 'src/cli/bench.ts'
};
const [command, ...rest] = process.argv.slice(2);

const entry = commands[command ?? ''];
if (!entry) fail(`Unknown command ${command ?? ''}. There are: ${Object.keys(commands).join(', ')}.`);
if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch))
  fail(`Växel runs on Linux on x64 or arm64; this machine is ${process.platform} ${process.arch}.`);

// Not by .bin/node: npm 9 leaves that link out when another platform's optional Node is in the lock.
const nodeInPackages = join(`node-linux-${process.arch}`, 'bin', 'node');
const node = join(root, 'node_modules', nodeInPackages);
if (command === 'stop' && !existsSync(node)) {
  console.log('Växel is not running here.');
  process.exit(0);
}
bringPackages();
const libraries = bringLibraries();

const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, entry), ...rest], {
  stdio: 'inherit',
  cwd: root,
  env: {
    ...process.env,
    ...(libraries ? { LD_LIBRARY_PATH: libraries } : {}),
    PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(':')
  }
});
// A process manager knows this process only; a terminal's Ctrl-C reaches the child by itself, too (same process group).
// Nothing tells the two apart, so each is passed on, once: whoever is started takes a signal twice for one.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  let passed = false;
  process.on(signal, () => {
    if (!passed) child.kill(signal);
    passed = true;
  });
}
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

/**
 * Runs `npm ci` when the lock file is not the one last installed: in a folder of its own, so that an interrupted run
 * leaves what was there, and with a lock that lets Node 18 install what Node 26 will run.
 */
function bringPackages() {
  const stampName = '.vaxel-lock.sha256';
  const stamp = join(root, 'node_modules', stampName);
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.arch)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(node)) return;
  const free = statfsSync(root);
  if (free.bavail * free.bsize < 2e9)
    fail(
      `The disk has ${Math.floor((free.bavail * free.bsize) / 1e6)} MB free at ${root}; the first run needs 2,000 MB.`
    );
  const from = Date.now();
  const say = /** @type {(text: string) => void} */ (text) => void process.stderr.write(text);
  const tty = process.stderr.isTTY;
  say(tty ? '  … packages' : '');
  // No install scripts: none is needed (what they would do is checked at its use), and some run Node 26 before it can.
  const work = join(root, '.vaxel', 'packages.new');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  for (const name of ['package.json', '.npmrc']) copyFileSync(join(root, name), join(work, name));
  writeFileSync(join(work, 'package-lock.json'), withoutEngines(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const run = spawnSync(
    'npm',
    ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: work,
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: 'development' },
      maxBuffer: 64e6
    }
  );
  const brought = join(work, 'node_modules');
  if (run.status !== 0 || !existsSync(join(brought, nodeInPackages))) {
    const text = `${run.stderr ?? ''}${run.stdout ?? ''}`;
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/i.test(text))
      fail(
        'The npm registry cannot be reached: the first run needs the network to bring its packages. Nothing was changed.'
      );
    if (/ENOSPC/.test(text))
      fail('The disk became full while packages were installed. Free some space and run it again.');
    fail(`npm ci did not succeed:\n${text.split('\n').slice(-20).join('\n')}`);
  }
  writeFileSync(join(brought, stampName), wanted);
  rmSync(join(root, 'node_modules'), { recursive: true, force: true });
  renameSync(brought, join(root, 'node_modules'));
  rmSync(work, { recursive: true, force: true });
  say(`${tty ? '\r' : ''}  ✓ packages ${((Date.now() - from) / 1000).toFixed(1)} s\n`);
}

/**
 * npm leaves an optional package out, silently, when its `engines` do not suit the Node that npm runs on: with Node 18
 * the app could not be built. What is installed is run by Node 26.
 * @param {string} text of package-lock.json
 */
function withoutEngines(text) {
  const lock = JSON.parse(text);
  for (const entry of Object.values(lock.packages)) if (entry.optional) delete entry.engines;
  return JSON.stringify(lock, null, 2);
}

/**
 * Node 26 wants libatomic, which the smallest Debian has not: then it is unpacked beside our tools. null: not needed.
 * @returns {string | null}
 */
function bringLibraries() {
  if (spawnSync(node, ['--version']).status === 0) return process.env.LD_LIBRARY_PATH ?? null;
  const folder = join(root, '.vaxel', 'tools', 'node');
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const library = join(folder, 'usr', 'lib', triplet);
  const works = () =>
    spawnSync(node, ['--version'], { env: { ...process.env, LD_LIBRARY_PATH: library } }).status === 0;
  if (works()) return library;
  const from = Date.now();
  try {
    const mirror = findMirror();
    const apt = join(folder, 'apt');
    const env = privateApt(apt, mirror, mirror.suite);
    for (const args of [['update'], ['download', 'libatomic1']]) {
      const run = spawnSync('apt-get', args, { env, cwd: folder, encoding: 'utf8' });
      if (run.status === 0) continue;
      const text = `${run.stdout}${run.stderr}`;
      throw whyAptFailed(text) ?? new AptProblem(`apt-get ${args.join(' ')} did not succeed: ${text.slice(-400)}`);
    }
    const deb = readdirSync(folder).find((name) => name.startsWith('libatomic1_'));
    if (deb) spawnSync('dpkg-deb', ['-x', join(folder, deb), folder]);
    rmSync(apt, { recursive: true, force: true });
  } catch (error) {
    if (error instanceof AptProblem) fail(error.message);
    throw error;
  }
  if (!works())
    fail(`Node 26 does not run here: ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stderr.trim()}`);
  process.stderr.write(`  ✓ a library for Node 26 ${((Date.now() - from) / 1000).toFixed(1)} s\n`);
  return library;
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  console.error(`\n✗ ${sentence}`);
  process.exit(1);
}
