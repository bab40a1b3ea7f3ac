import {
  Registerer,
  RegistererState,
  SessionState,
  UserAgent,
  UserAgentState,
  type Invitation,
  type Session
} from 'sip.js';
import { SessionDescriptionHandler, defaultSessionDescriptionHandlerFactory } from 'sip.js/lib/platform/web/index.js';

/**
 * The browser's telephone, and the only file that knows sip.js (its last release is of 2022).
 *
 *   off ──arm──► arming ──registered──► ready ◄──────────────┐
 *                  │                      │ socket gone       │ registered again, calls re-invited
 *                  └── failed             └──► reconnecting ──┘
 */
export type SoftphonePhase = 'off' | 'arming' | 'ready' | 'reconnecting' | 'failed';
export type SoftphoneProblem = 'microphone-denied' | 'microphone-missing' | 'no-connection' | 'refused';
export interface SoftphoneCall {
  /** The header that ties it to the offer on the desk. */
  offerId: string;
  phase: 'ringing' | 'answering' | 'talking';
  held: boolean;
  muted: boolean;
}
export interface SoftphoneState {
  phase: SoftphonePhase;
  problem: SoftphoneProblem | null;
  call: SoftphoneCall | null;
}

export interface SoftphoneOptions {
  /** Asked at each arming: the credentials of the agent's own device. */
  credentials: () => Promise<{ username: string; password: string }>;
  /** Plays the caller. Given by the page, so that a person's click has unlocked it. */
  audio: HTMLAudioElement;
  changed: (state: SoftphoneState) => void;
  /** Echo cancellation, noise suppression, gain control; off for lines that measure tones. */
  processing: boolean;
}

/** Candidates of this machine come at once; a STUN server that does not answer must not hold the answer up. */
const gatheringMs = 300;
const registerWithinMs = 8_000;
const retryFirstMs = 200;
const retryMostMs = 5_000;

export class Softphone {
  #options: SoftphoneOptions;
  #state: SoftphoneState = { phase: 'off', problem: null, call: null };
  #agent: UserAgent | null = null;
  #registerer: Registerer | null = null;
  #microphone: MediaStream | null = null;
  #session: Invitation | null = null;
  #armed = false;
  #retrying = false;
  #reinviting = false;

  constructor(options: SoftphoneOptions) {
    this.#options = options;
  }

  get state(): SoftphoneState {
    return this.#state;
  }

  /**
   * Microphone, sound and registration, in one click of the agent. The microphone stays open until `disarm`: opening
   * it at the first answer would cost 300–800 ms. Resolves to whether it is ready; `state.problem` says why not.
   */
  async arm(): Promise<boolean> {
    if (this.#armed) return this.#state.phase === 'ready';
    this.#change({ phase: 'arming', problem: null });
    try {
      this.#microphone = await openMicrophone(this.#options.processing);
    } catch (error) {
      const missing = error instanceof DOMException && ['NotFoundError', 'OverconstrainedError'].includes(error.name);
      return this.#fail(missing ? 'microphone-missing' : 'microphone-denied');
    }
    this.#armed = true;
    try {
      const credentials = await this.#options.credentials();
      await this.#connect(credentials);
      await this.#register();
      this.#change({ phase: 'ready' });
      return true;
    } catch {
      // Which of the two it was is of no use to the agent; both are tried again by pressing the button.
      await this.disarm();
      return this.#fail('no-connection');
    }
  }

  async disarm(): Promise<void> {
    this.#armed = false;
    const agent = this.#agent;
    this.#agent = null;
    if (this.#registerer?.state === RegistererState.Registered)
      await this.#registerer.unregister().catch(() => undefined);
    await agent?.stop().catch(() => undefined);
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    this.#microphone = null;
    this.#session = null;
    this.#change({ phase: 'off', call: null });
  }

  async answer(): Promise<void> {
    const session = this.#session;
    if (!session || this.#state.call?.phase !== 'ringing') return;
    this.#changeCall({ phase: 'answering' });
    await session.accept({ sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } } });
  }

  async decline(): Promise<void> {
    if (this.#state.call?.phase === 'ringing') await this.#session?.reject({ statusCode: 603 });
  }

  async hangUp(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    if (session.state === SessionState.Established) await session.bye();
    else if (session.state === SessionState.Initial) await session.reject({ statusCode: 603 });
    else await session.dispose();
  }

  /** Ends our side alone: the desk has been told that the leg is gone, and no BYE will come. */
  async drop(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    this.#change({ call: null });
    await session?.dispose().catch(() => undefined);
  }

  async hold(held: boolean): Promise<void> {
    const session = this.#session;
    // One re-INVITE at a time (RFC 3261 14.1): a second press while one is under way is the same wish.
    if (session?.state !== SessionState.Established || this.#reinviting) return;
    await this.#reinvite(session, held);
    handlerOf(session)?.enableReceiverTracks(!held);
    handlerOf(session)?.enableSenderTracks(!held && this.#state.call?.muted !== true);
    this.#changeCall({ held });
  }

  /** Resolves when the PBX has accepted it. */
  async #reinvite(session: Session, hold: boolean): Promise<void> {
    this.#reinviting = true;
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no answer to re-INVITE')), registerWithinMs);
        const settle = (act: () => void) => () => {
          clearTimeout(timer);
          act();
        };
        session
          .invite({
            sessionDescriptionHandlerOptions: { hold } as object,
            requestDelegate: {
              onAccept: settle(resolve),
              onReject: settle(() => reject(new Error('re-INVITE refused')))
            }
          })
          .catch((error: unknown) => settle(() => reject(error instanceof Error ? error : new Error(String(error))))());
      });
    } finally {
      this.#reinviting = false;
    }
  }

