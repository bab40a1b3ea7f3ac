import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type { Fact } from '#lib/acd/facts.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A chunk: one JSON fact per line, compressed. */
export function pack(facts: Fact[]): Promise<Buffer> {
  return compress(Buffer.from(facts.map((fact) => JSON.stringify(fact)).join('\n')));
}

/** The facts of a chunk, in order. */
export async function unpack(chunk: Uint8Array): Promise<Fact[]> {
  const lines = (await decompress(chunk)).toString('utf8').split('\n');
  return lines.map((line) => JSON.parse(line) as Fact);
}

/** Several chunks as one, in order. */
export async function join(chunks: Uint8Array[]): Promise<Buffer> {
  const texts = await Promise.all(chunks.map((chunk) => decompress(chunk)));
  return compress(Buffer.from(texts.map(String).join('\n')));
}
