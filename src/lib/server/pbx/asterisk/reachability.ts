import { id, type DeviceId } from '#lib/acd/ids.ts';
import type { ContactReason } from '#lib/acd/events.ts';
import { connectAmi, type AmiClient, type AmiMessage } from './ami-client.ts';

export interface ReachabilityWatch {
  /** What is known now; asks Asterisk again when the connection is new. */
  current(): Promise<{ deviceId: DeviceId; reachable: boolean }[]>;
  stop(): void;
}

export interface ReachabilityOptions {
  host: string;
  port: number;
  password: string;
  changed: (deviceId: DeviceId, reachable: boolean, reason: ContactReason) => void;
  problem: (reason: string) => void;
}

const retryMs = 500;

/**
 * Which devices have a contact that answers (B9), from AMI's `ContactStatus` events; each contact is asked by SIP
 * OPTIONS every 5 s. A device has at most one contact of use, but while a page reconnects there may be two.
 */
export function watchReachability(options: ReachabilityOptions): ReachabilityWatch {
  /** Device → contact → answers. */
  const contacts = new Map<string, Map<string, boolean>>();
  const told = new Map<string, boolean>();
  let client: AmiClient | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  let connecting: Promise<void> = connectNow();

  async function connectNow(): Promise<void> {
    if (stopped) return;
    try {
      client = await connectAmi({
        host: options.host,
        port: options.port,
        user: 'vaxel',
        password: options.password,
        event: take,
        closed: again
      });
      await readAll(client);
    } catch (error) {
      again(error instanceof Error ? error.message : String(error));
    }
  }

  function again(reason: string): void {
    client = null;
    if (stopped || timer) return;
    options.problem(reason);
    timer = setTimeout(() => {
      timer = null;
      connecting = connectNow();
    }, retryMs);
  }

  async function readAll(ami: AmiClient): Promise<void> {
    const { events } = await ami.action('PJSIPShowContacts');
    contacts.clear();
    for (const event of events) {
      if (event.Event !== 'ContactList') continue;
      const aor = event.Endpoint || event.ObjectName?.split('/')[0];
      if (aor) contactsOf(aor).set(event.Uri ?? '', answers(event.Status ?? ''));
    }
    for (const device of new Set([...told.keys(), ...contacts.keys()])) tell(device, 'registered', 'unregistered');
  }

  function take(message: AmiMessage): void {
    if (message.Event !== 'ContactStatus' || !message.AOR) return;
    const device = message.AOR;
    if (message.ContactStatus === 'Removed') contactsOf(device).delete(message.URI ?? '');
    else contactsOf(device).set(message.URI ?? '', answers(message.ContactStatus ?? ''));
    tell(device, 'registered', message.ContactStatus === 'Removed' ? 'unregistered' : 'not-responding');
  }

  function contactsOf(device: string): Map<string, boolean> {
    const known = contacts.get(device) ?? new Map<string, boolean>();
    contacts.set(device, known);
    return known;
  }

  function tell(device: string, good: ContactReason, bad: ContactReason): void {
    const reachable = [...(contacts.get(device)?.values() ?? [])].some(Boolean);
    if (told.get(device) === reachable || (!told.has(device) && !reachable)) return;
    told.set(device, reachable);
    options.changed(id.device(device), reachable, reachable ? good : bad);
  }

  return {
    async current() {
      await connecting;
      return [...told].map(([device, reachable]) => ({ deviceId: id.device(device), reachable }));
    },
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      client?.close();
    }
  };
}

/** A contact just made has not been asked yet: it counts as there. */
function answers(status: string): boolean {
  return ['Created', 'Updated', 'Reachable', 'NonQualified', 'Avail', 'NonQual', 'Unknown'].includes(status);
}
