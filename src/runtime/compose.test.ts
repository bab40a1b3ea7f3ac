import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import prettier from 'prettier';
import { expect, test } from 'vitest';
import { secrets } from './make-env.mjs';
import { root } from './paths.ts';

/** What docker compose names must be there; that it runs is another test's. */
const read = (file: string) => readFile(join(root, file), 'utf8');
const compose = await read('docker-compose.yml');
const dockerfiles = { Dockerfile: await read('Dockerfile'), 'pbx/Dockerfile': await read('pbx/Dockerfile') };
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

test('docker-compose.yml is YAML, and names the processes of npm start', async () => {
  await prettier.format(compose, { parser: 'yaml' });
  const services = all(compose.slice(compose.indexOf('\nservices:'), compose.indexOf('\nvolumes:')), /^ {2}(\w+):$/gm);
  expect(services).toEqual(['web', 'worker', 'jobs', 'prepare', 'asterisk', 'postgres', 'redis']);
});

test('every program and Dockerfile it names is there', () => {
  const files = [...all(compose, /(src\/[\w/.-]+\.(?:ts|mjs))/g), ...all(compose, /dockerfile: (\S+)/g), 'Dockerfile'];
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('every secret it asks for is made by make-env', () => {
  expect(new Set(all(compose, /\$\{(VAXEL_\w+)/g))).toEqual(new Set(Object.keys(secrets)));
});

test('every file that the images take is there, and not left out of the context', async () => {
  const ignored = (await read('.dockerignore')).split('\n');
  for (const text of Object.values(dockerfiles))
    for (const [, sources = ''] of text.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
      for (const source of sources.split(' ')) {
        expect(existsSync(join(root, source)), source).toBe(true);
        expect(ignored).not.toContain(source.split('/')[0]);
      }
});

test('nothing in them asks a registry for more than the base images', () => {
  for (const text of [compose, ...Object.values(dockerfiles)])
    expect(text).not.toMatch(/# syntax=|@sha256:|pull_policy/);
});

test('the entrypoint has a value for every name in the templates', async () => {
  const known = new Set(all(await read('pbx/entrypoint.sh'), /\[([A-Z_]+)\]=/g));
  const wanted = new Set<string>();
  for (const file of await readdir(join(root, 'pbx/etc')))
    for (const name of all(await read(`pbx/etc/${file}`), /\{\{([A-Z_]+)\}\}/g)) wanted.add(name);
  expect([...wanted].filter((name) => !known.has(name))).toEqual([]);
});
