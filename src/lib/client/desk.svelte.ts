import { getContext, setContext } from 'svelte';
import type { Click } from '#lib/acd/events.ts';
import type { DeskDevice } from '#lib/live/topics.ts';
import { id } from '#lib/acd/ids.ts';
import { Ringer } from './ringer.ts';
import { Softphone, type SoftphoneState } from './softphone.ts';
import { LiveView } from './live.svelte.ts';

/** What can be pending: its control waits until the live view has come as far as the click's fact. */
export type PendingKey = string;

/** A shown click may be this late before its control gives up waiting for the view. */
const viewWithinMs = 3_000;
/** Of a phone: there the app is the control, and calls ring the mobile itself (P12). */
const phoneWidth = '(max-width: 720px)';
/** So long a talk may stand in the phone after the desk says that its leg is gone. */
const goneAfterMs = 3_000;

/** The agent's desk: the live view, the phone, and clicks with their answers. */
export class Desk {
  readonly live = new LiveView('desk');
  #phone = $state.raw<SoftphoneState>({ phase: 'off', problem: null, call: null });
  #pending = $state<PendingKey[]>([]);
  #error = $state<string | null>(null);
  #ringing = $state(true);
  #answerWish = $state<string | null>(null);
  /** What is to ring from the start of the shift on; null: not chosen. */
  #wish = $state<string | null>(null);
  /** Made when the page is there: it needs the page's audio element. */
  #softphone: Softphone | null = null;
  #ringer = new Ringer();
  #credentials: Credentials | null = null;
  #goneTimer: ReturnType<typeof setTimeout> | undefined;
  #pauseOver = $state(false);
  #pauseTimer: ReturnType<typeof setTimeout> | undefined;

