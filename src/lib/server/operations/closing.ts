import { eq } from 'drizzle-orm';
import type { ClosingSettings } from '#lib/acd/configuration.ts';
import { mayBegin } from '#lib/acd/outgoing.ts';
import { schema } from '#lib/server/db/index.ts';
import type { OperationContext } from './define.ts';
import { OperationError } from './error.ts';
import { toE164 } from './phone.ts';

/** Settings that hold a number to which callers may be sent on. */
const destinations = ['closedTo', 'situationTo', 'nobodyTo', 'unreachableTo'] as const;
/** E1: never reached by way of a queue. */
const emergency = new Set(['112', '911', '999']);

export const destinationsOf = (closing: ClosingSettings): string[] =>
  destinations.flatMap((field) => closing[field] ?? []);

type Tx = OperationContext['tx'];

/**
 * Closing settings as they are stored: numbers in E.164, each of them allowed (E7), and none that leads back here.
 *
 * @throws {OperationError} naming the field: `number-invalid`, `number-emergency`, `number-not-allowed`, `number-not-own`,
 *   `forward-loop` (its detail names the queues on the way), `reopen-below`
 */
export async function checkedClosing(
  { tx, organizationId }: Pick<OperationContext, 'tx' | 'organizationId'>,
  queueId: string,
  closing: ClosingSettings
): Promise<ClosingSettings> {
  const [organization] = await tx.select().from(schema.organization).where(eq(schema.organization.id, organizationId));
  if (!organization) throw new OperationError('not-found');
  const own = await ownNumbers(tx, organizationId);
  const checked = { ...closing };
  for (const field of destinations) {
    const typed = closing[field]?.trim();
    checked[field] = typed ? destination(typed, `closing.${field}`) : null;
  }
  const shown = closing.presentNumber?.trim();
  checked.presentNumber = shown ? toE164(shown, organization.country, 'closing.presentNumber') : null;
  if (checked.presentNumber !== null && !own.has(checked.presentNumber))
    throw new OperationError('number-not-own', 'closing.presentNumber');
  if (checked.waitingMost !== null && checked.reopenAt >= checked.waitingMost)
    throw new OperationError('reopen-below', 'closing.reopenAt');
  await refuseLoop(tx, organizationId, { queueId, closing: checked });
  return checked;

  function destination(typed: string, field: string): string {
    const digits = typed.replace(/[\s-]/g, '');
    if (emergency.has(digits.replace(/^0(?=112$)/, ''))) throw new OperationError('number-emergency', field);
    const number = /^\d{3,6}$/.test(digits) ? digits : toE164(typed, organization!.country, field);
    if (!own.has(number) && !mayBegin(organization!.outgoing, number))
      throw new OperationError('number-not-allowed', field, organization!.outgoing.allowed.join(', '));
    return number;
  }
}

/** The organization's numbers, and the queue each leads to. */
export async function ownNumbers(tx: Tx, organizationId: string): Promise<Map<string, string | null>> {
  const rows = await tx.select().from(schema.number).where(eq(schema.number.organizationId, organizationId));
  return new Map(rows.map(({ e164, queueId }) => [e164, queueId]));
}

/**
 * A queue that sends callers on to a number of its own organization sends them to that number's queue; round and round
 * when that one sends them back. Asked with what is about to change: a queue's settings, or the queue a number leads to.
 *
 * @throws {OperationError} `forward-loop`
 */
export async function refuseLoop(
  tx: Tx,
  organizationId: string,
  change: { queueId: string; closing: ClosingSettings } | { e164: string; leadsTo: string | null }
): Promise<void> {
  const own = await ownNumbers(tx, organizationId);
  if ('e164' in change) own.set(change.e164, change.leadsTo);
  const queues = await tx.select().from(schema.queue).where(eq(schema.queue.organizationId, organizationId));
  const names = new Map(queues.map(({ id, name }) => [id, name]));
  const ways = new Map(
    queues.map(({ id, closing }) => {
      const settings = 'queueId' in change && change.queueId === id ? change.closing : closing;
      return [id, destinations.map((field) => ({ field, to: settings[field] }))];
    })
  );
  const next = (queueId: string) =>
    (ways.get(queueId) ?? []).flatMap(({ field, to }) => {
      const there = to === null ? null : (own.get(to) ?? null);
      return there === null ? [] : [{ field, there }];
    });
  const starts = 'queueId' in change ? [change.queueId] : queues.map(({ id }) => id);
  for (const start of starts)
    for (const { field, there } of next(start)) {
      const path = pathTo(there, start, (queueId) => next(queueId).map((way) => way.there));
      if (!path) continue;
      const around = [start, ...path].map((queueId) => names.get(queueId) ?? '').join(' → ');
      throw new OperationError('forward-loop', 'queueId' in change ? `closing.${field}` : 'queueId', around);
    }
}

/** The queues on a way from one to another, both included; null: there is none. */
function pathTo(
  from: string,
  to: string,
  next: (queueId: string) => string[],
  seen = new Set<string>()
): string[] | null {
  if (from === to) return [from];
  if (seen.has(from)) return null;
  seen.add(from);
  for (const there of next(from)) {
    const path = pathTo(there, to, next, seen);
    if (path) return [from, ...path];
  }
  return null;
}
