import { readTrunks, type TrunkAddress } from '#lib/server/settings.ts';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DataIsNewer, migrate } from '#lib/server/db/migrate.ts';
import { makeAnnouncements } from './announcements.ts';
import { asteriskChild } from './asterisk.ts';
import { removeState, startTimeOf, writeState, type StackState } from './lock.ts';
import { root, type Paths } from './paths.ts';
import { freeTcpPort, freeUdpPort } from './ports.ts';
import { postgresChild, prepareDatabase } from './postgres.ts';
import { Problem } from './problem.ts';
import { redisChild, redisSocket } from './redis.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import type { Steps } from './steps.ts';
import { createSupervisor, type ChildSpec, type Supervisor } from './supervisor.ts';
import { bringTools } from './tools.ts';

/** Everything that runs, without saying what it is for: `npm start` and `npm test` compose the same stack. */
export interface Stack {
  supervisor: Supervisor;
  secrets: Secrets;
  tools: string;
  /** What every process of ours is told (`VAXEL_…`); the same for tests. */
  environment: Record<string, string>;
  report: (line: string) => void;
  /** Aborted when the stop begins: for what runs beside the children. */
  stopping: AbortSignal;
  stop(): Promise<void>;
  /** Others can find the stack from here on. */
  announce(address: string | null): Promise<void>;
}

export interface StackOptions {
  paths: Paths;
  steps: Steps;
  report: (line: string) => void;
  host: string;
  port: number;
  /** Instead of spoken ones: for tests that tell announcements apart by tones. */
  announcements?: string;
  music?: string;
  fallbackSeconds?: number;
  /** A UDP port whose calls are taken as the trunk's, beside the carrier's. */
  trunkAlso?: number;
  /** Trunks beside the carrier's. */
  trunks?: TrunkAddress[];
}

