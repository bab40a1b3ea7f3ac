import { expect, test } from 'vitest';
import { plainOrganization } from '#lib/simulation/values.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { queueFigures } from '#lib/acd/figures.ts';
import { id } from '#lib/acd/ids.ts';
import { createDay, foldDay, turnDay } from './day.ts';

const organizationId = id.organization('org');
const [queueId, callId] = [id.queue('q'), id.call('c')];
const at = (text: string) => Temporal.ZonedDateTime.from(text).epochMilliseconds;
const entered = (atMs: number, visit: string): Fact => ({
  v: 1,
  atMs,
  organizationId,
  type: 'visit-entered',
  visitId: id.visit(visit),
  callId,
  queueId,
  caller: null,
  withheld: true,
  queuedAtMs: atMs,
  creditSeconds: 0,
  strict: false,
  because: 'call'
});
const answered = (atMs: number, visit: string): Fact => ({
  v: 1,
  atMs,
  organizationId,
  type: 'visit-ended',
  visitId: id.visit(visit),
  callId,
  queueId,
  outcome: 'answered',
  waitedMs: 1_000,
  agentId: null
});

test('who waits over midnight counts in the new day, whether a fact or the clock turns it', () => {
  const before = at('2026-03-28T23:59:58+01:00[Europe/Stockholm]');
  for (const clock of [true, false]) {
    const day = createDay('Europe/Stockholm', before);
    foldDay(day, entered(before, 'v1'));
    foldDay(day, answered(before, 'v1'));
    foldDay(day, entered(before, 'v2'));
    if (clock) turnDay(day, before + 2_000);
    foldDay(day, answered(before + 3_000, 'v2'));
    expect(queueFigures(day.figures, queueId)).toMatchObject({ entered: 1, answered: 1 });
    // 23 hours long: the clocks go forward.
    expect(day.endMs - day.startMs).toBe(23 * 3_600_000);
  }
});

test('a day ends by its own zone, also when that is changed in the middle of it', () => {
  const noon = at('2026-06-01T12:00:00+02:00[Europe/Stockholm]');
  const day = createDay('UTC', noon);
  foldDay(day, entered(noon, 'v1'));
  foldDay(day, answered(noon, 'v1'));
  const value = plainOrganization({ id: organizationId });
  foldDay(day, {
    v: 1,
    atMs: noon,
    organizationId,
    type: 'configured',
    entity: 'organization',
    id: organizationId,
    version: 2,
    removed: false,
    name: 'Org',
    value: { ...value, timeZone: 'Europe/Stockholm' }
  });
  expect(queueFigures(day.figures, queueId).answered).toBe(1);
  turnDay(day, at('2026-06-01T23:59:59+02:00[Europe/Stockholm]'));
  expect(queueFigures(day.figures, queueId).answered).toBe(1);
  turnDay(day, at('2026-06-02T00:00:00+02:00[Europe/Stockholm]'));
  expect(queueFigures(day.figures, queueId).answered).toBe(0);
});
