import type { TrunkAddress } from '#lib/server/settings.ts';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, type Paths } from './paths.ts';
import { run } from './run.ts';
import type { ChildSpec } from './supervisor.ts';
import { libraryFolder, toolCommand } from './tools.ts';

/** Where one Asterisk listens, on loopback only, and its passwords. */
export interface AsteriskSettings {
  name: 'pbx' | 'carrier';
  httpPort: number;
  amiPort: number;
  sipPort: number;
  /** SIP port of the other end of the trunk. */
  trunkPort: number;
  /** More ports that are the trunk's too: an operator's calls may come from several addresses. */
  trunkAlso?: number[];
  /** Beside the one that is always there. */
  trunks?: TrunkAddress[];
  rtpStart: number;
  rtpEnd: number;
  ariPassword: string;
  ariParentPassword: string;
  amiPassword: string;
  /** Folder with sv/ and en/. */
  announcements: string;
  /** Folder of music on hold. */
  music: string;
  /** Folder of the organizations' own sounds, which the worker fills. */
  sounds: string;
  /** Without a worker callers are kept for so long, then told. */
  fallbackSeconds: number;
}

/** Fills in the templates of `pbx/etc` (or `pbx/carrier/etc`) and gives the child that runs them. */
export async function asteriskChild(paths: Paths, tools: string, settings: AsteriskSettings): Promise<ChildSpec> {
  const run = join(paths.run, settings.name);
  const data = join(paths.data, settings.name);
  const sockets = join(paths.sockets, settings.name);
  const etc = join(run, 'etc');
  await rm(etc, { recursive: true, force: true });
  for (const folder of [etc, data, join(data, 'spool', 'recording'), join(data, 'keys'), sockets, paths.log])
    await mkdir(folder, { recursive: true });
  const values: Record<string, string | number> = {
    ETC: etc,
    MODULES: join(libraryFolder(tools), 'asterisk/modules'),
    DATA: data,
    SHARE: join(tools, 'usr/share/asterisk'),
    SOCKETS: sockets,
    LOG: paths.log,
    SYSTEM: settings.name,
    // Loopback only: no candidate of another interface is offered or taken.
    LISTEN: '127.0.0.1',
    TRUNK_HOST: '127.0.0.1',
    ICE: 'ice_deny=0.0.0.0/0\nice_permit=127.0.0.1/32',
    NAT: '',
    HTTP_PORT: settings.httpPort,
    AMI_PORT: settings.amiPort,
    SIP_PORT: settings.sipPort,
    TRUNK_PORT: settings.trunkPort,
    TRUNK_MATCH: [settings.trunkPort, ...(settings.trunkAlso ?? [])]
      .map((port) => `match=127.0.0.1:${port}`)
      .join('\n'),
    TRUNKS: (settings.trunks ?? []).map(trunkSections).join('\n'),
    RTP_START: settings.rtpStart,
    RTP_END: settings.rtpEnd,
    ARI_PASSWORD: settings.ariPassword,
    ARI_PARENT_PASSWORD: settings.ariParentPassword,
    AMI_PASSWORD: settings.amiPassword,
    ANNOUNCEMENTS: settings.announcements,
    MUSIC: settings.music,
    SOUNDS: settings.sounds,
    FALLBACK_SECONDS: settings.fallbackSeconds
  };
  // The carrier is the same Asterisk but for the files it has of its own.
  const folders = settings.name === 'pbx' ? ['pbx/etc'] : ['pbx/etc', 'pbx/carrier/etc'];
  for (const folder of folders)
    for (const file of await readdir(join(root, folder))) {
      const text = await readFile(join(root, folder, file), 'utf8');
      await writeFile(join(etc, file), fill(text, values, file), { mode: 0o600 });
    }
  const program = toolCommand(tools, 'usr/sbin/asterisk');
  const config = join(etc, 'asterisk.conf');
  return {
    name: settings.name === 'pbx' ? 'asterisk' : 'carrier',
    command: program.command,
    args: [...program.args, '-f', '-C', config],
    env: { PATH: '/usr/bin:/bin', HOME: data, LANG: 'C.UTF-8' },
    // A graceful stop would wait for calls; the order to stop has been given by a person.
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
    ready: () => answers(`http://127.0.0.1:${settings.httpPort}/ari/asterisk/info?only=status`, settings)
  };
}

/** A further trunk in `pjsip.conf`, as the first one stands there; pbx/entrypoint.sh writes the same. */
function trunkSections({ name, host, port }: TrunkAddress): string {
  return `
[${name}](trunk-endpoint)
aors=${name}
[${name}-bare](trunk-endpoint)
aors=${name}
send_pai=no
[${name}]
type=aor
contact=sip:${host}:${port}
[${name}]
type=identify
endpoint=${name}
match=${host}:${port}
`;
}

/** Every `{{NAME}}` must have a value: a typo in a template is an error at start, not a strange default. */
export function fill(text: string, values: Record<string, string | number>, file: string): string {
  return text.replace(/\{\{([A-Z_]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file}: no value for {{${name}}}`);
    return String(value);
  });
}

async function answers(url: string, settings: AsteriskSettings): Promise<boolean> {
  const user = settings.name === 'pbx' ? 'vaxel' : 'carrier';
  const authorization = `Basic ${Buffer.from(`${user}:${settings.ariPassword}`).toString('base64')}`;
  const response = await fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(1_000) }).catch(
    () => null
  );
  return response?.status === 200;
}

/** Runs one console command (`core show channels`); for tests and diagnosis. */
export async function asteriskConsole(
  paths: Paths,
  tools: string,
  name: 'pbx' | 'carrier',
  command: string
): Promise<string> {
  const program = toolCommand(tools, 'usr/sbin/asterisk');
  const config = join(paths.run, name, 'etc', 'asterisk.conf');
  return (
    await run(program.command, [...program.args, '-C', config, '-rx', command], {
      env: { PATH: '/usr/bin:/bin' },
      deadlineMs: 5_000
    })
  ).output;
}
