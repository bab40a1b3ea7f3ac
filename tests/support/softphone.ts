import {
  Invitation,
  Inviter,
  Registerer,
  RegistererState,
  SessionState,
  UserAgent,
  type Session,
  type SessionDescriptionHandler
} from 'sip.js';

/**
 * A softphone for tests without a browser: real SIP over a real WebSocket (the browser's own sip.js), but no media: its
 * SDP is fixed and nobody listens at its address. Audio is proven in Chromium.
 */
export interface TestSoftphone {
  /** The next invitation, as soon as it rings; rejects after `withinMs`. */
  invitation(withinMs?: number): Promise<TestInvitation>;
  dial(digits: string): TestDialled;
  stop(): Promise<void>;
}

export interface TestDialled {
  /** How it was when it was over. */
  ended: Promise<'answered' | 'unanswered'>;
  hangUp(): Promise<void>;
}

export interface TestInvitation {
  offerId: string | null;
  caller: string;
  /** When the INVITE was there, by `performance.now()`. */
  atMs: number;
  answer(): Promise<void>;
  /** `contact`: where a 302 sends the caller. */
  reject(statusCode: number, contact?: string): Promise<void>;
  hangUp(): Promise<void>;
  /** By re-INVITE with `a=sendonly`, as browsers do. */
  hold(held: boolean): Promise<void>;
  over: boolean;
  ended: Promise<void>;
  /** The Reason header of a CANCEL, when there was one. */
  cancelReason: Promise<string | null>;
}

export async function startSoftphone(settings: {
  url: string;
  username: string;
  password: string;
}): Promise<TestSoftphone> {
  const invitations: TestInvitation[] = [];
  const waiting: ((invitation: TestInvitation) => void)[] = [];
  const agent = new UserAgent({
    uri: must(UserAgent.makeURI(`sip:${settings.username}@vaxel.invalid`)),
    authorizationUsername: settings.username,
    authorizationPassword: settings.password,
    transportOptions: { server: settings.url },
    logLevel: 'error',
    sessionDescriptionHandlerFactory: (session) => withoutMedia(session instanceof Inviter ? 'offer' : 'answer'),
    delegate: {
      onInvite(invitation) {
        const one = wrap(invitation);
        const taker = waiting.shift();
        if (taker) taker(one);
        else invitations.push(one);
      }
    }
  });
  await agent.start();
  const registerer = new Registerer(agent, { expires: 60 });
  const registered = new Promise<void>((resolve, reject) => {
    registerer.stateChange.addListener((state) => state === RegistererState.Registered && resolve());
    setTimeout(() => reject(new Error('not registered within 5 s')), 5_000).unref();
  });
  await registerer.register();
  await registered;
  return {
    invitation(withinMs = 5_000) {
      // One that has ended before anybody looked is of no use to a test.
      let ready = invitations.shift();
      while (ready?.over) ready = invitations.shift();
      if (ready) return Promise.resolve(ready);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${settings.username}: no call within ${withinMs} ms`)),
          withinMs
        );
        waiting.push((invitation) => {
          clearTimeout(timer);
          resolve(invitation);
        });
      });
    },
    dial: (digits) => dial(agent, digits),
    async stop() {
      await agent.stop();
    }
  };
}

function dial(agent: UserAgent, digits: string): TestDialled {
  const inviter = new Inviter(agent, must(UserAgent.makeURI(`sip:${digits}@vaxel.invalid`)));
  let outcome: Awaited<TestDialled['ended']> = 'unanswered';
  const ended: TestDialled['ended'] = new Promise((resolve) => {
    inviter.stateChange.addListener((state) => {
      if (state === SessionState.Established) outcome = 'answered';
      if (state === SessionState.Terminated) resolve(outcome);
    });
  });
  void inviter.invite();
  return { ended, hangUp: () => bye(inviter) };
}

function wrap(invitation: Invitation): TestInvitation {
  let cancelled: (reason: string | null) => void = () => undefined;
  const cancelReason = new Promise<string | null>((resolve) => (cancelled = resolve));
  invitation.delegate = { onCancel: (cancel) => cancelled(cancel.request.getHeader('reason') ?? null) };
  const ended = new Promise<void>((resolve) => {
    invitation.stateChange.addListener((state) => {
      if (state !== SessionState.Terminated) return;
      one.over = true;
      cancelled(null);
      resolve();
    });
  });
  const one: TestInvitation = {
    over: false,
    offerId: invitation.request.getHeader('x-vaxel-offer') ?? null,
    caller: invitation.remoteIdentity.uri.user ?? '',
    atMs: performance.now(),
    ended,
    cancelReason,
    answer: () => invitation.accept(),
    reject: (statusCode, contact) =>
      invitation.reject({ statusCode, extraHeaders: contact ? [`Contact: <${contact}>`] : [] }),
    hangUp: () => bye(invitation),
    async hold(held) {
      // Until it is accepted the next one would be refused (one re-INVITE at a time, RFC 3261 14.1).
      await new Promise<void>((resolve, reject) => {
        const requestDelegate = { onAccept: () => resolve(), onReject: () => reject(new Error('hold refused')) };
        invitation.invite({ sessionDescriptionHandlerModifiers: [modifier(held)], requestDelegate }).catch(reject);
      });
    }
  };
  return one;
}

async function bye(session: Session): Promise<void> {
  if (session.state === SessionState.Established) await session.bye();
  else if (session instanceof Inviter) await session.cancel();
}

const modifier = (held: boolean) => (description: RTCSessionDescriptionInit) =>
  Promise.resolve({
    ...description,
    sdp: (description.sdp ?? '').replace(/a=(sendrecv|sendonly)/, held ? 'a=sendonly' : 'a=sendrecv')
  });

/** What Asterisk takes; ICE and DTLS never get further, as nobody sends from there. */
function withoutMedia(type: 'offer' | 'answer'): SessionDescriptionHandler {
  const sdp = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 8 0 101',
    'c=IN IP4 127.0.0.1',
    'a=mid:0',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=sendrecv',
    'a=rtcp-mux',
    type === 'offer' ? 'a=setup:actpass' : 'a=setup:active',
    `a=ice-ufrag:${Math.random().toString(36).slice(2, 10)}`,
    `a=ice-pwd:${'x'.repeat(24)}`,
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, (_, index) => (index + 16).toString(16).toUpperCase()).join(':')}`,
    'a=candidate:1 1 UDP 2130706431 127.0.0.1 9 typ host',
    ''
  ].join('\r\n');
  return {
    close: () => undefined,
    async getDescription(_options, modifiers = []) {
      let description: RTCSessionDescriptionInit = { type, sdp };
      for (const change of modifiers) description = await change(description);
      return { body: description.sdp ?? '', contentType: 'application/sdp' };
    },
    hasDescription: (contentType) => contentType === 'application/sdp',
    rollbackDescription: () => Promise.resolve(),
    setDescription: () => Promise.resolve(),
    sendDtmf: () => false
  };
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not a SIP address');
  return value;
}
