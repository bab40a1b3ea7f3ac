import type { AdapterEvent, CommandResult, DeviceConfiguration, Pbx, PbxListener } from '../port.ts';
import { commandDeadlineMs } from '../port.ts';
import { isGood, result } from './answers.ts';
import { connectAri, type AriClient } from './ari-client.ts';
import type { AriEvent, Channel } from './ari-types.ts';
import { createCodes } from './codes.ts';
import { putDevice, removeDevice, type AriRequest } from './devices.ts';
import { fallback } from './fallback.ts';
import { createLegs, heeded } from './legs.ts';
import { watchReachability, type ReachabilityWatch } from './reachability.ts';
import { createReturning, type Returning } from './returning.ts';
import { takeSnapshot } from './snapshot.ts';

export interface AsteriskOptions {
  /** `http://127.0.0.1:PORT` of Asterisk's HTTP server. */
  ari: string;
  ariPassword: string;
  /** `host:port` */
  ami: string;
  amiPassword: string;
  /** Folder with one folder of announcements per language. */
  announcements: string;
  /** The same of the organizations' own (`configuration/sounds.ts`). */
  sounds: string;
  /** The Stasis application; another name lets tests run beside a worker. */
  app?: string;
  log?: (level: 'info' | 'warn', text: string) => void;
}

const reconnectMostMs = 2_000;
/** So long Asterisk gets to notice that a connection is gone before the next is made (see `keepHearing`). */
const noticeMs = 100;
const pingEveryMs = 1_000;
const ping = 'vaxel-ping';

