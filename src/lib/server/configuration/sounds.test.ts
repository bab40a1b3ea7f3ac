import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { id } from '#lib/acd/ids.ts';
import type { SoundKind, SoundLanguage, SoundValue } from '#lib/sounds.ts';
import { createSoundFiles, type SoundFiles } from './sounds.ts';

let folder: string;
let sounds: SoundFiles;
let read: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaxel-sounds-'));
  read = [];
  sounds = createSoundFiles(folder, (soundId, language) => {
    read.push(`${soundId} ${language}`);
    return Promise.resolve(Buffer.from(`${soundId} in ${language}`));
  });
});
afterEach(() => rm(folder, { recursive: true }));

function sound(soundId: string, kind: SoundKind, ...languages: SoundLanguage[]): SoundValue {
  const files = languages.map((language) => ({ language, ms: 1_000 }));
  return { type: 'sound', id: id.sound(soundId), organizationId: id.organization('o'), name: soundId, kind, files };
}
const all = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
const text = (file: string) => readFile(join(folder, file), 'utf8');

test('an announcement stands in both languages, in the other’s words where it has none of its own', async () => {
  expect(await sounds.put(sound('a', 'announcement', 'en'))).toBe(false);
  expect(await sounds.put(sound('b', 'announcement', 'en', 'sv'))).toBe(false);
  expect(await all()).toEqual(['en/own-a.wav', 'en/own-b.wav', 'sv/own-a.wav', 'sv/own-b.wav']);
  expect(await Promise.all(['sv/own-a.wav', 'sv/own-b.wav', 'en/own-b.wav'].map(text))).toEqual([
    'a in en',
    'b in sv',
    'b in en'
  ]);
});

test('music is a class of its own, told once; a file that is there is not read again', async () => {
  expect(await sounds.put(sound('m', 'music', 'any'))).toBe(true);
  expect(await sounds.put(sound('m', 'music', 'any'))).toBe(false);
  expect(read).toEqual(['m any']);
  expect(await text('music.conf')).toBe(`[m]\nmode=files\ndirectory=${join(folder, 'music', 'm')}\n`);
  expect(await text('music/m/music.wav')).toBe('m in any');
});

test('what is removed goes, and at the start all that is no longer known', async () => {
  for (const one of ['m', 'n', 'o']) await sounds.put(sound(one, 'music', 'any'));
  for (const one of ['a', 'b']) await sounds.put(sound(one, 'announcement', 'sv'));
  expect(await sounds.remove('n')).toBe(true);
  expect(await sounds.remove('a')).toBe(false);
  await sounds.keepOnly(new Set(['m']));
  expect(await all()).toEqual(['music.conf', 'music/m/music.wav']);
  expect(await text('music.conf')).toContain('[m]');
  expect(await text('music.conf')).not.toMatch(/\[[no]\]/);
});
