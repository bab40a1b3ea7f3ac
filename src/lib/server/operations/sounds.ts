import { and, asc, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { idField, textField } from '#lib/forms/fields.ts';
import { soundFields, soundForm } from '#lib/forms/sounds.ts';
import type { Language, QueueValue } from '#lib/acd/configuration.ts';
import { id as ids } from '#lib/acd/ids.ts';
import {
  mediaOf,
  mostMs,
  mostSounds,
  soundOf,
  type SoundKind,
  type SoundLanguage,
  type SoundValue
} from '#lib/sounds.ts';
import { newId, schema, type Transaction } from '#lib/server/db/index.ts';
import type { Sound } from '#lib/server/sounds.ts';
import { readWav } from '#lib/wav.ts';
import { defineOperation, type OperationContext } from './define.ts';
import { OperationError } from './error.ts';

/** For so long a removed one can be had back; the organization's next import clears away those of before. */
const keptMs = 30 * 86_400_000;

type SoundRow = typeof schema.sound.$inferSelect;

/**
 * P25: an announcement in one or both languages, or music. What comes is what callers will hear: wav of 8 kHz, 16 bits, one
 * channel; a refusal names the file by its language (`sv`, `en`, `any`).
 */
export const importSound = defineOperation({
  name: 'sound.import',
  permission: 'sound.write',
  input: soundForm.extend({
    files: z
      .array(z.object({ language: z.enum(['sv', 'en', 'any']), content: z.instanceof(Uint8Array) }))
      .min(1, 'required')
      .max(2, 'too-many:2')
  }),
  async run(context, { name, kind, files }) {
    const { tx, organizationId, nowMs, write } = context;
    const { sound, soundFile } = schema;
    const known = new Set<SoundLanguage>();
    const checked = files.map(({ language, content }) => {
      if (!soundFields[kind].includes(language) || known.has(language)) throw new OperationError('bad-input', language);
      known.add(language);
      const read = readWav(content);
      if ('code' in read) throw new OperationError(read.code, language);
      if (read.ms > mostMs[kind]) throw new OperationError('sound-too-long', language, String(mostMs[kind] / 60_000));
      return { language, ms: read.ms, content: Buffer.from(content) };
    });
    await tx
      .delete(sound)
      .where(and(eq(sound.organizationId, organizationId), lt(sound.removedAt, new Date(nowMs - keptMs))));
    const counted = await tx.$count(sound, eq(sound.organizationId, organizationId));
    if (counted >= mostSounds) throw new OperationError('too-many-sounds', null, String(mostSounds));
    const [row] = await tx.insert(sound).values({ id: newId(), organizationId, name, kind }).returning();
    if (!row) throw new OperationError('not-found');
    await tx.insert(soundFile).values(checked.map((file) => ({ organizationId, soundId: row.id, ...file })));
    await write({ entity: 'sound', id: row.id, version: row.version, value: soundValue(row, checked) });
    return { id: row.id, version: row.version };
  }
});

export const renameSound = defineOperation({
  name: 'sound.rename',
  permission: 'sound.write',
  input: z.object({ id: idField, name: textField(60) }),
  async run(context, { id, name }) {
    const row = await readOne(context, id);
    return save(context, { ...row, name });
  }
});

/** Refused while queues play it, with their names. Can be had back (`sound.restore`). */
export const removeSound = defineOperation({
  name: 'sound.remove',
  permission: 'sound.write',
  input: z.object({ id: idField }),
  async run(context, { id }) {
    const row = await readOne(context, id);
    const playing = (await soundsByQueue(context.tx, context.organizationId)).filter(({ sounds }) =>
      sounds.some((one) => one === id)
    );
    if (playing.length > 0) {
      const named = playing.slice(0, 5).map(({ name }) => name);
      throw new OperationError('sound-in-use', null, [...named, ...(playing.length > 5 ? ['…'] : [])].join(', '));
    }
    return save(context, { ...row, removedAt: new Date(context.nowMs) });
  }
});

/** Undo of a removal. */
export const restoreSound = defineOperation({
  name: 'sound.restore',
  permission: 'sound.write',
  input: z.object({ id: idField }),
  async run(context, { id }) {
    const row = await readOne(context, id, true);
    return save(context, { ...row, removedAt: null });
  }
});

async function readOne(
  { tx, organizationId, expect }: OperationContext,
  id: string,
  removed = false
): Promise<SoundRow> {
  const { sound } = schema;
  const own = and(eq(sound.organizationId, organizationId), eq(sound.id, id));
  const state = removed ? isNotNull(sound.removedAt) : isNull(sound.removedAt);
  return expect((await tx.select().from(sound).where(and(own, state)).for('update'))[0]);
}

async function save({ tx, organizationId, write }: OperationContext, row: SoundRow) {
  const { sound, soundFile } = schema;
  const version = row.version + 1;
  const { name, removedAt } = row;
  await tx
    .update(sound)
    .set({ name, removedAt, version })
    .where(and(eq(sound.organizationId, organizationId), eq(sound.id, row.id)));
  const files = await tx
    .select({ language: soundFile.language, ms: soundFile.ms })
    .from(soundFile)
    .where(and(eq(soundFile.organizationId, organizationId), eq(soundFile.soundId, row.id)))
    .orderBy(asc(soundFile.language));
  await write({ entity: 'sound', id: row.id, version, value: removedAt === null ? soundValue(row, files) : null });
  return { id: row.id, version };
}

function soundValue(row: SoundRow, files: SoundValue['files']): SoundValue {
  return {
    type: 'sound',
    id: ids.sound(row.id),
    organizationId: ids.organization(row.organizationId),
    name: row.name,
    kind: row.kind,
    files: files.map(({ language, ms }) => ({ language, ms }))
  };
}

type Playing = Partial<
  Pick<QueueValue, 'welcome' | 'first' | 'repeated' | 'closed' | 'closedBy' | 'position' | 'waitingTime' | 'music'>
>;

/** The organization's own announcements that a queue's settings play, each with the setting that says so. */
function announcementsIn(settings: Playing): { field: string; soundId: string }[] {
  const { welcome, first, repeated, closed, closedBy, position, waitingTime } = settings;
  const all = Object.entries({ welcome, first, repeated, closed, position, waitingTime, ...closedBy });
  return all.flatMap(([field, setting]) => {
    const soundId = setting ? soundOf(setting.media) : null;
    return soundId === null ? [] : [{ field, soundId }];
  });
}

/**
 * Refuses sounds that are gone, another organization's or of the other kind. Keeps them from being removed until this
 * transaction has ended.
 */
export async function ownSounds(tx: Transaction, organizationId: string, settings: Playing): Promise<void> {
  const { sound } = schema;
  const wanted: { field: string; soundId: string; kind: SoundKind }[] = [
    ...announcementsIn(settings).map((one) => ({ ...one, kind: 'announcement' as const })),
    ...(settings.music ? [{ field: 'music', soundId: settings.music, kind: 'music' as const }] : [])
  ];
  if (wanted.length === 0) return;
  const rows = await tx
    .select({ id: sound.id, kind: sound.kind })
    .from(sound)
    .where(
      and(
        eq(sound.organizationId, organizationId),
        isNull(sound.removedAt),
        inArray(sound.id, [...new Set(wanted.map(({ soundId }) => soundId))])
      )
    )
    .orderBy(asc(sound.id))
    .for('share');
  for (const { field, soundId, kind } of wanted)
    if (!rows.some((row) => row.id === soundId && row.kind === kind)) throw new OperationError('sound-unknown', field);
}

/** What each queue plays of the organization's own. */
async function soundsByQueue(tx: Transaction, organizationId: string) {
  const rows = await tx
    .select()
    .from(schema.queue)
    .where(eq(schema.queue.organizationId, organizationId))
    .orderBy(asc(schema.queue.name));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    sounds: [...announcementsIn(row).map(({ soundId }) => soundId), ...(row.music ? [row.music as string] : [])]
  }));
}

