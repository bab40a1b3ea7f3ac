import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '#lib/acd/configuration.ts';

/** One announcement as pages show it. */
export interface Sound {
  ms: number;
  /** What is said; null: recorded, and nobody has written it down. */
  words: string | null;
  /** Of an own one. */
  name?: string;
}

export interface Sounds {
  /** By name, as `play` names it. Read anew each time: a recorded one may have come. */
  all(language: Language): Promise<Map<string, Sound>>;
  /** The wav file of 8 kHz that callers hear; null: there is none of that name. */
  file(language: Language, name: string): Promise<Buffer<ArrayBuffer> | null>;
}

const ending = '.wav';
/** Of the wav files that `makeAnnouncements` writes: 8 kHz, 16 bits, one channel. */
const headerBytes = 44;
const bytesPerMs = 16;

/** @param folder of the announcements, one folder per language */
export function createSounds(folder: string): Sounds {
  async function names(language: Language): Promise<string[]> {
    const files = await readdir(join(folder, language)).catch(unlessAbsent);
    return (files ?? []).filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
  }

  return {
    async all(language) {
      const words = await wordsIn(folder, language);
      const found = (await names(language)).map(async (name): Promise<[string, Sound]> => {
        const { size } = await stat(join(folder, language, name + ending));
        const ms = Math.max(0, Math.round((size - headerBytes) / bytesPerMs));
        return [name, { ms, words: words.get(name) ?? null }];
      });
      return new Map(await Promise.all(found));
    },
    async file(language, name) {
      // Looked up rather than cleaned: nothing that comes from outside becomes part of a path.
      const known = (await names(language)).find((one) => one === name);
      return known === undefined ? null : await readFile(join(folder, language, known + ending));
    }
  };
}

/** The texts that announcements are made from, as `makeAnnouncements` keeps them beside the files. */
async function wordsIn(folder: string, language: Language): Promise<Map<string, string>> {
  const stamp = await readFile(join(folder, 'placeholder.json'), 'utf8').catch(unlessAbsent);
  if (stamp === null) return new Map();
  const { text } = JSON.parse(stamp) as { text: string };
  const all = JSON.parse(text) as Record<string, { texts: Record<string, string>; pieces: Record<string, string> }>;
  return new Map(Object.entries({ ...all[language]?.texts, ...all[language]?.pieces }));
}

/** A file or folder that is not there is nothing, and nothing wrong. */
function unlessAbsent(cause: NodeJS.ErrnoException): null {
  if (cause.code === 'ENOENT') return null;
  throw cause;
}
