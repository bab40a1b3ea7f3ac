import type { ForwardId, OfferId } from '#lib/acd/ids.ts';
import type { AdapterCommand, AdapterEvent } from '#lib/server/pbx/port.ts';
import type { Streams } from './random.ts';
import type { Faults, Way } from './simulated-pbx.ts';

export type Mishaps = ReturnType<typeof createMishaps>;

/**
 * How long the PBX takes, and what goes wrong in it. Each command and event draws by what it is about: its call, its
 * device, and the how-manieth of its kind. Ids of offers would not do, since they shift with every event before them.
 */
export function createMishaps(streams: Streams, cutSoon: (afterMs: number) => void) {
  const legs = new Map<OfferId | ForwardId, string>();

  function about(what: AdapterCommand | AdapterEvent): string {
    if (what.type === 'ring') legs.set(what.offerId, `${what.callId} ${what.deviceId}`);
    if (what.type === 'dial') legs.set(what.forwardId, `${what.callId} ${what.to}`);
    if ('offerId' in what) return `${what.type} ${legs.get(what.offerId) ?? ''}`;
    if ('forwardId' in what) return `${what.type} ${legs.get(what.forwardId) ?? ''}`;
    return `${what.type} ${'callId' in what ? what.callId : what.deviceId}`;
  }

  const faults: Faults = {
    event(event) {
      const random = streams.next(`fault of ${about(event)}`);
      const type = random.weighted({ none: 96, repeated: 2, late: 1.5, lost: 0.5 });
      // An event is lost only with its connection: what came over it is made good by the next snapshot.
      if (type === 'lost') cutSoon(random.between(10, 1_500));
      return type === 'late' ? { type, ms: random.between(1, 400) } : { type };
    },
    command: (command) => streams.next(`fault of ${about(command)}`).weighted({ none: 97, silent: 2, refused: 1 })
  };
  return {
    faults,
    latencyMs: (command: AdapterCommand, way: Way) => streams.next(`${way} of ${about(command)}`).between(1, 5)
  };
}
