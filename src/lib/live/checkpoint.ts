import type { Fact } from '#lib/acd/facts.ts';
import { createDay, foldDay } from './day.ts';
import { foldLive } from './fold.ts';
import type { Day, Live } from './live-state.ts';
import { emptyLive } from './project.ts';

/** All that views show of one organization, made of its facts alone: kept in history as checkpoints of the fold. */
export interface View {
  live: Live;
  day: Day;
}

/**
 * Counts the shape of what is saved: an older one is made anew from facts. Of an organization that is older than what is
 * kept (`history/retention.ts`) the first of them are gone: with a new shape must come a way up from the one before.
 */
const version = 1;

export function createView(timeZone: string, atMs: number): View {
  return { live: emptyLive(), day: createDay(timeZone, atMs) };
}

/** Takes one fact of the organization in. */
export function foldView(view: View, fact: Fact): void {
  foldLive(view.live, fact);
  foldDay(view.day, fact);
}

/** JSON of the whole view, of text that Postgres takes: no zero byte and no half of a pair, whatever people have written. */
export function saveView(view: View): string {
  return JSON.stringify({ v: version, view }, (_, value: unknown) => {
    if (value instanceof Map) return { map: [...value] };
    if (value instanceof Set) return { set: [...value] };
    return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value;
  });
}

/** What `saveView` has written; null when it is of another shape than this code's. */
export function loadView(json: string): View | null {
  const saved = JSON.parse(json, (_, value: unknown) => {
    if (isBox(value, 'map')) return new Map(value.map as [unknown, unknown][]);
    if (isBox(value, 'set')) return new Set(value.set as unknown[]);
    return value;
  }) as { v: number; view: View };
  if (saved.v !== version) return null;
  // What was saved before these were told: nothing of them was.
  return { ...saved.view, live: { ...emptyLive(), ...saved.view.live } };
}

/** Made by `saveView` of a collection: nothing else in a view has that one key and no other. */
function isBox(value: unknown, key: 'map' | 'set'): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === key;
}
