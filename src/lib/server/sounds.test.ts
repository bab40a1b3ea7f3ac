import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSounds } from './sounds.ts';

async function folderWith(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sounds-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'sv'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}
const second = Buffer.alloc(44 + 16_000);
const text = JSON.stringify({ sv: { texts: { welcome: 'Välkommen.' }, pieces: { 'number-1': 'ett' } } });

test('every announcement of a language, how long it is and what it says', async () => {
  const sounds = createSounds(
    await folderWith({
      'sv/welcome.wav': second,
      'sv/welcome.wav16': second,
      'sv/number-1.wav': Buffer.alloc(44 + 8_000),
      'sv/own.wav': second,
      'placeholder.json': JSON.stringify({ text })
    })
  );
  expect(Object.fromEntries(await sounds.all('sv'))).toEqual({
    welcome: { ms: 1_000, words: 'Välkommen.' },
    'number-1': { ms: 500, words: 'ett' },
    own: { ms: 1_000, words: null }
  });
  expect(await sounds.all('en')).toEqual(new Map());
});

test('only what is listed is given, whatever the name says', async () => {
  const folder = await folderWith({ 'sv/welcome.wav': second, 'secret.wav': 'secret', 'sv/secret.txt': 'secret' });
  const sounds = createSounds(folder);
  expect(await sounds.file('sv', 'welcome')).toEqual(second);
  for (const name of ['../secret', 'secret', 'secret.txt', '../sv/welcome', join(folder, 'secret'), ''])
    expect(await sounds.file('sv', name), name).toBe(null);
  expect(await createSounds(join(folder, 'gone')).file('sv', 'welcome')).toBe(null);
});
