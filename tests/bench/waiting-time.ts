import { tellWaits, type WaitingLoad } from '#lib/simulation/waiting-times.ts';
import type { Bench, Figure } from '../../src/cli/bench.ts';

/** Of each load so many calls; what the engine learns from the first tenth is not counted. */
const callsEach = 60_000;

/** `most`: the error may be at most so many times app_queue's. */
const loads: (WaitingLoad & { name: string; most: number })[] = [
  {
    name: '180 s, 50 agents, 120 s patience',
    most: 0.65,
    agents: 50,
    load: 50,
    handleSeconds: 180,
    patienceSeconds: 120
  },
  { name: '180 s, 10 agents, all wait', most: 0.65, agents: 10, load: 9, handleSeconds: 180, patienceSeconds: null },
  { name: '5 s, 20 agents, 30 s patience', most: 0.45, agents: 20, load: 20, handleSeconds: 5, patienceSeconds: 30 }
];

/**
 * What callers are told against what then happens, by the real engine on virtual time with calls at random; beside it, from
 * the same instants, the moving average that app_queue tells.
 */
const waitingTime: Bench = async (note, options) => {
  const figures: Figure[] = [];
  for (const { name, most, ...load } of loads) {
    const { answered, rmsSeconds, usedSeconds, covered } = tellWaits(load, callsEach, options.get('seed') ?? 1);
    const ratio = Math.round((usedSeconds / rmsSeconds.average) * 1_000) / 1_000;
    note(`${name}: RMS error ${usedSeconds.toFixed(2)} s, app_queue's average ${rmsSeconds.average.toFixed(2)} s`);
    const percent = Math.round(covered * 1_000) / 10;
    figures.push(
      {
        name: `${name}: error ÷ app_queue’s`,
        unit: '×',
        value: ratio,
        aim: `<= ${most}`,
        holds: ratio <= most,
        samples: answered
      },
      {
        name: `${name}: within P10 to P90`,
        unit: '%',
        value: percent,
        aim: '80 ± 3',
        holds: Math.abs(percent - 80) <= 3,
        samples: answered
      }
    );
    await Promise.resolve();
  }
  return figures;
};

export default waitingTime;
