import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, statfs, symlink, writeFile, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from './problem.ts';
import { run, runOrThrow } from './run.ts';
import type { Paths } from './paths.ts';
import type { Steps } from './steps.ts';

/**
 * Programs that Debian has and this machine need not: unpacked from its mirror's packages into a folder of ours, with
 * their whole closure (libc included), and run by that closure's own loader. Nothing of the host is changed and no
 * root is needed. Rejected: apt-get install (needs root, changes the host), Docker (not everywhere).
 */
const toolsets = {
  /** Debian stable has no Asterisk; sid does. Redis and the voices come from the same closure. */
  telephony: {
    suite: 'sid' as const,
    packages: ['asterisk', 'asterisk-moh-opsound-wav', 'redis-server', 'sox', 'espeak-ng', 'espeak-ng-data', 'fonts-dejavu-core'],
    proof: 'usr/sbin/asterisk',
    megabytes: 900
  },
  /** Only for tests. Of the host's own suite, since Chromium starts itself again and cannot be run by a loader. */
  browser: {
    suite: 'host' as const,
    packages: ['chromium', 'fonts-dejavu-core', 'fontconfig-config'],
    proof: 'usr/bin/chromium',
    megabytes: 1200
  }
};
export type Toolset = keyof typeof toolsets;
const unused = ['pbx_dundi', 'res_snmp', 'res_config_ldap', 'codec_codec2', 'app_jack', 'res_calendar'];

const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
const loader = process.arch === 'arm64' ? 'ld-linux-aarch64.so.1' : 'ld-linux-x86-64.so.2';

/** The folder of a toolset, after it was brought. Idempotent; an interrupted bringing starts over in a new folder. */
export async function bringTools(paths: Paths, name: Toolset, steps: Steps): Promise<string> {
  const set = toolsets[name];
  const target = join(paths.tools, name);
  const stamp = join(target, 'vaxel.json');
  if (existsSync(stamp)) {
    const known = JSON.parse(await readFile(stamp, 'utf8')) as { packages: string[] };
    if (JSON.stringify(known.packages) === JSON.stringify(set.packages)) return target;
  }
  return steps.step(name === 'telephony' ? 'Asterisk, Redis and voices' : 'Chromium for tests', async (note) => {
    const mirror = await findMirror();
    await mkdir(paths.tools, { recursive: true });
    await needDisk(paths.tools, set.megabytes);
    const work = join(paths.tools, `${name}.new`);
    await rm(work, { recursive: true, force: true });
    const suite = set.suite === 'host' ? mirror.suite : set.suite;
    note(`asking for packages of ${suite}`);
    const debs = await download(work, mirror, suite, set.packages);
    note(`unpacking ${debs.length} packages`);
    await unpack(work, debs);
    const checksums = await checksumsOf(debs);
    await rm(join(work, 'apt'), { recursive: true, force: true });
    if (name === 'telephony') await tidyAsterisk(work);
    if (!existsSync(join(work, set.proof))) throw new Problem(`The packages of ${suite} on this machine's mirror do not contain ${set.proof}.`);
    await writeFile(join(work, 'vaxel.json'), JSON.stringify({ packages: set.packages, checksums }, null, 1));
    await rm(target, { recursive: true, force: true });
    await rename(work, target);
    note(`${debs.length} packages`);
    return target;
  });
}

/** How to start a program of the telephony toolset: the loader, its arguments, an environment of its own. */
export function toolCommand(tools: string, program: string): { command: string; args: string[] } {
  const libraries = [join(tools, 'usr/lib', triplet), join(tools, 'usr/lib', triplet, 'pulseaudio')].join(':');
  return {
    command: join(tools, 'usr/lib', triplet, loader),
    args: ['--inhibit-cache', '--library-path', libraries, '--argv0', program.split('/').at(-1) ?? program, join(tools, program)]
  };
}
export const libraryFolder = (tools: string) => join(tools, 'usr/lib', triplet);

async function findMirror(): Promise<{ uri: string; suite: string; keyring: string }> {
  if ((await run('apt-get', ['--version']).catch(() => null))?.code !== 0)
    throw new Problem(
      'This machine has no apt-get. Växel brings Asterisk, Redis and its voices from Debian packages; without apt-get, use docker compose, or a Debian-like machine.'
    );
  const files = ['/etc/apt/sources.list'];
  for (const file of await readdir('/etc/apt/sources.list.d').catch(() => [] as string[])) files.push(`/etc/apt/sources.list.d/${file}`);
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const found = mirrorIn(text);
    if (found) return { ...found, keyring: await keyring() };
  }
  throw new Problem('No Debian mirror is named in /etc/apt: Växel takes Asterisk from the mirror of this machine (main, deb). Add one and run it again.');
}

