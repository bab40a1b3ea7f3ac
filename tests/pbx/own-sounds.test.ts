import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mediaOf } from '#lib/sounds.ts';
import { allTones, musicTone } from '../support/sounds.ts';
import { heard, longestGapMs, toneTimeline, untilHeard } from '../support/tones.ts';
import { createWorld, type World } from '../support/world.ts';

/** Announcements and music of an organization's own (P5–P7, P25), as callers hear them. */
let world: World;
let folder: string;
const own = { welcome: 3500, repeated: 3700, music: 400 };
const tones = [...allTones, ...Object.values(own)];

beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), 'vaxel-test-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

test('own announcements and own music are heard, one that is in another language too; other callers’ music goes on', async () => {
  const other = await world.queue();
  const record = join(folder, 'other.wav');
  const listening = await world.call(other, { record });
  await listening.answered;
  // The number is Swedish; this welcome was recorded in English alone.
  const welcome = await world.sound('announcement', { en: { hz: own.welcome, seconds: 1 } });
  const repeated = await world.sound('announcement', { sv: { hz: own.repeated, seconds: 0.6 } });
  const music = await world.sound('music', { any: { hz: own.music, seconds: 2 } });
  const queue = await world.queue({
    welcome: { media: mediaOf(welcome), mustBeHeard: true },
    repeated: { media: mediaOf(repeated), mustBeHeard: false },
    repeatEverySeconds: 10,
    music
  });
  const mine = join(folder, 'mine.wav');
  const call = await world.call(queue, { record: mine });
  // What comes after it is the queue's music again, not the product's.
  const sofar = async () => heard(await toneTimeline(call.recording, tones).catch(() => []));
  const journey = [own.welcome, own.music, own.repeated, own.music];
  await expect.poll(sofar, { timeout: 25_000 }).toEqual(journey);
  await Promise.all([call.hangUp(), listening.hangUp()]);
  await Promise.all([call.ended, listening.ended]);
  const spans = await toneTimeline(mine, tones);
  expect(heard(spans)).toEqual(journey);
  // Asterisk has read its classes of music again meanwhile.
  const others = await toneTimeline(record, tones);
  const [first, last] = [others.find(({ hz }) => hz === musicTone), others.findLast(({ hz }) => hz === musicTone)];
  expect(heard(others)).toEqual([musicTone]);
  expect(longestGapMs(others, musicTone, first?.fromMs ?? 0, last?.toMs ?? 0)).toBeLessThan(200);
}, 90_000);

test('other music is heard at once by who waits, in the middle of the former', async () => {
  const [before, after] = await Promise.all(
    [own.music, own.repeated].map((hz) => world.sound('music', { any: { hz, seconds: 20 } }))
  );
  const queue = await world.queue({ music: before });
  const record = join(folder, 'changed.wav');
  const call = await world.call(queue, { record });
  await untilHeard(call.recording, own.music);
  await world.change(queue, { music: after });
  await untilHeard(call.recording, own.repeated, { leastMs: 1_000 });
  await call.hangUp();
  await call.ended;
  expect(heard(await toneTimeline(record, tones))).toEqual([own.music, own.repeated]);
});

test('where its music is gone from the PBX, a queue has the product’s: never silence', async () => {
  const music = await world.sound('music', { any: { hz: own.music, seconds: 2 } });
  const queue = await world.queue({
    first: { media: 'first', mustBeHeard: false },
    music
  });
  await world.loseMusic(music);
  const record = join(folder, 'gone.wav');
  const call = await world.call(queue, { record });
  await world.fact('announced', ({ announcement }) => announcement === 'first');
  await untilHeard(call.recording, musicTone);
  await call.hangUp();
  await call.ended;
  expect(heard(await toneTimeline(record, tones))).toEqual([800, musicTone]);
});
