// The first step of every command, for any Node from 18 on, with no dependencies: brings the packages (and with
// them Node 26), then hands over to TypeScript. `npm start`, `npm test` and the rest all come through here.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
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
const node = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
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
// The terminal's Ctrl-C reaches the child by itself (same process group); a signal sent to this process is passed on.
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {});
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

/** Runs `npm ci` when the lock file is not the one last installed; an interrupted run is simply done again. */
function bringPackages() {
  const stamp = join(root, 'node_modules', '.vaxel-lock.sha256');
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
  const run = spawnSync(
    'npm',
    ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: 'development' },
      maxBuffer: 64e6
    }
  );
  if (run.status !== 0 || !existsSync(node)) {
    const text = `${run.stderr ?? ''}${run.stdout ?? ''}`;
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/i.test(text))
      fail(
        'The npm registry cannot be reached: the first run needs the network to bring its packages. Nothing was changed.'
      );
    if (/ENOSPC/.test(text))
      fail('The disk became full while packages were installed. Free some space and run it again.');
    fail(`npm ci did not succeed:\n${text.split('\n').slice(-20).join('\n')}`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  rmSync(join(root, 'build'), { recursive: true, force: true });
  say(`${tty ? '\r' : ''}  ✓ packages ${((Date.now() - from) / 1000).toFixed(1)} s\n`);
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
