import { expect, test } from 'vitest';
import type { SimulationOptions } from '#lib/simulation/simulate.ts';
import { simulate } from '#lib/simulation/simulate.ts';
import { shrink } from '#lib/simulation/shrink.ts';
import { replay } from '../transcripts/transcript.ts';

type Rules = NonNullable<SimulationOptions['rules']>;

/** Of this test alone: it takes two agents, two pauses and a caller to break it. */
const rule = 'two never pause while somebody waits';
const rules: Rules = ({ state }) => {
  const paused = [...state.agent.values()].filter((agent) => agent.paused !== null);
  return paused.length > 1 && state.visit.size > 0 ? [{ rule, subject: paused.map(({ id }) => id).join(' ') }] : [];
};

async function firstThatBreaks(broken: Rules): Promise<number> {
  for (let seed = 1; seed <= 30; seed += 1) if ((await simulate(seed, { rules: broken })).rule !== null) return seed;
  throw new Error('no seed breaks it');
}

test('a failing seed shrinks to the acts that break the rule, the same each time, as a transcript that runs again', async () => {
  const seed = await firstThatBreaks(rules);
  const shrunk = await shrink(seed, { rules, wholeShare: 0 });
  expect(shrunk).toMatchObject({ rule, failures: [expect.stringContaining(`${rule}: `)] });
  expect(shrunk!.of).toBeGreaterThan(20);
  // Two come to work, one calls, two pause.
  expect(shrunk!.acts.length).toBeLessThan(9);
  expect(shrunk!.acts.filter(({ text }) => text.endsWith(' pause'))).toHaveLength(2);
  expect(await shrink(seed, { rules, wholeShare: 0 })).toEqual(shrunk);
  expect(replay(shrunk!.transcript)).toBe(shrunk!.transcript);
  expect(await shrink(seed, { wholeShare: 0 })).toBeNull();
}, 30_000);

test('an act left out changes nothing for the others', async () => {
  const done = async (only?: Set<number>) => {
    const acts: { n: number; told: string }[] = [];
    await simulate(3, {
      only,
      done: ({ n, atMs, kind }, text) => void acts.push({ n, told: `${atMs} ${kind} ${text}` })
    });
    return acts;
  };
  const odd = (await done()).filter(({ n }) => n % 2 === 1);
  expect(odd.length).toBeGreaterThan(10);
  expect(await done(new Set(odd.map(({ n }) => n)))).toEqual(odd);
});

test('what broke after a restart is told from before it', async () => {
  /** The first event of a worker, which has read back somebody who waits. */
  const waits: Rules = ({ state }, _, { eventId }) =>
    eventId.endsWith('.1') && state.visit.size > 0 ? [{ rule: 'nobody waits for a worker', subject: eventId }] : [];
  const shrunk = await shrink(await firstThatBreaks(waits), { rules: waits, wholeShare: 0 });
  const kinds = shrunk!.acts.map(({ act }) => act.kind);
  expect(kinds).toEqual(expect.arrayContaining(['call', expect.stringMatching(/restart|usurper/)]));
  expect(shrunk!.transcript).toContain(' read-back\n');
  expect(replay(shrunk!.transcript)).toBe(shrunk!.transcript);
}, 30_000);
