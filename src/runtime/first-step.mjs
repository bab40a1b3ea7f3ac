// The first step of every command, for any Node from 18 on, with no dependencies: brings the packages (and with
// them Node 26), then hands over to TypeScript. `npm start`, `npm test` and the rest all come through here.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** @type {Record<string, string>} */
const commands = {
  start: 'src/runtime/start.ts',
  stop: 'src/runtime/stop.ts',
  test: 'src/runtime/test.ts',
  call: 'src/cli/call.ts',
  sim: 'src/cli/sim.ts',
  bench: 'src/cli/bench.ts'
};
const [command, ...rest] = process.argv.slice(2);

const entry = commands[command ?? ''];
if (!entry) fail(`Unknown command ${command ?? ''}. There are: ${Object.keys(commands).join(', ')}.`);
if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch))
  fail(`Växel runs on Linux on x64 or arm64; this machine is ${process.platform} ${process.arch}.`);

const node = join(root, 'node_modules', '.bin', 'node');
if (command === 'stop' && !existsSync(node)) {
  console.log('Växel is not running here.');
  process.exit(0);
}
bringPackages();

const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, entry), ...rest], {
  stdio: 'inherit',
  cwd: root,
  env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}` }
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
    fail(`The disk has ${Math.floor((free.bavail * free.bsize) / 1e6)} MB free at ${root}; the first run needs 2,000 MB.`);
  const from = Date.now();
  const say = /** @type {(text: string) => void} */ (text) => void process.stderr.write(text);
  const tty = process.stderr.isTTY;
  say(tty ? '  … packages' : '');
  // `npm test` sets npm_config_* for its children; a production flag of the caller must not leave the build tools out.
  const run = spawnSync('npm', ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'development' },
    maxBuffer: 64e6
  });
  if (run.status !== 0 || !existsSync(node)) {
    const text = `${run.stderr ?? ''}${run.stdout ?? ''}`;
    if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/i.test(text))
      fail('The npm registry cannot be reached: the first run needs the network to bring its packages. Nothing was changed.');
    if (/ENOSPC/.test(text)) fail('The disk became full while packages were installed. Free some space and run it again.');
    fail(`npm ci did not succeed:\n${text.split('\n').slice(-20).join('\n')}`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  rmSync(join(root, 'build'), { recursive: true, force: true });
  say(`${tty ? '\r' : ''}  ✓ packages ${((Date.now() - from) / 1000).toFixed(1)} s\n`);
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  console.error(`\n✗ ${sentence}`);
  process.exit(1);
}
