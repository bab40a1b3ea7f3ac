import { formDaysOf, intervalsOf, type WeekFormDay } from '#lib/forms/week.ts';
import { added, changed, drawn, replaced, sameOn, sharing, type Part, type Place } from '#lib/hours/week-edit.ts';
import type { RuleInterval } from '#lib/hours/schedule.ts';

/** What the pointer is doing; `interval` is what would come of it. */
export type Drag =
  | { type: 'change'; place: Place; part: Part; interval: RuleInterval }
  | { type: 'draw'; day: number; startMinute: number; interval: RuleInterval | null };

/** More steps back than anybody takes. */
const mostUndone = 50;

/**
 * The week while it is being drawn on: what is dragged, and what was before. It changes the form's days; nothing is
 * saved here.
 */
export function createWeekDraft(read: () => WeekFormDay[], write: (days: WeekFormDay[]) => void) {
  const week = $derived(intervalsOf(read()));
  let drag = $state.raw<Drag | null>(null);
  let before = $state.raw<WeekFormDay[][]>([]);
  /** The day changed last, and the other days of the rule that it was part of. */
  let touched = $state.raw<{ day: number; others: number[] } | null>(null);

  function put(next: RuleInterval[][], day: number): void {
    if (!week) return;
    if (touched?.day !== day) touched = { day, others: sharing(week, day) };
    before = [...before, read()].slice(-mostUndone);
    write(formDaysOf(next));
  }

  return {
    /** null: the form has a time that is not written out. */
    get week() {
      return week;
    },
    get drag() {
      return drag;
    },
    get canUndo() {
      return before.length > 0;
    },
    /** Days that had the same hours as the one changed last, and have not now. */
    get others() {
      if (!week || !touched) return [];
      const { day, others } = touched;
      return others.filter((other) => JSON.stringify(week[other]) !== JSON.stringify(week[day]));
    },
    /** @returns what it became; null: nothing changed */
    change(place: Place, part: Part, byMinutes: number): RuleInterval | null {
      const interval = week && changed(week, place, part, byMinutes, true);
      const own = week?.[place.day]?.[place.index];
      if (!week || !interval || !own || same(interval, own)) return null;
      put(replaced(week, place, interval), place.day);
      return interval;
    },
    remove(place: Place): void {
      if (week) put(replaced(week, place, null), place.day);
    },
    add(day: number, interval: RuleInterval): void {
      if (week) put(added(week, day, interval), day);
    },
    /** The other days of the rule get what the one changed last has. */
    changeOthers(): void {
      if (week && touched) put(sameOn(week, touched.day, touched.others), touched.day);
    },
    undo(): void {
      const last = before.at(-1);
      if (!last) return;
      before = before.slice(0, -1);
      touched = null;
      write(last);
    },
    /** The form was saved: what was before is no step back any more, and no rule is split any more. */
    settle(): void {
      before = [];
      touched = null;
    },
    hold(place: Place, part: Part): void {
      const interval = week?.[place.day]?.[place.index];
      if (interval) drag = { type: 'change', place, part, interval };
    },
    draw(day: number, startMinute: number): void {
      drag = { type: 'draw', day, startMinute, interval: null };
    },
    /** @param minutes of a change: since it was taken hold of; of a new one: on the day's clock */
    dragTo(minutes: number): void {
      if (!week || !drag) return;
      if (drag.type === 'draw') {
        drag = { ...drag, interval: drawn(week, drag.day, drag.startMinute, minutes) };
        return;
      }
      const interval = changed(week, drag.place, drag.part, minutes, false);
      if (interval) drag = { ...drag, interval };
    },
    giveUp(): void {
      drag = null;
    },
    /** @returns what was dropped where; null: nothing changed */
    drop(): { day: number; interval: RuleInterval } | null {
      const dropped = drag;
      drag = null;
      if (!week || !dropped?.interval) return null;
      const { interval } = dropped;
      if (dropped.type === 'draw') {
        put(added(week, dropped.day, interval), dropped.day);
        return { day: dropped.day, interval };
      }
      const { place } = dropped;
      const own = week[place.day]?.[place.index];
      if (!own || same(own, interval)) return null;
      put(replaced(week, place, interval), place.day);
      return { day: place.day, interval };
    }
  };
}

export type WeekDraft = ReturnType<typeof createWeekDraft>;

const same = (a: RuleInterval, b: RuleInterval) => a.fromMinute === b.fromMinute && a.toMinute === b.toMinute;
