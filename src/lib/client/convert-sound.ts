import { sampleRate, writeWav } from '#lib/wav.ts';

/** As loud as the announcements that come with the product: the loudest moment 6 dB below the most. */
const peak = 0.5;
/** Before it is read at all: beyond this a browser may run out of memory. */
const mostBytes = 100 * 1024 * 1024;

export interface Converted {
  wav: Uint8Array<ArrayBuffer>;
  ms: number;
}

/**
 * Any sound that the browser can read, as callers will hear it: 8 kHz, one channel, as loud as others. Null: the browser
 * cannot read it, or there is nothing in it.
 */
export async function convertSound(file: File): Promise<Converted | null> {
  if (file.size > mostBytes) return null;
  // Decoding gives the rate of its context; its own low-pass keeps out what 8 kHz cannot carry.
  const context = new OfflineAudioContext(1, 1, sampleRate);
  const decoded = await context.decodeAudioData(await file.arrayBuffer()).catch(() => null);
  if (!decoded || decoded.length === 0) return null;
  const mixed = new Float32Array(decoded.length);
  for (let channel = 0; channel < decoded.numberOfChannels; channel++)
    for (const [at, sample] of decoded.getChannelData(channel).entries())
      mixed[at] = (mixed[at] ?? 0) + sample / decoded.numberOfChannels;
  const loudest = mixed.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  if (loudest === 0) return null;
  return {
    wav: writeWav(mixed.map((sample) => (sample * peak) / loudest)),
    ms: Math.round((decoded.length / sampleRate) * 1_000)
  };
}