/** Reads one-line and deb822 sources; only a mirror of Debian itself has Asterisk. Exported for its test. */
export function mirrorIn(text: string): { uri: string; suite: string } | null {
  for (const line of text.split('\n')) {
    const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+.*\bmain\b/.exec(line.trim());
    if (match?.[1] && match[2] && isDebian(match[1], match[2])) return { uri: match[1], suite: match[2] };
  }
  for (const block of text.split(/\n\s*\n/)) {
    const field = (name: string) =>
      new RegExp(`^${name}:\\s*(.+)$`, 'mi')
        .exec(block)?.[1]
        ?.split(/\s+/)
        .filter(Boolean) ?? [];
    const [uri] = field('URIs');
    const [suite] = field('Suites');
    if (field('Types').includes('deb') && field('Components').includes('main') && uri && suite && isDebian(uri, suite)) return { uri, suite };
  }
  return null;
}
const isDebian = (uri: string, suite: string) => /debian\/?$/.test(uri) && !/security|updates|backports|nodistro/.test(`${uri} ${suite}`);

async function keyring(): Promise<string> {
  for (const name of ['debian-archive-keyring.gpg', 'debian-archive-keyring.pgp'])
    if (existsSync(`/usr/share/keyrings/${name}`)) return `/usr/share/keyrings/${name}`;
  throw new Problem('The keys of the Debian archive are missing (/usr/share/keyrings/debian-archive-keyring.gpg): install debian-archive-keyring.');
}

/** Lets apt resolve the closure against an empty dpkg status in a folder of its own; the host's apt is not touched. */
async function download(work: string, mirror: { uri: string; keyring: string }, suite: string, packages: string[]): Promise<string[]> {
  const apt = join(work, 'apt');
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'etc']) await mkdir(join(apt, folder), { recursive: true });
  await writeFile(join(apt, 'status'), '');
  await writeFile(join(apt, 'etc/sources.list'), `deb [signed-by=${mirror.keyring}] ${mirror.uri} ${suite} main\n`);
  const settings: Record<string, string> = {
    'Dir::State': join(apt, 'state'),
    'Dir::State::status': join(apt, 'status'),
    'Dir::Cache': join(apt, 'cache'),
    'Dir::Etc::sourcelist': join(apt, 'etc/sources.list'),
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
  const file = join(apt, 'apt.conf');
  await writeFile(file, Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`).join(''));
  const env = { ...process.env, APT_CONFIG: file, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['-y', '--download-only', 'install', ...packages]]) {
    const { code, output } = await run('apt-get', args, { env });
    if (code === 0 && !/^(Err:|W: Failed to fetch)/m.test(output)) continue;
    if (/Temporary failure|Could not (resolve|connect)|Connection (refused|timed out)|Network is unreachable|Failed to fetch/i.test(output))
      throw new Problem('The Debian mirror of this machine cannot be reached: the first run needs the network. Run it again when it is there; what was brought is kept.');
    if (/No space left|not have enough free space/i.test(output)) throw new Problem('The disk is full. Free some space and run it again.');
    throw new Error(`apt-get ${args.slice(0, 3).join(' ')} did not succeed:\n${output.split('\n').slice(-12).join('\n')}`);
  }
  const archives = join(apt, 'cache/archives');
  return (await readdir(archives)).filter((name) => name.endsWith('.deb')).map((name) => join(archives, name));
}

async function unpack(work: string, debs: string[]): Promise<void> {
  // Older packages still put files under /lib and /bin: links first, as a merged /usr has them.
  await mkdir(join(work, 'usr'), { recursive: true });
  for (const folder of ['lib', 'lib64', 'bin', 'sbin']) {
    await mkdir(join(work, 'usr', folder), { recursive: true });
    await symlink(`usr/${folder}`, join(work, folder)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  const rest = [...debs];
  const one = async () => {
    for (let deb = rest.pop(); deb; deb = rest.pop()) {
      const { code, output } = await run('sh', ['-c', 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"', 'sh', deb, work]);
      if (code !== 0 && /No space left/i.test(output)) throw new Problem('The disk is full. Free some space and run it again.');
      if (code !== 0) throw new Error(`${deb} could not be unpacked: ${output.slice(-300)}`);
    }
  };
  await Promise.all([one(), one(), one()]);
}

async function checksumsOf(debs: string[]): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const deb of debs.sort()) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(deb)) hash.update(chunk as Buffer);
    sums[deb.split('/').at(-1) ?? deb] = hash.digest('hex');
  }
  return sums;
}

/** What postinst would have done, and modules nobody uses that only cost start-up time. */
async function tidyAsterisk(work: string): Promise<void> {
  const modules = join(libraryFolder(work), 'asterisk/modules');
  for (const file of await readdir(modules)) if (unused.some((name) => file.startsWith(name))) await rm(join(modules, file));
  await chmod(join(work, 'etc/asterisk'), 0o755);
  await runOrThrow('chmod', ['-R', 'u+rwX,go+rX', join(work, 'etc/asterisk')]);
}

async function needDisk(folder: string, megabytes: number): Promise<void> {
  const disk = await statfs(folder);
  const free = Math.floor((disk.bavail * disk.bsize) / 1e6);
  if (free < megabytes) throw new Problem(`The disk has ${free} MB free at ${folder}; this step needs ${megabytes} MB.`);
}
