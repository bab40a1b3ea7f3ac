import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#lib/server/auth/index.ts';
import { withOrganization } from '#lib/server/db/index.ts';
import {
  createOperations,
  createQueue,
  importSound,
  removeSound,
  renameSound,
  restoreQueue,
  restoreSound,
  updateQueue
} from '#lib/server/operations/index.ts';
import { listSounds, readSoundFile } from '#lib/server/operations/sounds.ts';
import { mediaOf, mostMs } from '#lib/sounds.ts';
import { writeWav } from '#lib/wav.ts';
import { must, openFixture, unique, type Fixture } from './db-fixture.ts';

/** An organization's own announcements and music (P5–P7, P25). */
let fixture: Fixture;
let administrator: Actor;
let stranger: Actor;
beforeAll(async () => {
  fixture = await openFixture();
  [administrator, stranger] = await Promise.all([fixture.organization(), fixture.organization()]);
});
afterAll(() => fixture.close());

const wav = (seconds = 1) => writeWav(new Float32Array(seconds * 8_000).fill(0.1));
const run = () => fixture.operations;
const announcement = (actor = administrator) =>
  must(
    run().run(importSound, actor, {
      name: unique(),
      kind: 'announcement',
      files: [
        { language: 'sv', content: wav(1) },
        { language: 'en', content: wav(2) }
      ]
    })
  );
const music = (actor = administrator, name = unique()) =>
  must(run().run(importSound, actor, { name, kind: 'music', files: [{ language: 'any', content: wav() }] }));
const queue = () => must(run().run(createQueue, administrator, { name: unique(), kind: 'plus' }));
const listed = (actor = administrator) =>
  withOrganization(fixture.web.db, actor.organizationId, (tx) => listSounds(tx, actor.organizationId));
const file = (soundId: string, language: 'sv' | 'en' | 'any', actor = administrator) =>
  withOrganization(fixture.web.db, actor.organizationId, (tx) =>
    readSoundFile(tx, actor.organizationId, soundId, language)
  );

test('an import is listed with its lengths, and read in its language or the one there is', async () => {
  const made = await announcement();
  expect((await listed()).find((one) => one.id === made.id)?.files).toEqual([
    { language: 'en', ms: 2_000 },
    { language: 'sv', ms: 1_000 }
  ]);
  expect((await file(made.id, 'en'))?.length).toBe(44 + 32_000);
  const only = await music();
  expect(await file(only.id, 'sv')).toEqual(wav());
});

test('what callers could not be played is refused at its file', async () => {
  const ask = (
    files: { language: 'sv' | 'en' | 'any'; content: Uint8Array<ArrayBuffer> }[],
    kind: 'announcement' | 'music'
  ) => run().run(importSound, administrator, { name: unique(), kind, files });
  const mp3 = new Uint8Array(100).fill(0xff);
  expect(
    await ask(
      [
        { language: 'sv', content: wav() },
        { language: 'en', content: mp3 }
      ],
      'announcement'
    )
  ).toEqual({
    ok: false,
    code: 'not-a-wav',
    field: 'en'
  });
  const long = wav(mostMs.announcement / 1_000 + 1);
  expect(await ask([{ language: 'sv', content: long }], 'announcement')).toMatchObject({
    code: 'sound-too-long',
    field: 'sv',
    detail: '5'
  });
  expect(await ask([{ language: 'any', content: wav() }], 'announcement')).toMatchObject({ code: 'bad-input' });
  expect(await ask([{ language: 'sv', content: wav() }], 'music')).toMatchObject({ code: 'bad-input' });
  const twice = { language: 'sv' as const, content: wav() };
  expect(await ask([twice, twice], 'announcement')).toMatchObject({ code: 'bad-input', field: 'sv' });
  expect(await ask([], 'announcement')).toMatchObject({ code: 'bad-input', field: 'files' });
  const { length } = await listed();
  expect(length).toBeGreaterThan(0);
  const name = (await listed())[0]?.name ?? '';
  const again = { name, kind: 'music' as const, files: [{ language: 'any' as const, content: wav() }] };
  expect(await run().run(importSound, administrator, again)).toMatchObject({ code: 'name-taken', field: 'name' });
  expect(await listed()).toHaveLength(length);
});

