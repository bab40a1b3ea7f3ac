import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AriClient } from '#lib/server/pbx/asterisk/ari-client.ts';
import type { AriEvent, Channel } from '#lib/server/pbx/asterisk/ari-types.ts';

/** How a telephone of the public network behaves when it is called. What is left out does not happen. */
export interface Behaviour {
  /** Nothing is said for so long. */
  silentMs?: number;
  /** `ringing`: 180; `progress`: 183 with early audio; `none`: straight on. */
  before?: 'ringing' | 'progress' | 'none';
  /** From then to the answer; left out: it never answers. */
  answerAfterMs?: number;
  /** Instead of ringing: a Q.850 cause, which the network tells as SIP (17: 486, 1: 404, 20: 480, 21: 403, 34: 503). */
  refuse?: number;
  /** Of whom it takes calls, by the beginning of their number; others are refused with 403. */
  takesOnly?: string;
  /** Absolute path without its ending, said again and again from the answer on; left out: silence. */
  play?: string;
  /** What it hears from the answer on is kept (`Received.recording`). */
  record?: boolean;
}

/** A call that came to it, as its network told it. */
export interface Received {
  /** Epoch ms. */
  atMs: number;
  /** As presented; empty when withheld. */
  from: string;
  diversion: string;
  historyInfo: string;
  /** P-Asserted-Identity. */
  asserted: string;
  /** Resolves in the instant in which it picks up. */
  answering: Promise<void>;
  /** Epoch ms of its answer; null: it did not. */
  answeredAtMs: number | null;
  /** Resolves when what it says has begun. */
  speaking: Promise<void>;
  /** Resolves when it is over; true when it had been answered. */
  ended: Promise<boolean>;
  /** wav, 8 kHz mono; only with `record`. */
  recording: string;
  /** Digits in the call (RFC 4733); none are heard while it says something. */
  press(digits: string): Promise<void>;
  /** As `play`, from now on. */
  say(file: string): Promise<void>;
  hangUp(): Promise<void>;
}

export interface Telephone {
  number: string;
  /** All that came so far. */
  received: Received[];
  /** The next call that has not been given yet. */
  next(withinMs?: number): Promise<Received>;
}

interface Here {
  telephone: Telephone;
  behaviour: Behaviour;
  given: number;
  waiting: (() => void)[];
}
interface Running {
  received: Received;
  play: string | null;
  record: boolean;
  finish: (answered: boolean) => void;
  begin: () => void;
  pick: () => void;
  timers: NodeJS.Timeout[];
}

/** After a telephone's id: the channel that hears what it hears. */
const ear = '-ear';

export type Telephones = ReturnType<typeof createTelephones>;

