// Debian packages without root and without touching the host: apt with a state of its own. Plain JavaScript for any
// Node from 18 on, as the first step needs it before Node 26 can run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A problem of the surroundings, in one sentence for a person. */
export class AptProblem extends Error {}

/** @typedef {{ uri: string, suite: string }} Mirror */

/** The mirror that this machine's own sources name. @returns {Mirror & { keyring: string }} */
export function findMirror() {
  if (spawnSync('apt-get', ['--version']).status !== 0)
    throw new AptProblem(
      'This machine has no apt-get. Växel brings Asterisk, Redis and its voices from Debian packages: use a Debian-like machine, or docker compose.'
    );
  const files = ['/etc/apt/sources.list'];
  const folder = '/etc/apt/sources.list.d';
  if (existsSync(folder)) for (const file of readdirSync(folder)) files.push(join(folder, file));
  for (const file of files) {
    const found = existsSync(file) ? mirrorIn(readFileSync(file, 'utf8')) : null;
    if (found) return { ...found, keyring: keyring() };
  }
  throw new AptProblem(
    'No Debian mirror is named in /etc/apt: Växel takes Asterisk from the mirror of this machine (deb, main). Add one and run it again.'
  );
}

/** Reads one-line and deb822 sources; only a mirror of Debian itself has Asterisk. @param {string} text @returns {Mirror | null} */
export function mirrorIn(text) {
  for (const line of text.split('\n')) {
    const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+.*\bmain\b/.exec(line.trim());
    if (match?.[1] && match[2] && isDebian(match[1], match[2])) return { uri: match[1], suite: match[2] };
  }
  for (const block of text.split(/\n\s*\n/)) {
    const field = (/** @type {string} */ name) =>
      (new RegExp(`^${name}:\\s*(.+)$`, 'mi').exec(block)?.[1] ?? '').split(/\s+/).filter(Boolean);
    const [uri] = field('URIs');
    const [suite] = field('Suites');
    if (field('Types').includes('deb') && field('Components').includes('main') && uri && suite && isDebian(uri, suite))
      return { uri, suite };
  }
  return null;
}

const isDebian = (/** @type {string} */ uri, /** @type {string} */ suite) =>
  /debian\/?$/.test(uri) && !/security|updates|backports|nodistro/.test(`${uri} ${suite}`);

function keyring() {
  for (const name of ['debian-archive-keyring.gpg', 'debian-archive-keyring.pgp'])
    if (existsSync(`/usr/share/keyrings/${name}`)) return `/usr/share/keyrings/${name}`;
  throw new AptProblem(
    'The keys of the Debian archive are missing (/usr/share/keyrings/debian-archive-keyring.gpg): install debian-archive-keyring.'
  );
}

/**
 * Makes a private apt in `folder` for one suite, with an empty list of installed packages, so that a whole closure
 * (libc included) is resolved. Gives the environment that makes apt-get use it.
 * @param {string} folder @param {Mirror & { keyring: string }} mirror @param {string} suite
 */
export function privateApt(folder, mirror, suite) {
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'etc'])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(join(folder, 'etc/sources.list'), `deb [signed-by=${mirror.keyring}] ${mirror.uri} ${suite} main\n`);
  const settings = {
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': join(folder, 'etc/sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Sandbox::User': '',
    'Debug::NoLocking': '1',
    'APT::Install-Recommends': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Retries': '2',
    'Acquire::http::Timeout': '20'
  };
  const file = join(folder, 'apt.conf');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([key, value]) => `${key} "${value}";\n`)
      .join('')
  );
  return { ...process.env, APT_CONFIG: file, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
}

/** What apt-get's failure means for a person; null: nothing known. @param {string} output @returns {AptProblem | null} */
export function whyAptFailed(output) {
  if (/No space left|enough free space/i.test(output))
    return new AptProblem('The disk is full. Free some space and run it again.');
  if (
    /Temporary failure|Could not (resolve|connect)|Connection (refused|timed out)|Network is unreachable|Failed to fetch|Unable to fetch/i.test(
      output
    )
  )
    return new AptProblem(
      'The Debian mirror of this machine cannot be reached: the first run needs the network. Run it again when it is there.'
    );
  return null;
}
