import { z } from 'zod';
import type { SoundKind } from '#lib/sounds.ts';
import { textField } from './fields.ts';

export const soundKinds = ['announcement', 'music'] as const satisfies readonly SoundKind[];

/** P25: what an import says beside its files. */
export const soundForm = z.object({ name: textField(60), kind: z.enum(soundKinds, 'required') });

/** Files by the field they come in: an announcement by language, music whatever the language. */
export const soundFields: Record<SoundKind, readonly ('sv' | 'en' | 'any')[]> = {
  announcement: ['sv', 'en'],
  music: ['any']
};
