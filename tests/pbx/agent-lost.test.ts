import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allTones, announcementTones, musicTone } from '../support/sounds.ts';
import { heard, toneTimeline, untilHeard } from '../support/tones.ts';
import { createWorld, type World } from '../support/world.ts';

/** An agent's leg whose audio stops, as of a closed laptop: Asterisk ends it after 5 s, and the caller must not be left in silence. */
let world: World;
let folder: string;

beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), 'vaxel-lost-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

test('the caller hears the whole announcement and then music, several at once', async () => {
  const lost = await Promise.all(
    ['Ett', 'Två', 'Tre', 'Fyra'].map(async (name) => {
      const queue = await world.queue({ ringSeconds: 60 });
      const agent = await world.agent(`Tyst ${name}`, [queue]);
      const phone = await agent.start();
      const record = join(folder, `${name}.wav`);
      const call = await world.call(queue, { record });
      const invitation = await phone.invitation();
      await invitation.answer();
      const talk = await world.fact('talk-ended', ({ agentId }) => agentId === agent.userId, 15_000);
      expect(talk.lost).toBe(true);
      const told = await world.fact('announced', ({ callId }) => callId === talk.callId, 5_000);
      await untilHeard(call.recording, musicTone);
      await call.hangUp();
      await call.ended;
      return { spans: await toneTimeline(record, allTones), announcedAfterMs: told.atMs - talk.atMs };
    })
  );
  for (const { spans, announcedAfterMs } of lost) {
    const { hz, seconds } = announcementTones.reconnecting ?? { hz: 0, seconds: 0 };
    const told = spans.filter((span) => span.hz === hz);
    expect(announcedAfterMs).toBeGreaterThan(seconds * 900);
    expect(told.reduce((sum, span) => sum + span.toMs - span.fromMs, 0)).toBeGreaterThan(seconds * 800);
    expect(heard(spans).at(-1)).toBe(musicTone);
  }
});
