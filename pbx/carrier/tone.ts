import { writeFile } from 'node:fs/promises';

export async function writeTone(file: string, hz: number, seconds: number, rate = 8000): Promise<void> {
  await writeFile(file, toneWav(hz, seconds, rate));
}

/** A wav file with one steady tone, its ends rounded so that it does not click. */
export function toneWav(hz: number, seconds: number, rate = 8000): Buffer {
  const count = Math.round(seconds * rate);
  const data = Buffer.alloc(44 + count * 2);
  data.write('RIFF', 0, 'latin1');
  data.writeUInt32LE(36 + count * 2, 4);
  data.write('WAVEfmt ', 8, 'latin1');
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(rate, 24);
  data.writeUInt32LE(rate * 2, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36, 'latin1');
  data.writeUInt32LE(count * 2, 40);
  for (let index = 0; index < count; index++) {
    const edge = Math.min(1, index / 80, (count - index) / 80);
    data.writeInt16LE(Math.round(10_000 * edge * Math.sin((2 * Math.PI * hz * index) / rate)), 44 + index * 2);
  }
  return data;
}
