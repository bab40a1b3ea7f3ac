import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replay } from './transcript.ts';

const folder = new URL('./', import.meta.url);

/** `UPDATE_TRANSCRIPTS=1` writes them anew: read the difference before it is committed. */
test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('%s', (name) => {
  const file = new URL(name, folder);
  const expected = readFileSync(file, 'utf8');
  const actual = replay(expected);
  if (process.env.UPDATE_TRANSCRIPTS) writeFileSync(file, actual);
  else expect(actual).toBe(expected);
});
