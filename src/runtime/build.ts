import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.ts';
import { run } from './run.ts';
import type { Steps } from './steps.ts';

const keptBuilds = 3;

/**
 * The web app built from what the sources are now, in a folder named by their checksum: a test run that builds newer
 * sources leaves the build of a running `npm start` alone.
 */
export async function bringBuild(steps: Steps): Promise<string> {
  const hash = await sourcesChecksum();
  const folder = join(root, '.vaxel', 'build', hash);
  if (existsSync(join(folder, 'complete'))) {
    const now = new Date();
    await utimes(folder, now, now);
    return folder;
  }
  return steps.step('Build of the web app', async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const { code, output } = await run(
      process.execPath,
      [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
      {
        cwd: root,
        env: { ...process.env, NODE_ENV: 'production', VAXEL_BUILD: folder },
        deadlineMs: 300_000
      }
    );
    if (code !== 0) throw new Error(`the web app could not be built:\n${output.split('\n').slice(-25).join('\n')}`);
    await writeFile(join(folder, 'complete'), '');
    await prune(join(root, '.vaxel', 'build'));
    return folder;
  });
}

async function sourcesChecksum(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'svelte.config.js', 'vite.config.ts', 'tsconfig.json'])
    hash.update(await readFile(join(root, file)));
  for (const top of ['src', 'static']) {
    const entries = await readdir(join(root, top), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) hash.update(file.slice(root.length)).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Keeps the latest used few: one of them may be running. */
async function prune(folder: string): Promise<void> {
  const builds = await Promise.all(
    (await readdir(folder)).map(async (name) => ({ name, usedMs: (await stat(join(folder, name))).mtimeMs }))
  );
  for (const { name } of builds.sort((a, b) => b.usedMs - a.usedMs).slice(keptBuilds))
    await rm(join(folder, name), { recursive: true, force: true });
}
