import { isDialable } from '#lib/acd/outgoing.ts';
import type { OutwardTrunk } from '#lib/acd/configuration.ts';
import { writeNumber } from '../numbers.ts';
import type { AdapterCommand } from '../port.ts';

declare const brand: unique symbol;
/** What may stand after `PJSIP/` in an originate (E7): made by `dialString` alone. */
export type DialString = string & { readonly [brand]: 'DialString' };

type Dial = Pick<Extract<AdapterCommand, { type: 'dial' }>, 'caller' | 'showing' | 'own' | 'trunk'>;

/**
 * null for anything but `+` and digits, or a short number: nothing else must reach a dial string of the PBX. Each trunk
 * has a second endpoint, which tells no P-Asserted-Identity.
 */
export function dialString(number: string, trunk: OutwardTrunk): DialString | null {
  if (!isDialable(number) || !/^[a-z0-9-]{1,20}$/.test(trunk.name)) return null;
  const endpoint = trunk.asserted ? trunk.name : `${trunk.name}-bare`;
  return `PJSIP/${writeNumber(number, trunk)}@${endpoint}` as DialString;
}

/**
 * Who calls, as the called and the networks between are told: the caller's own number, or one of ours where the trunk
 * takes no other; and that it was forwarded, by us and before (RFC 5806; History-Info comes from REDIRECTING). Asterisk
 * writes no Diversion for a leg that is originated, so it is ours. A withheld number goes on withheld, with one of ours
 * for the networks. Diversion is a tel address, which has one form only.
 *
 * @param before how often it had been forwarded
 */
export function presentation(
  { caller, showing, own, trunk }: Dial,
  before: number
): { callerId: string; variables: Record<string, string> } {
  const number = writeNumber(showing ?? caller.number ?? own, trunk);
  const name = showing === null ? (caller.name ?? '') : '';
  const prohibited = { 'CONNECTEDLINE(num-pres,i)': 'prohib', 'CONNECTEDLINE(name-pres,i)': 'prohib' };
  return {
    callerId: `"${name.replace(/["\\<>]/g, '')}" <${number}>`,
    variables: {
      'REDIRECTING(from-num,i)': own,
      'PJSIP_HEADER(add,Diversion)': `<tel:${own}>;reason=unconditional;counter=${before + 1}`,
      ...(caller.withheld ? prohibited : {})
    }
  };
}

/**
 * How often a call has been forwarded before it came to us: entries of Diversion, each for as many as its `counter` says
 * (RFC 5806 section 4).
 *
 * @param headers values of the Diversion headers, as they came
 */
export function diversions(headers: string[]): number {
  return headers
    .flatMap((header) => header.split(','))
    .filter((entry) => entry.includes('sip:') || entry.includes('tel:'))
    .reduce((sum, entry) => sum + Math.max(1, Number(/;\s*counter=(\d{1,2})/.exec(entry)?.[1] ?? 1)), 0);
}
