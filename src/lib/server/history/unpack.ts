import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { Fact } from '#lib/acd/facts.ts';

const decompress = promisify(zstdDecompress);

/** The facts of a chunk, in order. */
export async function unpack(facts: Uint8Array): Promise<Fact[]> {
  const lines = (await decompress(facts)).toString('utf8').split('\n');
  return lines.map((line) => JSON.parse(line) as Fact);
}
