import type { CallerIdentity } from '../port.ts';
import type { Channel } from './ari-types.ts';

/** The network's number, unless withheld: then nothing of it goes further (E3). */
export function identityOf(channel: Channel, presentation: string): CallerIdentity {
  const withheld = presentation.startsWith('prohib') || /^anonymous$/i.test(channel.caller.number);
  return {
    withheld,
    number: withheld ? null : channel.caller.number,
    name: withheld || !channel.caller.name ? null : channel.caller.name
  };
}

/** A channel of PJSIP is named after its endpoint, and that after its trunk: `PJSIP/trunk-0000002a`. */
export function trunkOf(channel: Channel): { trunk?: string } {
  const trunk = /^PJSIP\/(.+)-[0-9a-f]+$/.exec(channel.name)?.[1];
  return trunk === undefined ? {} : { trunk };
}

/**
 * Where else an INVITE may say what was dialled (E4).
 *
 * @param headers To and P-Called-Party-ID, percent-encoded by the dialplan: a comma would end its argument
 */
export function elsewhereOf(headers: string[]): { to: string; calledParty: string } {
  const [to = '', calledParty = ''] = headers.map(userOf);
  return { to, calledParty };
}

/** The user of a SIP address, or the number of a tel one; empty when there is none. */
function userOf(encoded: string): string {
  let header: string;
  try {
    header = decodeURIComponent(encoded);
  } catch {
    return '';
  }
  // A name in quotes may hold anything.
  const address = header.replace(/"(?:[^"\\]|\\.)*"/g, '');
  const found = /(?:sips?:([^@;>\s]+)[^@>]*@|tel:([^;>\s]+))/i.exec(address);
  return found?.[1] ?? found?.[2] ?? '';
}
