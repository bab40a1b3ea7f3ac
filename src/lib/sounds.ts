import type { Language } from '#lib/acd/configuration.ts';
import { id, type OrganizationId, type SoundId } from '#lib/acd/ids.ts';

/** P25: what an organization has recorded or imported. `any`: music, which has no language. */
export type SoundKind = 'announcement' | 'music';
export type SoundLanguage = Language | 'any';

/** As the worker gets it; the content is read from `sound_file`, by id and language, and never changes. */
export interface SoundValue {
  type: 'sound';
  id: SoundId;
  organizationId: OrganizationId;
  name: string;
  kind: SoundKind;
  files: { language: SoundLanguage; ms: number }[];
}

const own = 'own-';
/** The name under which `play` and a queue's settings know an own announcement. */
export const mediaOf = (soundId: string) => own + soundId;
/** Whose it is; null: one that comes with the product. */
export const soundOf = (media: string): SoundId | null =>
  media.startsWith(own) ? id.sound(media.slice(own.length)) : null;

/** Longest that is taken, in ms; the engine waits longer for the end of an announcement (`ownPlayLimitMs`). */
export const mostMs: Record<SoundKind, number> = { announcement: 300_000, music: 600_000 };
/** So many of an organization's own, removed ones that can still be had back included. */
export const mostSounds = 300;
