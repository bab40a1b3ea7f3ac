import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type postgres from 'postgres';
import { mediaOf, type SoundLanguage, type SoundValue } from '#lib/sounds.ts';

/**
 * The organizations' own announcements and music as Asterisk reads them, in a folder that it shares with the worker:
 * `sv/own-ID.wav`, `en/own-ID.wav`, `music/ID/music.wav`, and `music.conf` with a class for each piece of music, which
 * `musiconhold.conf` includes. An announcement stands in both languages, though it was recorded in one: what a caller
 * hears in the other language is better than silence.
 */
export interface SoundFiles {
  /** Gives whether there is new music, which Asterisk has to be told of. */
  put(value: SoundValue): Promise<boolean>;
  /** Whoever hears it now hears it to its end: Asterisk holds the file open. Gives the same as `put`. */
  remove(soundId: string): Promise<boolean>;
  /** Those that are not among these are from before, and go. */
  keepOnly(soundIds: Set<string>): Promise<void>;
}

/** @param content reads one file; null: it is gone */
export function createSoundFiles(
  folder: string,
  content: (soundId: string, language: SoundLanguage) => Promise<Buffer | null>
): SoundFiles {
  const announcement = (language: string, soundId: string) => join(folder, language, `${mediaOf(soundId)}.wav`);
  const musicFolder = join(folder, 'music');
  const languages = ['sv', 'en'] as const;

  async function put({ id, kind, files }: SoundValue): Promise<boolean> {
    if (kind === 'music') {
      const made = await bring(join(musicFolder, id, 'music.wav'), id, 'any');
      if (made) await writeClasses();
      return made;
    }
    for (const language of languages) {
      const from = files.find((file) => file.language === language) ?? files[0];
      if (from) await bring(announcement(language, id), id, from.language);
    }
    return false;
  }

  /** Files never change, so one that is there is the right one. */
  async function bring(file: string, soundId: string, language: SoundLanguage): Promise<boolean> {
    if (await stat(file).catch(unlessAbsent)) return false;
    const bytes = await content(soundId, language);
    if (!bytes) return false;
    await mkdir(join(file, '..'), { recursive: true });
    // Whole or not at all: it may be played at once.
    await writeFile(`${file}.new`, bytes);
    await rename(`${file}.new`, file);
    return true;
  }

  async function writeClasses(): Promise<void> {
    const file = join(folder, 'music.conf');
    const classes = (await names(musicFolder)).toSorted();
    const text = classes.map((id) => `[${id}]\nmode=files\ndirectory=${join(musicFolder, id)}\n`).join('\n');
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }

  async function remove(soundId: string): Promise<boolean> {
    for (const language of languages) await rm(announcement(language, soundId), { force: true });
    if (!(await names(musicFolder)).includes(soundId)) return false;
    await rm(join(musicFolder, soundId), { recursive: true, force: true });
    await writeClasses();
    return true;
  }

  return {
    put,
    remove,
    async keepOnly(soundIds) {
      const prefix = mediaOf('');
      const announced = (await Promise.all(languages.map((language) => names(join(folder, language))))).flat();
      const there = [
        ...announced.flatMap((name) =>
          name.startsWith(prefix) ? [name.slice(prefix.length).split('.')[0] ?? ''] : []
        ),
        ...(await names(musicFolder))
      ];
      for (const soundId of new Set(there)) if (!soundIds.has(soundId)) await remove(soundId);
    }
  };
}

/** Of every file, whoever's: the worker is the owner's role. */
export async function readSoundContent(
  sql: postgres.ISql,
  soundId: string,
  language: SoundLanguage
): Promise<Buffer | null> {
  const [row] = await sql<{ content: Buffer }[]>`
    select content from sound_file where sound_id = ${soundId} and language = ${language}`;
  return row?.content ?? null;
}

async function names(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(unlessAbsent)) ?? [];
}

function unlessAbsent(cause: NodeJS.ErrnoException): null {
  if (cause.code === 'ENOENT') return null;
  throw cause;
}
