import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.ts';
import { runOrThrow } from './run.ts';
import { libraryFolder, toolCommand } from './tools.ts';

/**
 * The texts of the announcements that every installation starts with; read by a synthetic voice until recorded ones stand
 * in `pbx/sounds`. `pieces` are words that are played in a row (`src/lib/acd/speech.ts`).
 */
interface Texts {
  [language: string]: { voice: string; texts: Record<string, string>; pieces: Record<string, string> };
}

interface Announcement {
  language: string;
  voice: string;
  name: string;
  words: string;
  /** Without silence before and after it. */
  trim: boolean;
}

/** Made at the same time. */
const atOnce = 4;

/**
 * Makes the placeholder announcements as 8 and 16 kHz wav (`NAME.wav`, `NAME.wav16`). A recorded file drops in by its
 * name: `pbx/sounds/sv/welcome.wav`. What is made is marked in `placeholder.json`, so that pages can say so.
 */
export async function makeAnnouncements(tools: string, target: string): Promise<{ made: number }> {
  const source = join(root, 'pbx/sounds');
  const text = await readFile(join(source, 'texts.json'), 'utf8');
  const stamp = join(target, 'placeholder.json');
  if (existsSync(stamp) && (JSON.parse(await readFile(stamp, 'utf8')) as { text: string }).text === text)
    return { made: 0 };
  const work = `${target}.new`;
  await rm(work, { recursive: true, force: true });
  const texts = JSON.parse(text) as Texts;
  for (const language of Object.keys(texts)) await mkdir(join(work, language), { recursive: true });
  const left = announcementsOf(texts);
  const placeholders: string[] = [];
  const make = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const { language, name } = next;
      if (!(await makeOne(tools, source, work, next))) placeholders.push(`${language}/${name}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, make));
  await writeFile(
    join(work, 'placeholder.json'),
    JSON.stringify({ text, placeholders: placeholders.toSorted() }, null, 1)
  );
  await rm(target, { recursive: true, force: true });
  await rename(work, target);
  return { made: placeholders.length };
}

function announcementsOf(all: Texts): Announcement[] {
  return Object.entries(all).flatMap(([language, { voice, texts, pieces }]) => [
    ...Object.entries(texts).map(([name, words]) => ({ language, voice, name, words, trim: false })),
    ...Object.entries(pieces).map(([name, words]) => ({ language, voice, name, words, trim: true }))
  ]);
}

/** Whether a recorded one was there. */
async function makeOne(tools: string, source: string, work: string, announcement: Announcement): Promise<boolean> {
  const { language, voice, name, words, trim } = announcement;
  const recorded = join(source, language, `${name}.wav`);
  const isRecorded = existsSync(recorded);
  const raw = join(work, `${language}-${name}.wav`);
  if (isRecorded) await copyFile(recorded, raw);
  else await speak(tools, voice, words, raw);
  const effects = trim && !isRecorded ? trimmed : [];
  await convert(tools, raw, 8_000, join(work, language, `${name}.wav`), effects);
  await convert(tools, raw, 16_000, join(work, language, `${name}.wav16`), effects);
  await rm(raw);
  return isRecorded;
}

/** For sox: silence off the beginning, then off the end (which it can only do backwards), and a breath to the next word. */
const fromTheStart = ['silence', '1', '0.01', '0.5%'];
const trimmed = [...fromTheStart, 'reverse', ...fromTheStart, 'reverse', 'pad', '0', '0.04'];

export async function speak(tools: string, voice: string, words: string, file: string): Promise<void> {
  const program = toolCommand(tools, 'usr/bin/espeak-ng');
  await runOrThrow(program.command, [...program.args, '-v', voice, '-s', '150', '-w', file, words], {
    env: { ESPEAK_DATA_PATH: join(libraryFolder(tools), 'espeak-ng-data'), LANG: 'C.UTF-8' },
    deadlineMs: 20_000
  });
}

/** To mono wav of 16 bits; reads what sox reads. `effects` are sox's, before the level is set. */
export async function convert(
  tools: string,
  from: string,
  rate: number,
  to: string,
  effects: string[] = []
): Promise<void> {
  const program = toolCommand(tools, 'usr/bin/sox');
  await runOrThrow(
    program.command,
    [...program.args, from, '-t', 'wav', '-r', String(rate), '-c', '1', '-b', '16', to, ...effects, 'gain', '-n', '-6'],
    {
      env: { LANG: 'C.UTF-8' },
      deadlineMs: 20_000
    }
  );
}
