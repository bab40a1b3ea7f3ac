import type { Page } from 'playwright-core';

/**
 * What a page's caller sounds like: the loudest frequency in what its audio element plays, in Hz, over about 0.7 s; 0
 * when it is quiet. By the browser's own analyser, so that it is the decoded sound and not a counter of packets.
 */
export function heardInPage(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const audio = document.querySelector('audio');
    const stream = audio?.srcObject as MediaStream | null;
    if (!stream) return 0;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 16_384;
    analyser.smoothingTimeConstant = 0;
    context.createMediaStreamSource(stream).connect(analyser);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    const loudest = levels.indexOf(Math.max(...levels));
    await context.close();
    return (levels[loudest] ?? -200) < -60 ? 0 : Math.round((loudest * context.sampleRate) / analyser.fftSize);
  });
}
