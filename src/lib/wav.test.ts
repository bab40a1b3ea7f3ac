import { expect, test } from 'vitest';
import { readWav, writeWav } from './wav.ts';

const second = writeWav(new Float32Array(8_000).map((_, at) => Math.sin(at / 5)));
/** The same with some bytes changed. */
function changed(at: number, ...bytes: number[]): Uint8Array {
  const copy = second.slice();
  copy.set(bytes, at);
  return copy;
}

test('what is written can be read, and is as long as it is', () => {
  expect(readWav(second)).toEqual({ ms: 1_000 });
  const view = new DataView(writeWav(new Float32Array([2, -2, 0])).buffer, 44);
  expect([0, 2, 4].map((at) => view.getInt16(at, true))).toEqual([32_767, -32_767, 0]);
});

test.each<[string, Uint8Array, string]>([
  ['nothing', new Uint8Array(0), 'not-a-wav'],
  ['a header alone', second.slice(0, 43), 'not-a-wav'],
  ['another kind of file', changed(0, 0x49, 0x44, 0x33), 'not-a-wav'],
  ['floating point', changed(20, 3), 'wav-format'],
  ['stereo', changed(22, 2), 'wav-format'],
  ['44.1 kHz', changed(24, 0x44, 0xac), 'wav-format'],
  ['8 bits', changed(34, 8), 'wav-format'],
  ['another chunk first', changed(36, 0x4c, 0x49, 0x53, 0x54), 'wav-format'],
  ['longer than it is', changed(40, 0xff, 0xff, 0xff, 0x7f), 'wav-format'],
  ['frames of another size', changed(32, 4), 'wav-format'],
  ['more than its header says', new Uint8Array([...second, 0, 0]), 'wav-format'],
  ['half a sample', changed(40, 0x7f, 0x3e, 0, 0).slice(0, 44 + 15_999), 'wav-format'],
  ['no sound', changed(40, 0, 0, 0, 0), 'wav-empty']
])('%s is refused', (_, bytes, code) => {
  expect(readWav(bytes)).toEqual({ code });
});
