import { partForm } from '#lib/components/shell/part-form.ts';
import { weekFormDays } from '#lib/forms/week.ts';
import type { ScheduleRule } from '#lib/hours/schedule.ts';

/** The schedule's name, zone and plain week while they are edited: in fields, and in the drawn week. */
export function weekPartForm(
  { id, name, timeZone, rules }: { id: string; name: string; timeZone: string; rules: ScheduleRule[] },
  saved: (message: App.Superforms.Message) => void
) {
  return partForm({ name, timeZone, days: weekFormDays(rules) }, `week-${id}`, saved, { nested: true });
}

export type WeekPartForm = ReturnType<typeof weekPartForm>;
