import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, statfs, symlink, writeFile, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { findMirror, privateApt, whyAptFailed } from './apt.mjs';
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
    packages: [
      'asterisk',
      'asterisk-moh-opsound-wav',
      'redis-server',
      'sox',
      'espeak-ng',
      'espeak-ng-data',
      'fonts-dejavu-core'
    ],
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
    const mirror = findMirror();
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
    if (!existsSync(join(work, set.proof)))
      throw new Problem(`The packages of ${suite} on this machine's mirror do not contain ${set.proof}.`);
    await writeFile(join(work, 'vaxel.json'), JSON.stringify({ packages: set.packages, checksums }, null, 1));
    await rm(target, { recursive: true, force: true });
    await rename(work, target);
    note(`${debs.length} packages`);
    return target;
  });
}

/** How to start a program of the telephony toolset: the loader, its arguments, an environment of its own. */
export function toolCommand(tools: string, program: string): { command: string; args: string[] } {
  return {
    command: join(tools, 'usr/lib', triplet, loader),
    args: [
      '--inhibit-cache',
      '--library-path',
      libraryPath(tools),
      '--argv0',
      program.split('/').at(-1) ?? program,
      join(tools, program)
    ]
  };
}
export const libraryFolder = (tools: string) => join(tools, 'usr/lib', triplet);
/** Sound libraries have a folder of their own, which they find by themselves only where they were meant to be. */
export const libraryPath = (tools: string) => `${libraryFolder(tools)}:${join(libraryFolder(tools), 'pulseaudio')}`;

/** Lets apt resolve the closure against an empty dpkg status in a folder of its own; the host's apt is not touched. */
async function download(
  work: string,
  mirror: ReturnType<typeof findMirror>,
  suite: string,
  packages: string[]
): Promise<string[]> {
  const apt = join(work, 'apt');
  const env = privateApt(apt, mirror, suite);
  for (const args of [['update'], ['-y', '--download-only', 'install', ...packages]]) {
    const { code, output } = await run('apt-get', args, { env });
    if (code === 0 && !/^(Err:|W: Failed to fetch)/m.test(output)) continue;
    throw (
      whyAptFailed(output) ??
      new Error(`apt-get ${args.slice(0, 3).join(' ')} did not succeed:\n${output.split('\n').slice(-12).join('\n')}`)
    );
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
      const { code, output } = await run('sh', [
        '-c',
        'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"',
        'sh',
        deb,
        work
      ]);
      if (code !== 0 && /No space left/i.test(output))
        throw new Problem('The disk is full. Free some space and run it again.');
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
  for (const file of await readdir(modules))
    if (unused.some((name) => file.startsWith(name))) await rm(join(modules, file));
  await chmod(join(work, 'etc/asterisk'), 0o755);
  await runOrThrow('chmod', ['-R', 'u+rwX,go+rX', join(work, 'etc/asterisk')]);
}

async function needDisk(folder: string, megabytes: number): Promise<void> {
  const disk = await statfs(folder);
  const free = Math.floor((disk.bavail * disk.bsize) / 1e6);
  if (free < megabytes)
    throw new Problem(`The disk has ${free} MB free at ${folder}; this step needs ${megabytes} MB.`);
}