/** Brings tools and secrets, starts Postgres, Redis, Asterisk and the carrier, and migrates. */
export async function startFoundation(options: StackOptions): Promise<Stack> {
  const { paths, steps } = options;
  for (const folder of [paths.data, paths.run, paths.log]) await mkdir(folder, { recursive: true });
  // Callers' numbers and voices are in these. Not `data` itself: Postgres, as nobody, must walk through it.
  for (const folder of [
    paths.log,
    ...['redis', 'worker', 'pbx', 'carrier', 'sounds'].map((name) => join(paths.data, name))
  ]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
  }
  await mkdir(paths.sockets, { recursive: true, mode: 0o700 });
  const tools = await bringTools(paths, 'telephony', steps);
  const secrets = await readSecrets(paths.data);
  const sounds = join(paths.data, 'sounds');
  const announcements = options.announcements ?? join(paths.data, 'announcements');
  if (!options.announcements)
    await steps.step('Announcements (placeholders, synthetic voice)', async (note) => {
      const { made } = await makeAnnouncements(tools, announcements);
      if (made > 0) note(`${made} made`);
    });

  const [database, http, ami, sip, carrierHttp, carrierAmi, carrierSip] = await Promise.all([
    freeTcpPort(),
    freeTcpPort(),
    freeTcpPort(),
    freeUdpPort(),
    freeTcpPort(),
    freeTcpPort(),
    freeUdpPort()
  ]);
  const trunks = options.trunks ?? readTrunks();
  const environment: Record<string, string> = {
    PATH: `${dirname(process.execPath)}:${join(root, 'node_modules', '.bin')}:/usr/bin:/bin`,
    LANG: 'C.UTF-8',
    NODE_ENV: 'production',
    // Halves the time in which a restarted worker is back.
    NODE_COMPILE_CACHE: join(paths.run, 'compile-cache'),
    // Node 26 may need a library that the first step brought.
    ...(process.env.LD_LIBRARY_PATH ? { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH } : {}),
    VAXEL_REDIS: redisSocket(paths),
    VAXEL_SECRET: secrets.master,
    VAXEL_CELL: '1',
    VAXEL_ARI: `http://127.0.0.1:${http}`,
    VAXEL_SIP_PORT: String(sip),
    VAXEL_ARI_PASSWORD: secrets.ari,
    VAXEL_ARI_PARENT_PASSWORD: secrets.ariParent,
    VAXEL_AMI: `127.0.0.1:${ami}`,
    VAXEL_AMI_PASSWORD: secrets.ami,
    VAXEL_CARRIER_ARI: `http://127.0.0.1:${carrierHttp}`,
    VAXEL_CARRIER_ARI_PASSWORD: secrets.carrierAri,
    VAXEL_CARRIER_RECORDINGS: join(paths.data, 'carrier', 'spool', 'recording'),
    VAXEL_ANNOUNCEMENTS: announcements,
    VAXEL_SOUNDS: sounds,
    VAXEL_CALLS_MOST: String(Math.floor((rtp.ports / 2) * callersShare)),
    VAXEL_TRUNKS: trunks.map(({ name, host, port }) => `${name}=${host}:${port}`).join(' '),
    VAXEL_WORKER_DATA: join(paths.data, 'worker'),
    HOST: options.host,
    PORT: String(options.port)
  };
  let address: string | null = null;
  const state = async (): Promise<StackState> => {
    const children: StackState['children'] = {};
    for (const { name, pid } of supervisor.pids()) {
      const startTime = await startTimeOf(pid);
      if (startTime !== null) children[name] = { pid, startTime };
    }
    return { pid: process.pid, startTime: (await startTimeOf(process.pid)) ?? '', children, address, environment };
  };
  const stopping = new AbortController();
  let writing = Promise.resolve();
  let stopped = false;
  const save = () => {
    writing = writing.then(async () => {
      if (!stopped) await writeState(paths, await state());
    });
    return writing;
  };
  const supervisor = createSupervisor({
    log: paths.log,
    report: options.report,
    changed: () => void save().catch((error: unknown) => options.report(String(error)))
  });
  const stack: Stack = {
    supervisor,
    secrets,
    tools,
    environment,
    report: options.report,
    stopping: stopping.signal,
    async stop() {
      stopping.abort();
      await supervisor.stopAll();
      stopped = true;
      await writing;
      await removeState(paths);
      await rm(paths.sockets, { recursive: true, force: true });
    },
    announce(to) {
      address = to;
      return save();
    }
  };
  try {
    const common = {
      announcements,
      sounds,
      music: options.music ?? join(tools, 'usr/share/asterisk/moh'),
      fallbackSeconds: options.fallbackSeconds ?? 30
    };
    const children: { title: string; child: () => Promise<ChildSpec> }[] = [
      { title: 'Redis', child: () => redisChild(paths, tools) },
      { title: 'Postgres', child: () => postgresChild(paths, database, secrets) },
      {
        title: 'Asterisk',
        child: () =>
          asteriskChild(paths, tools, {
            ...common,
            name: 'pbx',
            httpPort: http,
            amiPort: ami,
            sipPort: sip,
            trunkPort: carrierSip,
            trunkAlso: options.trunkAlso === undefined ? [] : [options.trunkAlso],
            trunks,
            rtpStart: rtp.pbx,
            rtpEnd: rtp.pbx + rtp.ports - 1,
            ariPassword: secrets.ari,
            ariParentPassword: secrets.ariParent,
            amiPassword: secrets.ami
          })
      },
      {
        title: 'Carrier (the public network of the demo)',
        child: () =>
          asteriskChild(paths, tools, {
            ...common,
            name: 'carrier',
            httpPort: carrierHttp,
            amiPort: carrierAmi,
            sipPort: carrierSip,
            trunkPort: sip,
            rtpStart: rtp.carrier,
            rtpEnd: rtp.carrier + rtp.ports - 1,
            ariPassword: secrets.carrierAri,
            ariParentPassword: secrets.carrierAri,
            amiPassword: secrets.ami
          })
      }
    ];
    await steps.step('Postgres, Redis, Asterisk', () =>
      // All together: the slowest decides, not the sum.
      allOrFirstError(children.map(async ({ child }) => supervisor.start(await child())))
    );
    await steps.step('Database', async () => {
      const urls = await prepareDatabase(database, secrets);
      environment.VAXEL_DATABASE = urls.owner;
      environment.VAXEL_DATABASE_WEB = urls.web;
      await migrate(urls.owner, urls.web);
    });
    await save();
    return stack;
  } catch (error) {
    await stack.stop();
    if (error instanceof DataIsNewer) throw new Problem(`${error.message[0]?.toUpperCase()}${error.message.slice(1)}.`);
    throw error;
  }
}

/**
 * Ports for audio, two for each leg. Several stacks have the same: Asterisk takes the next where one is taken. Below those
 * that the kernel gives to others by itself.
 */
const rtp = { pbx: 10_000, carrier: 22_000, ports: 10_000 };
/** Of the legs at most so many are callers': were all of them, no agent could be rung, and nobody would ever be answered. */
const callersShare = 0.6;

/** A process of ours: TypeScript run by Node, its environment the stack's. */
export function nodeChild(stack: Stack, name: string, entry: string, more: Partial<ChildSpec> = {}): ChildSpec {
  return {
    name,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', '--enable-source-maps', join(root, entry)],
    cwd: root,
    env: { ...stack.environment },
    stopSignal: 'SIGTERM',
    stopWithinMs: 8_000,
    ready: async () => true,
    ...more
  };
}

/** Waits for all, so that a failure leaves no start half-way; then throws the first error. */
async function allOrFirstError(work: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