export interface SoundShown {
  id: string;
  name: string;
  kind: SoundKind;
  version: number;
  files: SoundValue['files'];
  /** The queues that play it. */
  queues: { id: string; name: string }[];
}

/** Those that are not removed, by name. */
export async function listSounds(tx: Transaction, organizationId: string): Promise<SoundShown[]> {
  const { sound, soundFile } = schema;
  const rows = await tx
    .select({ id: sound.id, name: sound.name, kind: sound.kind, version: sound.version })
    .from(sound)
    .where(and(eq(sound.organizationId, organizationId), isNull(sound.removedAt)))
    .orderBy(asc(sql`lower(${sound.name})`));
  const files = await tx
    .select({ soundId: soundFile.soundId, language: soundFile.language, ms: soundFile.ms })
    .from(soundFile)
    .where(eq(soundFile.organizationId, organizationId))
    .orderBy(asc(soundFile.language));
  const queues = await soundsByQueue(tx, organizationId);
  return rows.map((row) => ({
    ...row,
    files: files.flatMap(({ soundId, language, ms }) => (soundId === row.id ? [{ language, ms }] : [])),
    queues: queues.flatMap(({ id, name, sounds }) => (sounds.includes(row.id) ? [{ id, name }] : []))
  }));
}

/** The wav of one in a language, or in the one it has; removed ones too, as moments that are past can be listened to. */
export async function readSoundFile(
  tx: Transaction,
  organizationId: string,
  soundId: string,
  language: SoundLanguage
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { soundFile } = schema;
  const rows = await tx
    .select({ content: soundFile.content })
    .from(soundFile)
    .where(and(eq(soundFile.organizationId, organizationId), eq(soundFile.soundId, soundId)))
    .orderBy(sql`${soundFile.language} <> ${language}`)
    .limit(1);
  return rows[0] ? new Uint8Array(rows[0].content) : null;
}

/** As `Sounds.all`, of the organization's own; removed ones too. Who calls in a language that one lacks hears the other. */
export async function ownAnnouncements(
  tx: Transaction,
  organizationId: string,
  language: Language
): Promise<Map<string, Sound>> {
  const { sound, soundFile } = schema;
  const rows = await tx
    .select({ id: sound.id, name: sound.name, ms: soundFile.ms })
    .from(sound)
    .innerJoin(soundFile, eq(soundFile.soundId, sound.id))
    .where(and(eq(sound.organizationId, organizationId), eq(sound.kind, 'announcement')))
    .orderBy(sql`${soundFile.language} = ${language}`);
  return new Map(rows.map(({ id, name, ms }) => [mediaOf(id), { ms, words: null, name }]));
}