/** Telephones of the public network that tests play: each is one number, which belongs to this process. */
export function createTelephones(ari: () => AriClient, app: string, recordings: string) {
  const here = new Map<string, Here>();
  const running = new Map<string, Running>();

  async function play(number: string, behaviour: Behaviour): Promise<Telephone> {
    const variable = `TELEPHONE_${number.replace(/\D/g, '')}`;
    const answer = await ari().request('POST', 'asterisk/variable', { variable, value: app });
    if (answer.status !== 204) throw new Error(`the carrier gave no number: ${answer.status}`);
    const entry: Here = {
      behaviour,
      given: 0,
      waiting: [],
      telephone: { number, received: [], next: (withinMs = 10_000) => next(entry, withinMs) }
    };
    here.set(number, entry);
    return entry.telephone;
  }

  function next(entry: Here, withinMs: number): Promise<Received> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const call = entry.telephone.received[entry.given];
        if (!call) return;
        entry.given += 1;
        entry.waiting = entry.waiting.filter((one) => one !== look);
        clearTimeout(timer);
        resolve(call);
      };
      const timer = setTimeout(() => {
        entry.waiting = entry.waiting.filter((one) => one !== look);
        reject(new Error(`nobody called ${entry.telephone.number} within ${withinMs} ms`));
      }, withinMs);
      entry.waiting.push(look);
      look();
    });
  }

  async function ring(channel: Channel, number: string): Promise<void> {
    const entry = here.get(number);
    if (!entry) return;
    const atMs = Date.now();
    const { id } = channel;
    const { behaviour } = entry;
    let finish: Running['finish'] = () => undefined;
    const ended = new Promise<boolean>((resolve) => (finish = resolve));
    let begin: Running['begin'] = () => undefined;
    const speaking = new Promise<void>((resolve) => (begin = resolve));
    let pick: Running['pick'] = () => undefined;
    const answering = new Promise<void>((resolve) => (pick = resolve));
    const [diversion, historyInfo, asserted] = await Promise.all(
      ['Diversion', 'History-Info', 'P-Asserted-Identity'].map((name) => header(id, name))
    );
    const received: Received = {
      atMs,
      from: channel.caller.number,
      diversion: diversion ?? '',
      historyInfo: historyInfo ?? '',
      asserted: asserted ?? '',
      answering,
      answeredAtMs: null,
      speaking,
      ended,
      recording: join(recordings, `${id}.wav`),
      press: async (dtmf) => void (await ari().request('POST', `channels/${id}/dtmf`, { dtmf })),
      say: async (file) => {
        call.play = file;
        await say(id, file);
      },
      hangUp: async () => void (await ari().request('DELETE', `channels/${id}`))
    };
    const { play = null, record = false } = behaviour;
    const call: Running = { received, finish, begin, pick, timers: [], play, record };
    running.set(id, call);
    entry.telephone.received.push(received);
    for (const look of entry.waiting) look();
    behave(id, call, behaviour);
  }

  function behave(id: string, call: Running, behaviour: Behaviour): void {
    const { silentMs = 0, before = 'ringing', answerAfterMs, refuse, takesOnly } = behaviour;
    const later = (ms: number, act: () => void) => void call.timers.push(setTimeout(act, ms));
    const stranger = takesOnly !== undefined && !call.received.from.startsWith(takesOnly);
    const cause = stranger ? 21 : refuse;
    later(silentMs, () => {
      if (cause !== undefined) return void ari().request('DELETE', `channels/${id}`, { reason_code: cause });
      if (before === 'ringing') void ari().request('POST', `channels/${id}/ring`);
      if (before === 'progress') void ari().request('POST', `channels/${id}/progress`);
      if (answerAfterMs !== undefined) later(answerAfterMs, () => void pickUp(id, call));
    });
  }

  async function pickUp(id: string, call: Running): Promise<void> {
    call.received.answeredAtMs = Date.now();
    call.pick();
    await ari().request('POST', `channels/${id}/answer`);
    // By a channel beside it: one that records or plays can press no digits meanwhile.
    if (call.record)
      await ari().request('POST', `channels/${id}/snoop/${id}${ear}`, { spy: 'in', app, appArgs: 'ear' });
    if (call.play !== null) await say(id, call.play);
  }

  async function say(id: string, file: string): Promise<void> {
    const playbackId = `${id}~${randomUUID().slice(0, 8)}`;
    await ari().request('POST', `channels/${id}/play`, { media: `sound:${file}`, playbackId });
  }

  /** Empty when there is none. */
  async function header(id: string, name: string): Promise<string> {
    const variable = `PJSIP_HEADER(read,${name},1)`;
    const { status, body } = await ari().request('GET', `channels/${id}/variable`, { variable });
    return status === 200 ? String((body as { value: string }).value) : '';
  }

  return {
    play,
    /** True: the event was about a telephone of ours. */
    take(event: AriEvent): boolean {
      if (event.type === 'StasisStart' && event.args[0] === 'telephone') {
        void ring(event.channel, event.args[1] ?? '');
        return true;
      }
      if (event.type === 'StasisStart' && event.args[0] === 'ear') {
        const name = event.channel.id.slice(0, -ear.length);
        const how = { name, format: 'wav', ifExists: 'overwrite' };
        void ari().request('POST', `channels/${event.channel.id}/record`, how);
        return true;
      }
      if (event.type === 'PlaybackStarted') {
        running.get(event.playback.id.split('~')[0] ?? '')?.begin();
        return false;
      }
      if (event.type === 'PlaybackFinished') {
        const id = event.playback.id.split('~')[0] ?? '';
        const call = running.get(id);
        if (call?.play) void say(id, call.play);
        return call !== undefined;
      }
      if (event.type !== 'ChannelDestroyed' && event.type !== 'StasisEnd') return false;
      const call = running.get(event.channel.id);
      if (!call) return false;
      running.delete(event.channel.id);
      for (const timer of call.timers) clearTimeout(timer);
      call.finish(call.received.answeredAtMs !== null);
      return true;
    }
  };
}
