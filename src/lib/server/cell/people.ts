import type { Engine } from '#lib/acd/engine.ts';
import type { Caller, EngineEvent } from '#lib/acd/events.ts';
import type { CallerToken, OrganizationId } from '#lib/acd/ids.ts';
import { decodeTag } from '#lib/acd/tag.ts';
import type { AdapterEvent, AdapterSnapshot, CallerIdentity, Came } from '../pbx/port.ts';
import { readAtDoor } from './door.ts';
import type { CellStore } from './store.ts';

const cachedCallers = 5_000;

/**
 * Turns numbers into tokens before the engine sees them, and back for the device that rings (E8). What it has seen
 * lately it keeps: who rings while the store is away, or after it was emptied, is known again, and others lose by it
 * their token, not their call.
 */
export function createPeople(engine: Engine, store: CellStore, log: (text: string) => void = () => undefined) {
  const known = new Map<CallerToken, { number: string; name: string | null; key: string }>();
  /** Organization and number → token, of those in `known`. */
  const tokens = new Map<string, CallerToken>();

  function remember(token: CallerToken, key: string, caller: { number: string; name: string | null }): void {
    known.delete(token);
    known.set(token, { ...caller, key });
    tokens.set(key, token);
    const [oldest] = known;
    if (known.size <= cachedCallers || !oldest) return;
    known.delete(oldest[0]);
    tokens.delete(oldest[1].key);
  }

  async function caller(identity: CallerIdentity, organizationId: OrganizationId | null): Promise<Caller> {
    const { number, name, withheld } = identity;
    if (withheld || number === null || organizationId === null) return { token: null, withheld };
    const key = `${organizationId}:${number}`;
    try {
      const token = await store.callerToken(organizationId, { number, name }, tokens.get(key));
      remember(token, key, { number, name });
      return { token, withheld };
    } catch {
      // The call matters more than who it is from.
      return { token: tokens.get(key) ?? null, withheld };
    }
  }

  async function come(came: Came, tag: string | null): Promise<{ dialled: string; caller: Caller }> {
    const { dialled, caller: identity, why } = readAtDoor(engine.indexes, came);
    if (why !== null) log(`a call came for no number: ${why}`);
    const known = engine.indexes.numberByDialled.get(dialled);
    const organizationId = decodeTag(tag)?.organizationId ?? known?.organizationId ?? null;
    return { dialled, caller: await caller(identity, organizationId) };
  }

  return {
    async event(event: AdapterEvent): Promise<EngineEvent> {
      if (event.type !== 'call-arrived') return event;
      const { elsewhere: _elsewhere, trunk: _trunk, ...rest } = event;
      return { ...rest, ...(await come(event, event.tag ?? null)) };
    },

    async snapshot(snapshot: AdapterSnapshot): Promise<EngineEvent> {
      const calls = await Promise.all(
        snapshot.calls.map(async (came) => {
          const { elsewhere: _elsewhere, trunk: _trunk, ...call } = came;
          return { ...call, ...(await come(came, call.tag)) };
        })
      );
      return { type: 'reconciled', snapshot: { ...snapshot, calls } };
    },

    /** null: the store must be asked (`identity`). */
    known(token: CallerToken | null): CallerIdentity | null {
      if (token === null) return { number: null, name: null, withheld: true };
      const found = known.get(token);
      return found ? { number: found.number, name: found.name, withheld: false } : null;
    },

    /** Of those not known here; without a number when the store does not answer. */
    async identity(token: CallerToken | null): Promise<CallerIdentity> {
      const found = token === null ? null : await store.caller(token).catch(() => null);
      return { number: found?.number ?? null, name: found?.name ?? null, withheld: token === null };
    }
  };
}
export type People = ReturnType<typeof createPeople>;
