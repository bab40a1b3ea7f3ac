import { assertNever } from '#lib/acd/assert-never.ts';
import type { TrunkSettings } from '#lib/acd/configuration.ts';
import type { Indexes } from '#lib/acd/indexes.ts';
import { plainTrunk } from '#lib/acd/upgrade.ts';
import { readNumber, type NotANumber } from '../pbx/numbers.ts';
import type { CallerIdentity, Came } from '../pbx/port.ts';

/** A call as the engine is told of it. `why`: why what was dialled is no number; null: it is one. */
export interface Read {
  dialled: string;
  caller: CallerIdentity;
  why: NotANumber | null;
}

/**
 * E4: numbers in E.164, whatever form they came in. Organizations may share a trunk and have told different things about it:
 * the plain way is tried first, then that of each whose trunk it came by, which counts only when it leads to a number of that
 * organization. So none can take another's calls by its settings.
 */
export function readAtDoor({ numberByDialled, trunks }: Pick<Indexes, 'numberByDialled' | 'trunks'>, came: Came): Read {
  const plain = read(came, plainTrunk);
  if (plain.why === null && numberByDialled.has(plain.dialled)) {
    const settings = trunks.get(numberByDialled.get(plain.dialled)!.organizationId);
    return settings ? { ...plain, caller: callerOf(came, settings) } : plain;
  }
  for (const [organizationId, settings] of trunks) {
    if (came.trunk !== undefined && came.trunk !== settings.name) continue;
    const theirs = read(came, settings);
    if (theirs.why === null && numberByDialled.get(theirs.dialled)?.organizationId === organizationId) return theirs;
  }
  return plain;
}

function read(came: Came, settings: TrunkSettings): Read {
  const raw = dialledIn(came, settings);
  const reading = readNumber(raw, settings);
  const caller = callerOf(came, settings);
  return reading.ok ? { dialled: reading.number, caller, why: null } : { dialled: raw, caller, why: reading.why };
}

function dialledIn({ dialled, elsewhere }: Came, settings: TrunkSettings): string {
  switch (settings.dialledIn) {
    case 'request':
      return dialled;
    case 'to':
      return elsewhere?.to ?? '';
    case 'called-party':
      return elsewhere?.calledParty ?? '';
    default:
      return assertNever(settings.dialledIn);
  }
}

/** What is no number (a name, an extension of somebody's own PBX) is not shown as one. */
function callerOf({ caller }: Came, settings: TrunkSettings): CallerIdentity {
  const reading = caller.number === null ? null : readNumber(caller.number, settings);
  return { ...caller, number: reading?.ok ? reading.number : null };
}