  get phone(): SoftphoneState {
    return this.#phone;
  }
  /** The code of the last click that did not work; cleared by the next. */
  get error(): string | null {
    return this.#error;
  }
  /** The pause has lasted longer than its reason allows; it goes on until the agent ends it. */
  get pauseOver(): boolean {
    return this.#pauseOver;
  }
  get ringing(): boolean {
    return this.#ringing;
  }
  /** Answered by the agent, but not yet by the phone. */
  get answering(): boolean {
    const call = this.#phone.call;
    return (
      call?.phase === 'answering' || (this.#answerWish !== null && this.#answerWish === this.live.view?.offer?.offerId)
    );
  }
  /** The telephone that rings, or will (P16); null: nothing is known yet. */
  get device(): DeskDevice | null {
    const view = this.live.view;
    if (!view) return null;
    const mine = (deviceId: string | null) => view.devices.find((one) => one.deviceId === deviceId);
    if (view.onShift) return mine(view.nextDeviceId ?? view.deviceId) ?? null;
    return mine(this.#wish) ?? this.#usual(view.devices);
  }
  /** The one that rings or talks now is this page's. */
  get isHere(): boolean {
    const view = this.live.view;
    const now = view?.devices.find((one) => one.deviceId === view.deviceId);
    return (now ?? this.device)?.kind === 'softphone';
  }
  isPending(key: PendingKey): boolean {
    return this.#pending.includes(key);
  }

  /** @param audio plays the caller */
  async start(audio: HTMLAudioElement): Promise<void> {
    this.#ringing = localStorage.getItem('vaxel.ring') !== 'off';
    this.#softphone = new Softphone({
      audio,
      credentials: async () => (this.#credentials = await fetchCredentials()),
      processing: localStorage.getItem('vaxel.audio-processing') !== 'off',
      changed: (state) => {
        this.#phone = state;
        if (state.call?.phase === 'ringing' && state.call.offerId === this.#answerWish) this.answer();
        this.#ringer.ring(state.call?.phase === 'ringing' && this.#ringing);
      }
    });
    this.live.start();
    // A reload in the middle of a shift: the microphone was allowed before, so no click is needed.
    const first = await this.live.until(() => true, 5_000);
    if (!first || !this.live.view?.onShift || !this.isHere || this.#phone.phase !== 'off') return;
    const permission = await navigator.permissions.query({ name: 'microphone' as PermissionName }).catch(() => null);
    if (permission?.state === 'granted') await this.#arm(false);
  }

  stop(): void {
    clearTimeout(this.#goneTimer);
    clearTimeout(this.#pauseTimer);
    this.#ringer.stop();
    this.live.stop();
    void this.#softphone?.disarm();
  }

  /** *Start shift*: with the softphone microphone, audio, registration, a test tone; then the worker is told. */
  async startShift(): Promise<void> {
    const device = this.device;
    if (device && device.kind !== 'softphone')
      await this.click('shift', { type: 'start-shift', deviceId: id.device(device.deviceId) });
    else await this.#arm(true);
  }

  /** P16: another telephone. On shift the worker is told; the softphone must be armed before it can ring. */
  async choose(deviceId: string): Promise<void> {
    const device = this.live.view?.devices.find((one) => one.deviceId === deviceId);
    if (!device) return;
    localStorage.setItem(usualKey, device.kind);
    this.#wish = deviceId;
    if (!this.live.view?.onShift) return;
    if (device.kind === 'softphone') await this.#arm(false);
    else await this.click('device', { type: 'change-device', deviceId: id.device(deviceId) });
  }

  /** The agent's own mobile number; empty: none. Gives what is wrong with it, as forms show it; null: it is saved. */
  async saveMobile(number: string): Promise<string | null> {
    this.#pending = [...this.#pending, 'mobile'];
    try {
      const response = await fetch('/desk/mobile', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ number }),
        signal: AbortSignal.timeout(5_000)
      });
      const answer = (await response.json()) as { ok: boolean; code?: string };
      return answer.ok ? null : (answer.code ?? 'unexpected');
    } catch {
      return 'unexpected';
    } finally {
      this.#pending = this.#pending.filter((one) => one !== 'mobile');
    }
  }

  /** A softphone that is not to ring lets the microphone go, once its call is over. */
  watchDevice(): void {
    const { onShift, deviceId, nextDeviceId } = this.live.view ?? {};
    if (!onShift || !deviceId || nextDeviceId || this.isHere || this.isPending('shift')) return;
    if (this.#phone.phase === 'ready' && !this.#phone.call) void this.#softphone?.disarm();
  }

  /** On a phone the mobile, if there is one; else the kind that was chosen here before. */
  #usual(devices: DeskDevice[]): DeskDevice | null {
    const last = localStorage.getItem(usualKey) ?? (matchMedia(phoneWidth).matches ? 'mobile' : 'softphone');
    return devices.find(({ kind }) => kind === last) ?? devices[0] ?? null;
  }

  async #arm(withTone: boolean): Promise<void> {
    this.#error = null;
    await this.#ringer.unlock();
    if (!(await this.#softphone?.arm())) return;
    if (withTone) this.#ringer.testTone();
    const deviceId = id.device(this.#credentials?.deviceId ?? '');
    await this.click('shift', { type: 'start-shift', deviceId });
  }

  async endShift(): Promise<void> {
    if (await this.click('shift', { type: 'end-shift' })) await this.#softphone?.disarm();
  }

  /** The offer may be seen before its INVITE is here: then it is answered the moment it rings. */
  answer(): void {
    if (!this.isHere) return;
    if (this.#phone.call?.phase !== 'ringing') {
      this.#answerWish = this.live.view?.offer?.offerId ?? null;
      return;
    }
    void this.#softphone?.answer().catch(() => this.#fail('no-such-offer'));
  }

  /** By SIP when the phone rings; by the worker when its path is gone. */
  decline(): void {
    const offerId = this.live.view?.offer?.offerId;
    if (this.#phone.call?.phase === 'ringing') void this.#softphone?.decline().catch(() => this.#fail('no-such-offer'));
    else if (offerId) void this.click('decline', { type: 'decline', offerId: id.offer(offerId) });
  }

  hangUp(): void {
    const offerId = this.live.view?.call?.offerId;
    if (this.isHere && this.#phone.call && this.#phone.phase === 'ready')
      void this.#softphone?.hangUp().catch(() => this.#fail('no-such-offer'));
    else if (offerId) void this.click('hang-up', { type: 'hang-up', offerId: id.offer(offerId) });
  }

  hold(held: boolean): void {
    void this.#softphone?.hold(held).catch(() => this.#fail('other'));
  }

  mute(muted: boolean): void {
    this.#softphone?.mute(muted);
  }

  press(digit: string): void {
    this.#softphone?.press(digit);
  }

  /**
   * The page is being closed or reloaded: its call dies with it, and the caller must hear of it now, not when the PBX
   * misses our audio seconds later. A beacon is the one request that outlives the page.
   */
  leave(): void {
    const offerId = this.#phone.call?.phase === 'talking' ? this.#phone.call.offerId : null;
    if (!offerId) return;
    const body = JSON.stringify({ commandId: crypto.randomUUID(), click: { type: 'call-lost', offerId } });
    navigator.sendBeacon('/desk/click', new Blob([body], { type: 'application/json' }));
  }

  /** Whether closing the page would end a call: the browser then asks first. */
  get inCall(): boolean {
    return this.#phone.call?.phase === 'talking';
  }

  setRinging(on: boolean): void {
    this.#ringing = on;
    localStorage.setItem('vaxel.ring', on ? 'on' : 'off');
    this.#ringer.ring(on && this.#phone.call?.phase === 'ringing');
  }

  /** The desk is right about which legs there are: a talk it does not know ends here too (no BYE may ever come). */
  watchGone(): void {
    const talking = this.#phone.call?.phase === 'talking';
    const known = this.live.view?.call?.offerId === this.#phone.call?.offerId;
    if (!talking || known || !this.live.connected || this.live.staleSinceMs !== null) {
      clearTimeout(this.#goneTimer);
      this.#goneTimer = undefined;
      return;
    }
    this.#goneTimer ??= setTimeout(() => {
      this.#goneTimer = undefined;
      void this.#softphone?.drop();
    }, goneAfterMs);
  }

  /** Until the limit of the pause that is shown, if it has one. */
  watchPause(): void {
    clearTimeout(this.#pauseTimer);
    const untilMs = this.live.view?.pausedUntilMs ?? null;
    const leftMs = untilMs === null ? Infinity : untilMs - Date.now() - this.live.offsetMs;
    this.#pauseOver = leftMs <= 0;
    if (leftMs > 0 && leftMs < Infinity) this.#pauseTimer = setTimeout(() => (this.#pauseOver = true), leftMs);
  }

  /** Pending until the live view shows what came of it. True when it was done. */
  async click(key: PendingKey, click: Click): Promise<boolean> {
    if (this.isPending(key)) return false;
    this.#error = null;
    this.#pending = [...this.#pending, key];
    try {
      const response = await fetch('/desk/click', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ commandId: crypto.randomUUID(), click }),
        signal: AbortSignal.timeout(5_000)
      });
      const reply = (await response.json()) as { ok: boolean; factId?: string | null; code?: string };
      if (!reply.ok) return this.#fail(reply.code ?? 'other');
      if (reply.factId) await this.live.until(({ position }) => reaches(position, reply.factId ?? ''), viewWithinMs);
      return true;
    } catch {
      return this.#fail('worker-unavailable');
    } finally {
      this.#pending = this.#pending.filter((one) => one !== key);
    }
  }

  #fail(code: string): false {
    this.#error = code;
    return false;
  }
}

/** `epoch-n` positions in the worker's stream. */
export function reaches(position: string, factId: string): boolean {
  const [epoch = 0, n = 0] = position.split('-').map(Number);
  const [wantedEpoch = 0, wantedN = 0] = factId.split('-').map(Number);
  return epoch > wantedEpoch || (epoch === wantedEpoch && n >= wantedN);
}

/** As one of their telephones was chosen on this machine. */
const usualKey = 'vaxel.device';

interface Credentials {
  deviceId: string;
  username: string;
  password: string;
}

async function fetchCredentials(): Promise<Credentials> {
  const response = await fetch('/desk/softphone', { method: 'POST', signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`no credentials: ${response.status}`);
  return (await response.json()) as Credentials;
}

const key = Symbol('desk');
export const provideDesk = (desk: Desk) => setContext(key, desk);
export const useDesk = () => getContext<Desk>(key);
