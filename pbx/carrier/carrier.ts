import { randomUUID } from 'node:crypto';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connectAri, type AriClient } from '#lib/server/pbx/asterisk/ari-client.ts';
import type { AriEvent } from '#lib/server/pbx/asterisk/ari-types.ts';
import { createTelephones, type Behaviour, type Telephone } from './telephones.ts';

/**
 * The public network in tests, demo and benchmarks: a second Asterisk that makes real SIP calls through the trunk, says
 * what it is told and records what its caller hears, from before the answer on.
 */
export interface Carrier {
  call(options: CarrierCallOptions): Promise<CarrierCall>;
  /** From now on calls to this number (as the PBX dials it) come to a telephone that behaves so. */
  telephone(number: string, behaviour: Behaviour): Promise<Telephone>;
  close(): void;
}

/** Whom a call with its number withheld is from: the trunk is told (P-Asserted-Identity, with privacy). */
export const withheldNumber = '+46701740605';

export interface CarrierCallOptions {
  /** As dialled on the trunk. */
  to: string;
  /** null: `withheldNumber`, anonymous in From. */
  from: string | null;
  fromName?: string;
  /** How often it has been forwarded before it comes to us: Diversion counts it. */
  diversions?: number;
  /** Absolute path without its ending; said again and again from the answer on. */
  play?: string;
  /** Where to put what the caller heard (wav, 8 kHz mono); written when the call has ended. */
  record?: string;
  /** Each SIP answer as it comes, with the milliseconds since the INVITE. */
  progress?: (step: SipStep) => void;
}

export interface SipStep {
  code: number;
  afterMs: number;
}

export interface CarrierCall {
  id: string;
  /** What it records while it runs; only with `record`. */
  recording: string;
  /** Epoch ms (fractions kept) at which the INVITE was ordered. */
  dialledAtMs: number;
  /** True when answered; false when the call ended without. */
  answered: Promise<boolean>;
  ended: Promise<CallReport>;
  hangUp(): Promise<void>;
  /** Digits in the call (RFC 4733). */
  press(digits: string): Promise<void>;
  /** Says something else from now on; null: silence. */
  say(play: string | null): Promise<void>;
}

export interface CallReport {
  steps: SipStep[];
  answered: boolean;
  endedBy: 'caller' | 'called' | 'network';
  /** Q.850 cause as Asterisk gives it, and SIP's own code where it refused. */
  cause: number;
  causeText: string;
  sipCode: number | null;
  /** From answer to end; 0 when never answered. */
  seconds: number;
  /** Epoch milliseconds: of the INVITE, and of the start of the recording. */
  dialledAtMs: number;
  recordedFromMs: number | null;
}

export interface CarrierSettings {
  url: string;
  password: string;
  /** Asterisk's recording folder. */
  recordings: string;
}

interface Running {
  options: CarrierCallOptions;
  call: Pick<CarrierCall, 'id'>;
  dialledAt: number;
  dialledAtMs: number;
  answeredAt: number | null;
  recordedFromMs: number | null;
  steps: SipStep[];
  play: string | null;
  playing: string | null;
  hungUpByUs: boolean;
  recording: { done: Promise<void>; finish: () => void } | null;
  /** Asterisk takes commands for a channel only once its application has it. */
  entered: { done: Promise<void>; finish: () => void };
  resolveAnswered: (answered: boolean) => void;
  resolveEnded: (report: CallReport) => void;
}

