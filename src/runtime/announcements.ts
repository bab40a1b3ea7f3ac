import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.ts';
import { runOrThrow } from './run.ts';
import { libraryFolder, toolCommand } from './tools.ts';

/** The texts of the announcements that every installation starts with; read by a synthetic voice until recorded ones stand in `pbx/sounds`. */
interface Texts {
  [language: string]: { voice: string; texts: Record<string, string> };
}

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
  const names: string[] = [];
  for (const [language, { voice, texts }] of Object.entries(JSON.parse(text) as Texts)) {
    await mkdir(join(work, language), { recursive: true });
    for (const [name, words] of Object.entries(texts)) {
      const recorded = join(source, language, `${name}.wav`);
      const raw = join(work, `${language}-${name}.wav`);
      if (existsSync(recorded)) await copyFile(recorded, raw);
      else {
        await speak(tools, voice, words, raw);
        names.push(`${language}/${name}`);
      }
      await convert(tools, raw, 8_000, join(work, language, `${name}.wav`));
      await convert(tools, raw, 16_000, join(work, language, `${name}.wav16`));
      await rm(raw);
    }
  }
  await writeFile(join(work, 'placeholder.json'), JSON.stringify({ text, placeholders: names }, null, 1));
  await rm(target, { recursive: true, force: true });
  await rename(work, target);
  return { made: names.length };
}

export async function speak(tools: string, voice: string, words: string, file: string): Promise<void> {
  const program = toolCommand(tools, 'usr/bin/espeak-ng');
  await runOrThrow(program.command, [...program.args, '-v', voice, '-s', '150', '-w', file, words], {
    env: { ESPEAK_DATA_PATH: join(libraryFolder(tools), 'espeak-ng-data'), LANG: 'C.UTF-8' },
    deadlineMs: 20_000
  });
}

/** To mono wav of 16 bits; reads what sox reads. */
export async function convert(tools: string, from: string, rate: number, to: string): Promise<void> {
  const program = toolCommand(tools, 'usr/bin/sox');
  await runOrThrow(
    program.command,
    [...program.args, from, '-t', 'wav', '-r', String(rate), '-c', '1', '-b', '16', to, 'gain', '-n', '-6'],
    {
      env: { LANG: 'C.UTF-8' },
      deadlineMs: 20_000
    }
  );
}