/** The real PBX behind the port: the connection, its snapshot and the devices here; what happens to legs in `legs.ts`. */
export function createAsteriskPbx(options: AsteriskOptions): Pbx {
  const app = options.app ?? 'vaxel';
  const log = options.log ?? (() => undefined);
  let listener: PbxListener | null = null;
  let ari: AriClient | null = null;
  let watch: ReachabilityWatch | null = null;
  let stopped = false;
  let devices: DeviceConfiguration[] = [];
  let pushedTo: string | null = null;
  /** Asterisk has not been told yet; one that has started since has read it. */
  let newMusic = false;
  /** Whether what was sent round last has come back. */
  let pinged = true;
  /** Events of a new connection wait until its snapshot has been given. */
  let held: AdapterEvent[] | null = null;
  let returning: Returning | null = null;

  const emit = (event: AdapterEvent) => {
    if (held) held.push(event);
    else listener?.event(event);
    if (event.type === 'call-arrived') returning?.take(event.callId);
  };
  const request: AriRequest = (...args) =>
    ari?.request(...args) ?? Promise.resolve({ status: 0, body: 'not connected' });
  const legs = createLegs({ app, announcements: options.announcements, sounds: options.sounds, request, emit });
  const codes = createCodes({
    announcements: options.announcements,
    request,
    dialled: (code) => listener?.code(code)
  });

  async function connectLoop(): Promise<void> {
    for (let waitMs = 100; !stopped; waitMs = Math.min(waitMs * 2, reconnectMostMs)) {
      try {
        await connectOnce();
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (/401|403/.test(reason)) throw error; // bad credentials do not heal
        log('warn', `no connection to Asterisk: ${reason}`);
        await later(waitMs);
      }
    }
  }

  async function connectOnce(): Promise<void> {
    held = [];
    codes.forget();
    let client: AriClient | null = null;
    const connected = await connectAri({
      url: options.ari,
      user: 'vaxel',
      password: options.ariPassword,
      app,
      requestDeadlineMs: commandDeadlineMs,
      // That another connection has taken over is told to the one before it, which may be ours, too.
      event: (event) => (client === null || ari === client ? take(event) : undefined),
      closed(reason) {
        // Never opened: `connectAri` rejects, and that is told.
        if (client === null || ari !== client) return;
        ari = null;
        if (stopped) return;
        listener?.disconnected(reason);
        reconnect();
      }
    });
    client = connected;
    ari = connected;
    try {
      await heedOnly(connected);
      await pushDevices();
      if (newMusic) await reloadMusic();
      await allReturned(connected);
      const { snapshot, joined, codes: left } = await takeSnapshot(connected, app, (await watch?.current()) ?? []);
      await codes.restore(left);
      legs.restore(snapshot, joined);
      listener?.connected(snapshot);
      const waiting = held ?? [];
      held = null;
      for (const event of waiting) listener?.event(event);
      keepHearing(connected);
    } catch (error) {
      ari = null;
      connected.close();
      throw error;
    }
  }

  /** Asterisk tells an application of every step in the dialplan and every variable: most of what it would have to write. */
  async function heedOnly(client: AriClient): Promise<void> {
    // The answers to requests go through the same filter.
    const allowed = [...heeded, 'RESTResponse', 'ChannelUserevent'].map((type) => ({ type }));
    const answer = await client.request('PUT', `applications/${app}/eventFilter`, {}, { allowed });
    if (answer.status !== 200) log('warn', `all events of Asterisk come: ${answer.status}`);
  }

  /**
   * Waiting callers whom the worker's parent has sent to the dialplan come back to an application that is there again.
   * The snapshot waits for them: without them it would say that they are gone, and they would lose their visit.
   */
  async function allReturned(client: AriClient): Promise<void> {
    const answer = await client.list('channels');
    if (answer.status !== 200) return; // the snapshot asks again, and says so
    const away = (answer.body as Channel[]).filter(
      ({ dialplan }) => dialplan.context === fallback.context && dialplan.exten === fallback.waiting
    );
    if (away.length === 0) return;
    returning = createReturning(away.map((channel) => channel.id));
    for (const event of held ?? []) if (event.type === 'call-arrived') returning.take(event.callId);
    await returning.done;
    returning = null;
  }

  /**
   * The end of an earlier connection that Asterisk notices late takes the application away from the present one, which then
   * seems well and is told of no call (*Stasis app not active*). So an event of our own is sent round each second; when it
   * has not come back before the next, the connection is made anew.
   */
  function keepHearing(client: AriClient): void {
    pinged = true;
    const timer = setInterval(() => {
      if (stopped || ari !== client) return clearInterval(timer);
      if (!pinged) {
        log('warn', 'Asterisk answers, but tells nothing: connecting anew');
        return client.close();
      }
      pinged = false;
      void client.request('POST', `events/user/${ping}`, { application: app });
    }, pingEveryMs);
  }

  function reconnect(): void {
    later(noticeMs)
      .then(connectLoop)
      .catch((error: unknown) => log('warn', `gave up connecting to Asterisk: ${String(error)}`));
  }

  function take(event: AriEvent | { type: 'ChannelUserevent' }): void {
    if (event.type === 'ChannelUserevent') {
      pinged = true;
      return;
    }
    if (codes.take(event)) return;
    if (event.type !== 'ApplicationReplaced') return legs.take(event);
    stopped = true;
    ari?.close();
    watch?.stop();
    listener?.replaced();
  }

  async function reloadMusic(): Promise<CommandResult> {
    newMusic = true;
    // While it is away there is nobody to tell.
    if (!ari) return { ok: true };
    const told = result(await request('PUT', 'asterisk/modules/res_musiconhold.so'));
    if (told.ok) newMusic = false;
    return told;
  }

  async function pushDevices(): Promise<void> {
    const status = await request('GET', 'asterisk/info', { only: 'status' });
    const startup = (status.body as { status?: { startup_time?: string } } | null)?.status?.startup_time ?? null;
    if (startup === null) throw new Error('Asterisk does not say when it started');
    if (pushedTo === startup) return;
    // Asterisk started again: what was pushed to memory is gone.
    for (const device of devices) await putDevice(request, device);
    pushedTo = startup;
  }

  return {
    reloadMusic,

    async start(newListener) {
      listener = newListener;
      const [host = '127.0.0.1', port = '5038'] = options.ami.split(':');
      watch = watchReachability({
        host,
        port: Number(port),
        password: options.amiPassword,
        changed: (deviceId, reachable, reason) => emit({ type: 'reachability-changed', deviceId, reachable, reason }),
        problem: (reason) => log('warn', `AMI: ${reason}`)
      });
      await connectLoop();
    },
    async stop() {
      stopped = true;
      watch?.stop();
      ari?.close();
    },
    execute: legs.execute,
    endCode: codes.end,
    async configureDevices(wanted) {
      const before = new Map(devices.map((device) => [device.deviceId, device]));
      devices = wanted;
      // Not connected: all of them are pushed when the connection stands.
      if (!ari) return { ok: false, code: 'unavailable', detail: 'not connected' };
      for (const device of wanted) {
        const known = before.get(device.deviceId);
        before.delete(device.deviceId);
        if (known && known.password === device.password && known.username === device.username) continue;
        const answer = await putDevice(request, device);
        if (!isGood(answer)) {
          devices = devices.filter((one) => one !== device); // tried again at the next call
          return result(answer);
        }
      }
      for (const device of before.values()) await removeDevice(request, device);
      return { ok: true };
    }
  };
}

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
