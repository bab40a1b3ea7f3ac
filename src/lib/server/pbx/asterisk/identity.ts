import { toE164 } from '../numbers.ts';
import type { CallerIdentity } from '../port.ts';
import type { Channel } from './ari-types.ts';

/** The network's number, unless withheld: then nothing of it goes further (E3). */
export function identityOf(channel: Channel, presentation: string): CallerIdentity {
  const withheld = presentation.startsWith('prohib') || /^anonymous$/i.test(channel.caller.number);
  return {
    withheld,
    number: withheld ? null : toE164(channel.caller.number),
    name: withheld || !channel.caller.name ? null : channel.caller.name
  };
}