  mute(muted: boolean): void {
    const handler = this.#session && handlerOf(this.#session);
    handler?.enableSenderTracks(!muted && this.#state.call?.held !== true);
    this.#changeCall({ muted });
  }

  press(digit: string): void {
    const handler = this.#session && handlerOf(this.#session);
    handler?.sendDtmf(digit);
  }

  async #connect({ username, password }: { username: string; password: string }): Promise<void> {
    const uri = UserAgent.makeURI(`sip:${username}@vaxel.invalid`);
    if (!uri) throw new Error('not a SIP user');
    const agent = new UserAgent({
      uri,
      authorizationUsername: username,
      authorizationPassword: password,
      transportOptions: { server: `${location.origin.replace(/^http/, 'ws')}/sip`, connectionTimeout: 5 },
      logLevel: 'error',
      // A browser's name in no SIP header of ours.
      userAgentString: 'Vaxel',
      gracefulShutdown: true,
      sessionDescriptionHandlerFactory: defaultSessionDescriptionHandlerFactory(() => Promise.resolve(this.#line())),
      sessionDescriptionHandlerFactoryOptions: {
        iceGatheringTimeout: gatheringMs,
        peerConnectionConfiguration: { iceServers: [], bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' }
      },
      delegate: {
        onInvite: (invitation) => this.#ring(invitation),
        onDisconnect: () => void this.#comeBack(agent)
      }
    });
    this.#agent = agent;
    await agent.start();
  }

  /** A copy of the open microphone: sip.js stops the tracks it was given at the end of each call. */
  #line(): MediaStream {
    return new MediaStream(this.#microphone?.getTracks().map((track) => track.clone()) ?? []);
  }

  async #register(): Promise<void> {
    const agent = this.#agent;
    if (!agent) throw new Error('not connected');
    this.#registerer ??= new Registerer(agent, { expires: 60, refreshFrequency: 75 });
    if (this.#registerer.state === RegistererState.Terminated)
      this.#registerer = new Registerer(agent, { expires: 60, refreshFrequency: 75 });
    const registerer = this.#registerer;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer to REGISTER')), registerWithinMs);
      registerer
        .register({
          requestDelegate: {
            onAccept: () => {
              clearTimeout(timer);
              resolve();
            },
            onReject: () => {
              clearTimeout(timer);
              reject(new Error('REGISTER refused'));
            }
          }
        })
        .catch((error: unknown) => {
          clearTimeout(timer);
          reject(error instanceof Error ? error : new Error(String(error)));
        });
    });
  }

  /** sip.js does not come back by itself and still says *Registered*: connect, register, and invite each call again. */
  async #comeBack(agent: UserAgent): Promise<void> {
    if (!this.#armed || this.#agent !== agent || this.#retrying) return;
    this.#retrying = true;
    this.#change({ phase: 'reconnecting' });
    for (let waitMs = retryFirstMs; this.#armed && this.#agent === agent; waitMs = Math.min(waitMs * 2, retryMostMs)) {
      await new Promise((resolve) => setTimeout(resolve, waitMs * (0.5 + Math.random())));
      try {
        if (agent.state === UserAgentState.Stopped) break;
        if (!agent.transport.isConnected()) await agent.reconnect();
        await this.#register();
        // The call's dialog still points at the dead socket: without this Asterisk could not end it (telephony.md).
        const session = this.#session;
        if (session?.state === SessionState.Established) await this.#reinvite(session, this.#state.call?.held === true);
        this.#change({ phase: 'ready' });
        break;
      } catch {
        // Not there yet: the next try is later, and the state says *reconnecting* until then.
        continue;
      }
    }
    this.#retrying = false;
  }

  #ring(invitation: Invitation): void {
    if (this.#session && this.#session.state !== SessionState.Terminated) {
      void invitation.reject({ statusCode: 486 }).catch(() => undefined);
      return;
    }
    this.#session = invitation;
    invitation.stateChange.addListener((state) => {
      if (this.#session !== invitation) return;
      if (state === SessionState.Established) {
        this.#listen(invitation);
        this.#changeCall({ phase: 'talking' });
      }
      if (state === SessionState.Terminated) {
        this.#session = null;
        this.#change({ call: null });
      }
    });
    const offerId = invitation.request.getHeader('x-vaxel-offer') ?? '';
    this.#change({ call: { offerId, phase: 'ringing', held: false, muted: false } });
  }

  #listen(session: Session): void {
    const remote = handlerOf(session)?.remoteMediaStream;
    if (!remote) return;
    this.#options.audio.srcObject = remote;
    void this.#options.audio.play().catch(() => undefined); // unlocked by *Start shift*; else the desk shows the problem
  }

  #fail(problem: SoftphoneProblem): false {
    this.#change({ phase: 'failed', problem });
    return false;
  }

  #changeCall(change: Partial<SoftphoneCall>): void {
    if (this.#state.call) this.#change({ call: { ...this.#state.call, ...change } });
  }

  #change(change: Partial<SoftphoneState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.changed(this.#state);
  }
}

function handlerOf(session: Session): SessionDescriptionHandler | null {
  const handler = session.sessionDescriptionHandler;
  return handler instanceof SessionDescriptionHandler ? handler : null;
}

function openMicrophone(processing: boolean): Promise<MediaStream> {
  const audio = { echoCancellation: processing, noiseSuppression: processing, autoGainControl: processing };
  return navigator.mediaDevices.getUserMedia({ audio, video: false });
}
