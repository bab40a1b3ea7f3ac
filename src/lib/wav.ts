/** What callers hear: RIFF/WAVE with linear PCM, as Asterisk's `format_wav` reads it. */
export const sampleRate = 8_000;
const headerBytes = 44;
const pcm = 1;
const bytesPerSample = 2;

/** Why a file cannot be played to callers. */
export type WavCode = 'not-a-wav' | 'wav-format' | 'wav-empty';

/**
 * The length of a wav of 8 kHz, 16 bits and one channel with nothing before or after its sound, in ms, or what is wrong
 * with it. What its header says less of than there is would be kept, and may be played: to the end of the file.
 * Anything else is made so in the browser (`client/convert-sound.ts`).
 */
export function readWav(bytes: Uint8Array): { ms: number } | { code: WavCode } {
  if (bytes.length < headerBytes) return { code: 'not-a-wav' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE' || tag(12) !== 'fmt ') return { code: 'not-a-wav' };
  const plain =
    view.getUint32(16, true) === 16 &&
    view.getUint16(20, true) === pcm &&
    view.getUint16(22, true) === 1 &&
    view.getUint32(24, true) === sampleRate &&
    view.getUint16(32, true) === bytesPerSample &&
    view.getUint16(34, true) === bytesPerSample * 8 &&
    tag(36) === 'data';
  if (!plain) return { code: 'wav-format' };
  const length = view.getUint32(40, true);
  if (length === 0) return { code: 'wav-empty' };
  if (length !== bytes.length - headerBytes || length % bytesPerSample !== 0) return { code: 'wav-format' };
  return { ms: Math.round(length / bytesPerSample / (sampleRate / 1_000)) };
}

/** @param samples from −1 to 1, at 8 kHz; what is beyond is cut off */
export function writeWav(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes + samples.length * bytesPerSample);
  const view = new DataView(bytes.buffer);
  const tag = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  tag(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, pcm, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * bytesPerSample, true);
  view.setUint16(32, bytesPerSample, true);
  view.setUint16(34, bytesPerSample * 8, true);
  tag(36, 'data');
  view.setUint32(40, samples.length * bytesPerSample, true);
  for (const [at, sample] of samples.entries())
    view.setInt16(headerBytes + at * bytesPerSample, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
  return bytes;
}
