import { readFile } from 'node:fs/promises';

/** A stretch of a recording in which one tone (or silence: 0) is heard. Times from the recording's start. */
export interface ToneSpan {
  hz: number;
  fromMs: number;
  toMs: number;
}

const windowMs = 40;

/**
 * Reads a recording (wav, 16 bit, mono) as a timeline of the given tones: each window of 40 ms belongs to the tone that
 * carries at least half of its energy, to 0 when it is quiet, and to −1 when it is something else (speech, two tones).
 */
export async function toneTimeline(file: string, tones: number[]): Promise<ToneSpan[]> {
  const { rate, samples } = await readWav(file);
  const size = Math.round((rate * windowMs) / 1000);
  const spans: ToneSpan[] = [];
  for (let at = 0; at + size <= samples.length; at += size) {
    const hz = toneOf(samples.subarray(at, at + size), rate, tones);
    const fromMs = Math.round((at / rate) * 1000);
    const last = spans.at(-1);
    if (last?.hz === hz) last.toMs = fromMs + windowMs;
    else spans.push({ hz, fromMs, toMs: fromMs + windowMs });
  }
  // One window on a border may hold two tones: it belongs to neither.
  return merge(spans.filter((span) => span.toMs - span.fromMs > windowMs));
}

function merge(spans: ToneSpan[]): ToneSpan[] {
  const merged: ToneSpan[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && last.hz === span.hz && span.fromMs - last.toMs <= windowMs) last.toMs = span.toMs;
    else merged.push({ ...span });
  }
  return merged;
}

/**
 * Resolves once a recording that is still being written ends in this tone, and has for so long.
 *
 * @throws when it does not come in time, with what was heard instead
 */
export async function untilHeard(file: string, hz: number, { leastMs = 300, withinMs = 10_000 } = {}): Promise<void> {
  const giveUpMs = performance.now() + withinMs;
  for (;;) {
    const spans = await toneTimeline(file, [hz]).catch(() => []);
    const last = spans.at(-1);
    if (last?.hz === hz && last.toMs - last.fromMs >= leastMs) return;
    if (performance.now() > giveUpMs) throw new Error(`${hz} Hz is not heard: ${JSON.stringify(spans)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The tones heard in order, without silence and without what is under `leastMs`. */
export function heard(spans: ToneSpan[], leastMs = 150): number[] {
  const order: number[] = [];
  for (const span of spans)
    if (span.hz > 0 && span.toMs - span.fromMs >= leastMs && order.at(-1) !== span.hz) order.push(span.hz);
  return order;
}

/** The longest time within [fromMs, toMs] in which the tone is not heard. */
export function longestGapMs(spans: ToneSpan[], hz: number, fromMs: number, toMs: number): number {
  let gap = 0;
  let at = fromMs;
  for (const span of spans.filter((one) => one.hz === hz && one.toMs > fromMs && one.fromMs < toMs)) {
    gap = Math.max(gap, span.fromMs - at);
    at = Math.max(at, span.toMs);
  }
  return Math.max(gap, toMs - at);
}

function toneOf(samples: Int16Array, rate: number, tones: number[]): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  if (energy / samples.length < 100 * 100) return 0;
  let best = -1;
  let bestShare = 0.5;
  for (const hz of tones) {
    const share = goertzel(samples, rate, hz) / energy;
    if (share > bestShare) {
      bestShare = share;
      best = hz;
    }
  }
  return best;
}

/** Energy at one frequency, on the scale of the sum of squares. */
function goertzel(samples: Int16Array, rate: number, hz: number): number {
  const omega = (2 * Math.PI * hz) / rate;
  const factor = 2 * Math.cos(omega);
  let one = 0;
  let two = 0;
  for (const sample of samples) {
    const next = sample + factor * one - two;
    two = one;
    one = next;
  }
  return ((one * one + two * two - factor * one * two) * 2) / samples.length;
}

export async function readWav(file: string): Promise<{ rate: number; samples: Int16Array }> {
  const data = await readFile(file);
  let at = 12;
  let rate = 8000;
  while (at + 8 <= data.length) {
    const name = data.toString('latin1', at, at + 4);
    const length = data.readUInt32LE(at + 4);
    if (name === 'fmt ') rate = data.readUInt32LE(at + 12);
    if (name === 'data') {
      // A recording cut off by a kill has no length in its header: then it goes to the end of the file.
      const end = length > 0 && at + 8 + length <= data.length ? at + 8 + length : data.length;
      const bytes = data.subarray(at + 8, end - ((end - at) % 2));
      return {
        rate,
        samples: new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)))
      };
    }
    at += 8 + length + (length % 2);
  }
  return { rate, samples: new Int16Array(0) };
}
