/** A second of a steady tone in A-law (G.711), 8 kHz. */
export function alawTone(hz: number): Buffer {
  const samples = Buffer.alloc(8_000);
  for (let at = 0; at < samples.length; at++)
    samples[at] = alaw(Math.round(10_000 * Math.sin((2 * Math.PI * hz * at) / 8_000)));
  return samples;
}

/** One sample of 16 bits (G.711: sign, three bits of exponent, four of mantissa, every other bit inverted). */
function alaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const size = Math.min(32_635, Math.abs(sample));
  const exponent = Math.max(0, 31 - Math.clz32(size >> 7));
  const mantissa = (size >> (exponent === 0 ? 4 : exponent + 3)) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}
