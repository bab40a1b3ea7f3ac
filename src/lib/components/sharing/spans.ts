import { bothNeeds, stepAt } from '#lib/acd/needs.ts';
import type { NeedStep, SkillNeed } from '#lib/acd/configuration.ts';
import type { SkillId } from '#lib/acd/ids.ts';

/** `NeedStep` as a form's values: the form library tells lists of records from leaves by type aliases, not interfaces. */
export type StepValues = { afterSeconds: number; skills: { skillId: SkillId; level: number }[] };

/** A skill to choose, as pages list it. */
export interface SkillChoice {
  id: string;
  name: string;
}

/** Whoever answers in a queue, as far as skills go. */
export interface SkilledMember {
  suspended: string | null;
  skills: { skillId: string; level: number }[];
}

/** A stretch of waiting time with the same needs. */
export interface Span {
  fromSeconds: number;
  /** null: from then on. */
  untilSeconds: number | null;
  skills: SkillNeed[];
  /** So many of the members know enough. */
  able: number;
}

/**
 * What a call needs as it waits, by the engine's own rules, and how many could get it. `lists` all hold at once: a
 * queue's needs, and a number's beside them. Takes lists that are being edited: steps in any order, fields left empty.
 */
export function spansOf(lists: NeedStep[][], members: SkilledMember[]): Span[] {
  const filled = lists.map((steps) =>
    steps.filter((step) => Number.isFinite(step.afterSeconds)).toSorted((a, b) => a.afterSeconds - b.afterSeconds)
  );
  const times = new Set([0, ...filled.flat().map((step) => step.afterSeconds)]);
  const ordered = [...times].toSorted((a, b) => a - b);
  const present = takingPart(members);
  return ordered.map((fromSeconds, at) => {
    const skills = filled.map((steps) => stepAt(steps, fromSeconds * 1_000).skills).reduce(bothNeeds, []);
    const able = present.filter((member) => knowsEnough(member, skills)).length;
    return { fromSeconds, untilSeconds: ordered[at + 1] ?? null, skills, able };
  });
}

/** Those the engine knows: a member whose plan does not cover the queue is not rung. */
export function takingPart<Member extends SkilledMember>(members: Member[]): Member[] {
  return members.filter((member) => member.suspended === null);
}

function knowsEnough(member: SkilledMember, needs: SkillNeed[]): boolean {
  return needs.every((need) =>
    member.skills.some((skill) => skill.skillId === need.skillId && skill.level >= need.level)
  );
}
