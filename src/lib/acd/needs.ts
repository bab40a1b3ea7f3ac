import type { NeedStep, SkillNeed } from './configuration.ts';
import { configured } from './indexes.ts';
import { needsKey } from './pools.ts';
import { compareText } from './sorted.ts';
import type { Call, Visit } from './state.ts';
import { putVisit, schedule, tell, toMatch, unschedule } from './turn.ts';
import type { Turn } from './turn.ts';

/** What a step list asks at a time of waiting, and when it asks something else (null: never again). */
export function stepAt(steps: NeedStep[], waitedMs: number): { skills: SkillNeed[]; nextMs: number | null } {
  const at = steps.findLastIndex((step) => step.afterSeconds * 1_000 <= waitedMs);
  const next = steps[at + 1];
  return { skills: steps[at]?.skills ?? [], nextMs: next ? next.afterSeconds * 1_000 : null };
}

/** Both lists hold: of a skill that both name, the higher level. In order of skill. */
export function bothNeeds(one: SkillNeed[], other: SkillNeed[]): SkillNeed[] {
  const levels = new Map(one.map(({ skillId, level }) => [skillId, level]));
  for (const { skillId, level } of other) levels.set(skillId, Math.max(level, levels.get(skillId) ?? 0));
  return [...levels]
    .map(([skillId, level]) => ({ skillId, level }))
    .toSorted((a, b) => compareText(a.skillId, b.skillId));
}

/**
 * P15: brings a visit's needs up to this time of waiting, by its queue's and its number's steps, and sets the deadline of
 * the next step. Told when they differ from before.
 */
export function refreshNeeds(turn: Turn, visit: Visit): void {
  const call = turn.state.call.get(visit.callId);
  const waitedMs = turn.nowMs - visit.needsSinceMs;
  const queue = stepAt(configured(turn.state, 'queue', visit.queueId)?.needs ?? [], waitedMs);
  const number = stepAt(numberOf(turn, call)?.needs ?? [], waitedMs);
  const needs = bothNeeds(queue.skills, number.skills);
  const nexts = [queue.nextMs, number.nextMs].filter((ms) => ms !== null);
  if (nexts.length > 0) schedule(turn, `needs:${visit.id}`, visit.needsSinceMs + Math.min(...nexts));
  else unschedule(turn, `needs:${visit.id}`);
  if (needsKey(needs) === needsKey(visit.needs)) return;
  visit.needs = needs;
  putVisit(turn, visit);
  toMatch(turn, visit.queueId, 'needs-relaxed');
  if (visit.offers.length === 0) turn.toExplain.set(visit.id, 'needs-relaxed');
  const { id: visitId, callId, queueId } = visit;
  tell(turn, visit.organizationId, { type: 'needs-changed', visitId, callId, queueId, needs, waitedMs });
}

function numberOf(turn: Turn, call: Call | undefined) {
  return call?.numberId ? configured(turn.state, 'number', call.numberId) : null;
}

/** A number's needs have changed: those who came by it wait in whatever queue it led to then. */
export function refreshNumber(turn: Turn, numberId: Call['numberId']): void {
  for (const visit of turn.state.visit.values())
    if (turn.state.call.get(visit.callId)?.numberId === numberId) refreshNeeds(turn, visit);
}

/** Settings of a queue have changed: those who wait there are looked at again. */
export function refreshWaiting(turn: Turn, queueId: Visit['queueId']): void {
  for (const { visitId } of turn.indexes.waiting.get(queueId)?.items.slice() ?? []) {
    const visit = turn.state.visit.get(visitId);
    if (!visit) continue;
    refreshNeeds(turn, visit);
    // How many it may ring at once may be another now.
    putVisit(turn, visit);
  }
  toMatch(turn, queueId, 'configuration');
}
