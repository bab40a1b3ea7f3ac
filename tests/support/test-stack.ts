import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTone } from '../../pbx/carrier/tone.ts';
import { bringBuild } from '../../src/runtime/build.ts';
import { endLeftovers, isAlive, readState, removeState } from '../../src/runtime/lock.ts';
import { stackPaths, type Paths } from '../../src/runtime/paths.ts';
import { freeTcpPort, freeUdpPort } from '../../src/runtime/ports.ts';
import { Problem } from '../../src/runtime/problem.ts';
import { startServices } from '../../src/runtime/services.ts';
import { startFoundation, type Stack, type StackOptions } from '../../src/runtime/stack.ts';
import type { Steps } from '../../src/runtime/steps.ts';
import { createSteps } from '../../src/runtime/steps.ts';
import { bringTools, libraryPath } from '../../src/runtime/tools.ts';
import { announcementTones, musicTone } from './sounds.ts';

/** A trunk to a carrier that tests play in SIP alone. */
export const peerTrunk = 'peer';

/** A whole system with empty data, tones for announcements and short waits, beside whatever else runs. */
export async function startTestStack(
  name: string,
  note: (text: string) => void,
  more: Pick<StackOptions, 'trunkAlso'> = {}
): Promise<Stack> {
  const steps = createSteps({ tty: false, write: (text) => note(text.trim()) });
  const paths = stackPaths(`test-${name}`);
  await cleanUp(paths);
  const stack = await foundation(paths, steps, note, more);
  try {
    await withServices(stack, steps);
    stack.environment.VAXEL_CHROMIUM = await chromium(paths, steps);
    stack.environment.VAXEL_PATHS = JSON.stringify(paths);
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** A stack left by a killed run is ended; its data are thrown away, so that each run starts empty. */
export async function cleanUp(paths: Paths): Promise<void> {
  const state = await readState(paths);
  if (state && (await isAlive(state)))
    throw new Problem(`npm test is already running in this checkout (pid ${state.pid}).`);
  if (state) await endLeftovers(state);
  await removeState(paths);
  await rm(paths.data, { recursive: true, force: true });
  await rm(paths.log, { recursive: true, force: true });
}

export async function foundation(
  paths: Paths,
  steps: Steps,
  report: (line: string) => void,
  more: Pick<StackOptions, 'trunkAlso'> = {}
): Promise<Stack> {
  const announcements = join(paths.data, 'announcements');
  const music = join(paths.data, 'music');
  for (const folder of [music, join(announcements, 'sv'), join(announcements, 'en')])
    await mkdir(folder, { recursive: true });
  await writeTone(join(music, 'music.wav'), musicTone, 120);
  for (const language of ['sv', 'en'])
    for (const [name, { hz, seconds }] of Object.entries(announcementTones))
      await writeTone(join(announcements, language, `${name}.wav`), hz, seconds);
  return startFoundation({
    paths,
    steps,
    report,
    host: '127.0.0.1',
    port: await freeTcpPort(),
    announcements,
    music,
    fallbackSeconds: 4,
    // Nobody is there until a test plays it (sip-rig/peer.ts).
    trunks: [{ name: peerTrunk, host: '127.0.0.1', port: await freeUdpPort() }],
    ...more
  });
}

export async function withServices(stack: Stack, steps: Steps): Promise<void> {
  stack.environment.ORIGIN = `http://localhost:${stack.environment.PORT}`;
  const build = await bringBuild(steps);
  await steps.step('Worker, jobs, web', () => startServices(stack, build, { withoutLeaderSeconds: 5 }));
  await stack.announce(stack.environment.ORIGIN);
}

/** The host's Chromium, or one of ours that finds its libraries by a small script. */
export async function chromium(paths: Paths, steps: Steps): Promise<string> {
  if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium';
  const tools = await bringTools(paths, 'browser', steps);
  const script = join(tools, 'run-chromium');
  const fonts = join(tools, 'fonts.conf');
  await writeFile(
    fonts,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${tools}/usr/share/fonts</dir><cachedir>${tools}/font-cache</cachedir></fontconfig>`
  );
  await writeFile(
    script,
    `#!/bin/sh\nexport LD_LIBRARY_PATH='${libraryPath(tools)}' FONTCONFIG_FILE='${fonts}'\nexec '${tools}/usr/lib/chromium/chromium' "$@"\n`
  );
  await chmod(script, 0o755);
  return script;
}