/** `app` must differ between processes that call at the same time: Asterisk gives an application to one socket. */
export async function connectCarrier(
  settings: CarrierSettings,
  app = `caller-${randomUUID().slice(0, 8)}`
): Promise<Carrier> {
  const calls = new Map<string, Running>();
  /** Channels that listen for a recording, until Asterisk has them in the application. */
  const listening = new Map<string, { done: Promise<void>; finish: () => void }>();
  const telephones = createTelephones(() => ari, app, settings.recordings);
  const ari: AriClient = await connectAri({
    url: settings.url,
    user: 'carrier',
    password: settings.password,
    app,
    event: handle,
    closed: lost
  });

  function handle(event: AriEvent): void {
    if (telephones.take(event)) return;
    if (event.type === 'StasisStart') {
      calls.get(event.channel.id)?.entered.finish();
      listening.get(event.channel.id)?.finish();
    } else if (event.type === 'Dial') {
      const running = calls.get(event.peer.id);
      const code = { RINGING: 180, PROGRESS: 183, PROCEEDING: 182, ANSWER: 200 }[event.dialstatus];
      if (running && code) step(running, code);
      if (running && event.dialstatus === 'ANSWER') answered(running);
    } else if (event.type === 'ChannelStateChange' && event.channel.state === 'Up') {
      const running = calls.get(event.channel.id);
      if (running) answered(running);
    } else if (event.type === 'PlaybackFinished') {
      const running = calls.get(event.playback.id.split('~')[0] ?? '');
      if (running?.playing === event.playback.id) void startPlay(running);
    } else if (event.type === 'RecordingFinished' || event.type === 'RecordingFailed') {
      calls.get(event.recording.name)?.recording?.finish();
    } else if (event.type === 'ChannelDestroyed') {
      const running = calls.get(event.channel.id);
      running?.entered.finish();
      if (running) void finish(running, event.cause, event.cause_txt, event.tech_cause ?? null);
    }
  }

  function lost(reason: string): void {
    for (const running of calls.values()) void finish(running, 0, reason, null);
  }

  function step(running: Running, code: number): void {
    if (running.steps.some((known) => known.code === code)) return;
    const entry = { code, afterMs: Math.round((performance.now() - running.dialledAt) * 10) / 10 };
    running.steps.push(entry);
    running.options.progress?.(entry);
  }

  function answered(running: Running): void {
    if (running.answeredAt !== null) return;
    running.answeredAt = performance.now();
    step(running, 200);
    running.resolveAnswered(true);
    void startPlay(running);
  }

  async function startPlay(running: Running): Promise<void> {
    if (!running.play || !calls.has(running.call.id)) return;
    const playback = `${running.call.id}~${randomUUID().slice(0, 8)}`;
    running.playing = playback;
    await ari.request('POST', `channels/${running.call.id}/play`, {
      media: `sound:${running.play}`,
      playbackId: playback
    });
  }

  async function finish(running: Running, cause: number, causeText: string, techCause: number | null): Promise<void> {
    if (!calls.has(running.call.id)) return;
    const at = performance.now();
    if (running.recording) {
      const timer = setTimeout(running.recording.finish, 3_000);
      await running.recording.done;
      clearTimeout(timer);
    }
    calls.delete(running.call.id);
    if (running.recording && running.options.record) {
      const file = join(settings.recordings, `${running.call.id}.wav`);
      await copyFile(file, running.options.record).then(() => rm(file, { force: true }));
    }
    running.resolveAnswered(false);
    running.resolveEnded({
      steps: running.steps,
      answered: running.answeredAt !== null,
      endedBy: running.hungUpByUs ? 'caller' : cause === 0 ? 'network' : 'called',
      cause,
      causeText,
      sipCode: running.answeredAt === null && techCause !== null && techCause >= 300 ? techCause : null,
      seconds: running.answeredAt === null ? 0 : Math.round(at - running.answeredAt) / 1000,
      dialledAtMs: running.dialledAtMs,
      recordedFromMs: running.recordedFromMs
    });
  }

  async function record(running: Running): Promise<void> {
    const { id } = running.call;
    const snoop = `${id}-heard`;
    running.recording = signal();
    const entered = signal();
    listening.set(snoop, entered);
    must(
      await ari.request('POST', `channels/${id}/snoop/${snoop}`, { spy: 'in', whisper: 'none', app, appArgs: 'heard' }),
      'listen to the call'
    );
    await entered.done;
    listening.delete(snoop);
    must(
      await ari.request('POST', `channels/${snoop}/record`, { name: id, format: 'wav', ifExists: 'overwrite' }),
      'record the call'
    );
    running.recordedFromMs = Date.now();
  }

  return {
    async call(options) {
      const id = `out-${randomUUID()}`;
      let resolveAnswered: Running['resolveAnswered'] = () => undefined;
      let resolveEnded: Running['resolveEnded'] = () => undefined;
      const answeredPromise = new Promise<boolean>((resolve) => (resolveAnswered = resolve));
      const endedPromise = new Promise<CallReport>((resolve) => (resolveEnded = resolve));
      const running: Running = {
        options,
        call: { id },
        dialledAt: 0,
        dialledAtMs: 0,
        answeredAt: null,
        recordedFromMs: null,
        steps: [],
        play: options.play ?? null,
        playing: null,
        hungUpByUs: false,
        recording: null,
        entered: signal(),
        resolveAnswered,
        resolveEnded
      };
      calls.set(id, running);
      const presentation = options.from === null ? 'prohib' : 'allowed';
      const variables: Record<string, string> = {
        'CONNECTEDLINE(num,i)': options.from ?? withheldNumber,
        'CONNECTEDLINE(name,i)': options.fromName ?? '',
        'CONNECTEDLINE(num-pres,i)': presentation,
        'CONNECTEDLINE(name-pres,i)': presentation,
        ...(options.diversions && {
          'PJSIP_HEADER(add,Diversion)': `<sip:+46850000000@carrier.invalid>;reason=unconditional;counter=${options.diversions}`
        })
      };
      try {
        must(
          await ari.request(
            'POST',
            'channels/create',
            { endpoint: `PJSIP/${options.to}@pbx`, app, appArgs: 'call', channelId: id },
            { variables }
          ),
          'make the call'
        );
        await running.entered.done;
        if (options.record) await record(running);
        running.dialledAt = performance.now();
        running.dialledAtMs = performance.timeOrigin + running.dialledAt;
        must(await ari.request('POST', `channels/${id}/dial`, { timeout: 3_600 }), 'dial');
      } catch (error) {
        calls.delete(id);
        await ari.request('DELETE', `channels/${id}`);
        throw error;
      }
      return {
        id,
        recording: join(settings.recordings, `${id}.wav`),
        dialledAtMs: running.dialledAtMs,
        answered: answeredPromise,
        ended: endedPromise,
        async hangUp() {
          running.hungUpByUs = true;
          await ari.request('DELETE', `channels/${id}`);
        },
        async press(digits) {
          must(await ari.request('POST', `channels/${id}/dtmf`, { dtmf: digits }), 'press digits');
        },
        async say(play) {
          running.play = play;
          if (running.playing) await ari.request('DELETE', `playbacks/${running.playing}`);
          else await startPlay(running);
        }
      };
    },
    telephone: (number, behaviour) => telephones.play(number, behaviour),
    close: () => ari.close()
  };
}

function signal(): { done: Promise<void>; finish: () => void } {
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return { done, finish };
}

function must(answer: { status: number; body: unknown }, what: string): void {
  if (answer.status >= 200 && answer.status < 300) return;
  throw new Error(`the carrier could not ${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
}