test('a queue plays its organization’s own, of the right kind; nobody else’s', async () => {
  const { id: queueId } = await queue();
  const [said, played, theirs] = [await announcement(), await music(), await announcement(stranger)];
  const welcome = (soundId: string) => ({ media: mediaOf(soundId), mustBeHeard: true });
  const change = (settings: object) => run().run(updateQueue, administrator, { id: queueId, ...settings });
  expect(await change({ welcome: welcome(theirs.id) })).toMatchObject({ code: 'sound-unknown', field: 'welcome' });
  expect(await change({ welcome: welcome(played.id) })).toMatchObject({ code: 'sound-unknown', field: 'welcome' });
  expect(await change({ music: said.id })).toMatchObject({ code: 'sound-unknown', field: 'music' });
  expect(await change({ closedBy: { holiday: welcome(theirs.id) } })).toMatchObject({ code: 'sound-unknown' });
  await must(change({ welcome: welcome(said.id), closedBy: { holiday: welcome(said.id) }, music: played.id }));
  const shown = (await listed()).filter(({ queues }) => queues.length > 0);
  expect(shown.map((one) => one.id).toSorted()).toEqual([said.id, played.id].toSorted());
  expect(await file(said.id, 'sv', stranger)).toBeNull();
  expect((await listed(stranger)).map((one) => one.id)).toEqual([theirs.id]);
  expect(await run().run(removeSound, stranger, { id: said.id })).toMatchObject({ code: 'not-found' });
});

test('one that is played cannot be removed; one that was removed can be had back, and no undo plays it meanwhile', async () => {
  const { id: queueId } = await queue();
  const said = await announcement();
  const setting = { id: queueId, welcome: { media: mediaOf(said.id), mustBeHeard: false } };
  const { version } = await must(run().run(updateQueue, administrator, setting));
  const refused = await run().run(removeSound, administrator, { id: said.id });
  expect(refused).toMatchObject({ ok: false, code: 'sound-in-use' });
  await must(run().run(updateQueue, administrator, { id: queueId, welcome: null }));
  await must(run().run(removeSound, administrator, { id: said.id }));
  expect((await listed()).some((one) => one.id === said.id)).toBe(false);
  expect(await run().run(restoreQueue, administrator, { id: queueId, version })).toMatchObject({
    code: 'sound-unknown',
    field: 'welcome'
  });
  expect(await run().run(renameSound, administrator, { id: said.id, name: 'x' })).toMatchObject({ code: 'not-found' });
  await must(run().run(restoreSound, administrator, { id: said.id }));
  await must(run().run(restoreQueue, administrator, { id: queueId, version }));
  expect((await listed()).find((one) => one.id === said.id)?.queues).toHaveLength(1);
});

test('what was removed long ago goes at the next import', async () => {
  const old = await music();
  await must(run().run(removeSound, administrator, { id: old.id }));
  const soon = Date.now() + 29 * 86_400_000;
  const later = (nowMs: number) =>
    must(
      createOperations({ db: fixture.web.db, nowMs: () => nowMs }).run(importSound, administrator, {
        name: unique(),
        kind: 'music',
        files: [{ language: 'any', content: wav() }]
      })
    );
  await later(soon);
  expect(await file(old.id, 'any')).not.toBeNull();
  await later(soon + 2 * 86_400_000);
  expect(await file(old.id, 'any')).toBeNull();
  expect(await run().run(restoreSound, administrator, { id: old.id })).toMatchObject({ code: 'not-found' });
});

test('agents and supervisors import nothing', async () => {
  for (const role of ['agent', 'supervisor'] as const) {
    const input = { name: unique(), kind: 'music' as const, files: [{ language: 'any' as const, content: wav() }] };
    expect(await run().run(importSound, { ...administrator, role }, input)).toMatchObject({ code: 'forbidden' });
  }
});
