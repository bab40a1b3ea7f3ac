import type { SkillNeed } from '#lib/acd/configuration.ts';
import type { Fact } from '#lib/acd/facts.ts';

/** Whose names the sentences of these facts need. */
export function idsIn(facts: Iterable<Fact>): { agent: Set<string>; queue: Set<string>; skill: Set<string> } {
  const ids = { agent: new Set<string>(), queue: new Set<string>(), skill: new Set<string>() };
  const needs = (some: SkillNeed[] | undefined) => some?.forEach(({ skillId }) => ids.skill.add(skillId));
  for (const fact of facts) {
    if ('agentId' in fact && fact.agentId !== null) ids.agent.add(fact.agentId);
    if ('queueId' in fact && fact.queueId !== null) ids.queue.add(fact.queueId);
    if ('toQueueId' in fact) ids.queue.add(fact.toQueueId);
    if ('needs' in fact) needs(fact.needs);
    if (fact.type === 'waits') for (const agentId of fact.heldOff) ids.agent.add(agentId);
    if (fact.type !== 'offered') continue;
    needs(fact.why.needs);
    for (const { agentId } of [...(fact.why.order ?? []), ...(fact.why.skipped ?? [])]) ids.agent.add(agentId);
  }
  return ids;
}
