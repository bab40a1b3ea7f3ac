import { authorization, callerSdp, dialogOfCallee, request, token, type Dialog } from './dialog.ts';
import { answer, format, header, parse, type SipMessage } from './message.ts';
import { bound, speak } from './peer.ts';

/** A call that rings on it. */
export interface DeskPhoneCall {
  /** Says the phone's tone from then on. */
  answer(): void;
  /** 486. */
  busy(): void;
  hangUp(): void;
  ended: Promise<'cancelled' | 'bye'>;
}
interface Leg {
  invite: SipMessage;
  dialog: Dialog;
  tag: string;
  answered: boolean;
  talk: NodeJS.Timeout | null;
  end: (how: 'cancelled' | 'bye') => void;
}
export type DeskPhone = Awaited<ReturnType<typeof startDeskPhone>>;

const registerWithinMs = 5_000;

/** A desk phone in SIP alone (P16): plain UDP, digest, A-law, as it comes out of its box. Resolves when it is registered. */
export async function startDeskPhone(account: { server: string; username: string; password: string; hz: number }) {
  const [host = '', port = ''] = account.server.split(':');
  const [socket, audio] = await Promise.all([bound(0), bound(0)]);
  const own = `127.0.0.1:${socket.address().port}`;
  const via = `SIP/2.0/UDP ${own};rport`;
  const contact: [string, string] = ['contact', `<sip:${account.username}@${own}>`];
  const from = `<sip:${account.username}@${host}>;tag=${token()}`;
  const registerCallId = token();
  const legs = new Map<string, Leg>();
  const rung: DeskPhoneCall[] = [];
  const waiting: ((call: DeskPhoneCall) => void)[] = [];
  const send = (text: string) => socket.send(text, Number(port), host);
  let cseq = 0;
  let registered: (ok: boolean) => void = () => undefined;

  function register(expires: number, credentials: [string, string][] = []): void {
    cseq += 1;
    const to = `<sip:${account.username}@${host}>`;
    const headers: [string, string][] = [
      ['via', `${via};branch=z9hG4bK${token()}`],
      ['max-forwards', '70'],
      ['from', from],
      ['to', to],
      ['call-id', registerCallId],
      ['cseq', `${cseq} REGISTER`],
      contact,
      ['expires', String(expires)],
      ...credentials
    ];
    send(format(`REGISTER sip:${host} SIP/2.0`, headers));
  }

  /** Challenged as it has no credentials yet; a second time they are wrong. */
  function answered(message: SipMessage, expires: number): void {
    if (message.status === 200) return registered(true);
    if (message.status !== 401 || cseq > 1) return registered(false);
    const challenge = header(message, 'www-authenticate');
    const { username, password } = account;
    register(expires, [['authorization', authorization(challenge, 'REGISTER', `sip:${host}`, username, password)]]);
  }

  function invited(invite: SipMessage): void {
    const callId = header(invite, 'call-id');
    if (legs.has(callId)) return;
    const tag = token();
    let end: Leg['end'] = () => undefined;
    const ended = new Promise<'cancelled' | 'bye'>((resolve) => (end = resolve));
    const leg: Leg = { invite, tag, dialog: dialogOfCallee(invite, tag), answered: false, talk: null, end };
    legs.set(callId, leg);
    send(answer(invite, '180 Ringing', tag, [contact]));
    const call: DeskPhoneCall = {
      ended,
      answer() {
        leg.answered = true;
        const sdp = callerSdp(audio.address().port);
        send(answer(invite, '200 OK', tag, [contact, ['content-type', 'application/sdp']], sdp));
        leg.talk = speak(audio, Number(/m=audio (\d+)/.exec(invite.body)?.[1]), account.hz);
      },
      busy: () => send(answer(invite, '486 Busy Here', tag, [contact])),
      hangUp() {
        send(request('BYE', leg.dialog, via));
        over(callId, 'bye');
      }
    };
    const first = waiting.shift();
    if (first) first(call);
    else rung.push(call);
  }

  function over(callId: string, how: 'cancelled' | 'bye'): void {
    const leg = legs.get(callId);
    if (!leg) return;
    legs.delete(callId);
    if (leg.talk) clearInterval(leg.talk);
    leg.end(how);
  }

  socket.on('message', (bytes) => {
    const message = parse(bytes.toString('utf8'));
    if (!message) return;
    const callId = header(message, 'call-id');
    const leg = legs.get(callId);
    if (message.method === 'INVITE') return invited(message);
    if (message.method === 'ACK') return;
    if (message.method === null) return callId === registerCallId ? answered(message, 60) : undefined;
    send(answer(message, '200 OK', leg?.tag ?? token()));
    if (message.method === 'BYE') over(callId, 'bye');
    if (message.method !== 'CANCEL' || !leg || leg.answered) return;
    send(answer(leg.invite, '487 Request Terminated', leg.tag));
    over(callId, 'cancelled');
  });

  const done = new Promise<boolean>((resolve) => {
    registered = resolve;
    setTimeout(() => resolve(false), registerWithinMs).unref();
  });
  register(60);
  return {
    registered: await done,
    /** The next call that rings and has not been given yet. */
    next: () =>
      new Promise<DeskPhoneCall>((resolve) => {
        const call = rung.shift();
        if (call) resolve(call);
        else waiting.push(resolve);
      }),
    close() {
      for (const { talk } of legs.values()) if (talk) clearInterval(talk);
      socket.close();
      audio.close();
    }
  };
}
