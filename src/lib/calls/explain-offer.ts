import type { Fact, OfferWhy } from '#lib/acd/facts.ts';
import { locales } from '#lib/i18n/language.ts';
import type { Part } from './say.ts';
import {
  bySetting,
  known,
  told,
  word,
  type Explanation,
  type OfferOrder,
  type Speaker,
  type Words
} from './speaker.ts';

type Offered = Extract<Fact, { type: 'offered' }>;
type Rank = NonNullable<OfferWhy['order']>[number];

/** Why this agent, before whom, and who was passed over (B3). */
export function explainOffer(fact: Offered, speaker: Speaker): Explanation {
  const { t, agent, clock } = speaker;
  const { why } = fact;
  const skipped = why.skipped ?? [];
  const more: Part[][] = [];
  if (why.order) more.push([t.decided[decidedBy(why.order, why)]]);
  for (const { agentId, untilMs } of skipped)
    more.push(untilMs > fact.atMs ? t.heldOff(agent(agentId), clock(untilMs)) : t.putLast(agent(agentId)));
  if (why.ringing && why.ringing.of > 1) more.push(t.nth(why.ringing.nth, why.ringing.of));
  if (why.needs && why.needs.length > 0) more.push(t.needs(speaker.needs(why.needs)));
  more.push(t.place(why.place), [known(t.triggers, why.trigger) ?? t.trigger(why.trigger)]);
  more.push(t.ruleOf(speaker.queue(fact.queueId), word(t.rules, why.rule, speaker)));
  const explanation = { ...told(t.offered(agent(fact.agentId)), more), order: orderOf(why, fact.atMs, speaker) };
  return bySetting(explanation, speaker, 'distribution', fact.queueId);
}

/** The first thing in which the one who was offered the call differs from the next in order; as the matcher compares. */
export function decidedBy(order: Rank[], why: Pick<OfferWhy, 'skipped' | 'free'>): keyof Words['decided'] {
  const [first, next] = order;
  const again = new Set((why.skipped ?? []).map(({ agentId }) => agentId));
  if (!first || !next) return (why.free ?? 1) > 1 ? 'only-left' : 'only';
  if (!again.has(first.agentId) && again.has(next.agentId)) return 'fresh';
  if (first.demoted !== next.demoted) return 'demoted';
  if (first.tier !== next.tier) return 'tier';
  if (first.skill !== next.skill) return 'skill';
  if (first.load !== next.load) return 'load';
  return first.idleSinceMs === next.idleSinceMs ? 'tie' : 'idle';
}

function orderOf(why: OfferWhy, atMs: number, speaker: Speaker): OfferOrder | null {
  const { t, clock, language } = speaker;
  const { order } = why;
  if (!order) return null;
  const again = new Set((why.skipped ?? []).map(({ agentId }) => agentId));
  const differs = (key: 'tier' | 'skill') => order.some((rank) => rank[key] !== order[0]?.[key]);
  // Thousandths of a call per hour, as `fair` counts them.
  const calls = new Intl.NumberFormat(locales[language], { maximumFractionDigits: 1 });
  const agents = order.map((rank) => {
    const because = [t.idleSince(clock(rank.idleSinceMs))];
    if (why.rule === 'fair') because.unshift(t.load(calls.format(rank.load / 1_000)));
    if (differs('skill')) because.unshift(t.skillSum(rank.skill));
    if (differs('tier')) because.unshift(t.tier(rank.tier));
    if (rank.demoted) because.push(t.demoted);
    if (again.has(rank.agentId)) because.push(t.again);
    return { agent: speaker.agent(rank.agentId), because };
  });
  // Those held off are free too, and stand in `skipped` with a time to come.
  const heldOff = (why.skipped ?? []).filter(({ untilMs }) => untilMs > atMs).length;
  return { agents, others: Math.max(0, (why.free ?? order.length) - order.length - heldOff) };
}
