import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { callerSdp, dialogOfCallee, request, token, type Dialog } from './dialog.ts';
import { answer, format, header, parse, uriOf, userOf, type SipMessage } from './message.ts';
import { alawTone } from './tone.ts';

/** What a carrier does with a call to one of its numbers, that Asterisk as the carrier cannot do. Times from the INVITE. */
export interface PeerBehaviour {
  /** Said in order before the final answer, without SDP: `183 Session Progress`. */
  before?: { status: string; afterMs: number }[];
  /** Left out: it never answers. */
  answerAfterMs?: number;
  /** Its answer crosses the CANCEL on its way. */
  answersWhenCancelled?: boolean;
  /** What it says from its answer on, in Hz. */
  hz?: number;
}

/** A call that came to it. */
export interface PeerCall {
  atMs: number;
  invite: SipMessage;
  /** The number, as dialled, and as presented in From. */
  to: string;
  from: string;
  /** Resolves as it rings or reports progress for the first time; and with how it ended. */
  reported: Promise<void>;
  ended: Promise<'cancelled' | 'bye'>;
  hangUp(): void;
}

/** A call it made. */
export interface PlacedByPeer {
  /** The final answer. */
  answered: Promise<number>;
  hangUp(): void;
}

interface Running {
  dialog: Dialog;
  invite: SipMessage;
  tag: string;
  /** Sent again when the INVITE is. */
  last: string;
  answered: boolean;
  behaviour: PeerBehaviour;
  timers: NodeJS.Timeout[];
  report: () => void;
  end: (how: 'cancelled' | 'bye') => void;
}

export type Peer = Awaited<ReturnType<typeof startPeer>>;

/** A carrier in SIP alone, at the address of one of the PBX's trunks. */
export async function startPeer({ port, sipPort }: { port: number; sipPort: number }) {
  const socket = await bound(port);
  const audio = await bound(0);
  const via = `SIP/2.0/UDP 127.0.0.1:${port};rport`;
  const contact: [string, string] = ['contact', `<sip:carrier@127.0.0.1:${port}>`];
  const behaviours = new Map<string, { behaviour: PeerBehaviour; arrived: (call: PeerCall) => void }>();
  const running = new Map<string, Running>();
  const placed = new Map<string, (message: SipMessage) => void>();
  const send = (text: string) => socket.send(text, sipPort, '127.0.0.1');

  function respond(call: Running, status: string, sdp = false): void {
    const more: [string, string][] = [
      contact,
      ...(sdp ? [['content-type', 'application/sdp'] as [string, string]] : [])
    ];
    call.last = answer(call.invite, status, call.tag, more, sdp ? callerSdp(audio.address().port) : '');
    send(call.last);
  }

  function invited(message: SipMessage): void {
    const callId = header(message, 'call-id');
    const known = running.get(callId);
    if (known) return again(known, message);
    const to = userOf(message.uri);
    const number = behaviours.get(to);
    const tag = token();
    if (!number) return send(answer(message, '404 Not Found', tag));
    const { behaviour } = number;
    let report = (): void => undefined;
    let end: Running['end'] = () => undefined;
    const reported = new Promise<void>((resolve) => (report = resolve));
    const ended = new Promise<'cancelled' | 'bye'>((resolve) => (end = resolve));
    const dialog = dialogOfCallee(message, tag);
    const call: Running = {
      dialog,
      invite: message,
      tag,
      last: '',
      answered: false,
      behaviour,
      timers: [],
      report,
      end
    };
    running.set(callId, call);
    respond(call, '100 Trying');
    for (const { status, afterMs } of behaviour.before ?? [])
      call.timers.push(
        setTimeout(() => {
          respond(call, status);
          report();
        }, afterMs)
      );
    if (behaviour.answerAfterMs !== undefined)
      call.timers.push(setTimeout(() => pickUp(call), behaviour.answerAfterMs));
    const hangUp = () => {
      send(request('BYE', call.dialog, via));
      over(callId, 'bye');
    };
    number.arrived({
      atMs: Date.now(),
      invite: message,
      to,
      from: userOf(header(message, 'from')),
      reported,
      ended,
      hangUp
    });
  }

  /** The same one again, over UDP; or one within the call, by which the PBX tells who it is connected to now. */
  function again(call: Running, message: SipMessage): void {
    if (header(message, 'cseq') === header(call.invite, 'cseq')) return send(call.last);
    call.invite = message;
    respond(call, '200 OK', true);
  }

  function pickUp(call: Running): void {
    call.answered = true;
    respond(call, '200 OK', true);
    const to = Number(/m=audio (\d+)/.exec(call.invite.body)?.[1] ?? 0);
    if (call.behaviour.hz) call.timers.push(speak(audio, to, call.behaviour.hz));
  }

  function over(callId: string, how: 'cancelled' | 'bye'): void {
    const call = running.get(callId);
    if (!call) return;
    running.delete(callId);
    for (const timer of call.timers) clearInterval(timer);
    call.end(how);
  }

  function cancelled(message: SipMessage): void {
    const callId = header(message, 'call-id');
    const call = running.get(callId);
    send(answer(message, '200 OK', token()));
    if (!call || call.answered) return;
    if (call.behaviour.answersWhenCancelled) return pickUp(call);
    respond(call, '487 Request Terminated');
    over(callId, 'cancelled');
  }

  socket.on('message', (bytes) => {
    const message = parse(bytes.toString('utf8'));
    if (!message) return;
    const callId = header(message, 'call-id');
    switch (message.method) {
      case 'INVITE':
        return invited(message);
      case 'CANCEL':
        return cancelled(message);
      case 'BYE':
        send(answer(message, '200 OK', ''));
        return over(callId, 'bye');
      case 'ACK':
        return;
      case null:
        return placed.get(callId)?.(message);
      default:
        return send(answer(message, '200 OK', token()));
    }
  });

  return {
    /** Calls to this number, as it is written when dialled, are met so; each is given to whoever waits next. */
    number(number: string, behaviour: PeerBehaviour): { next(withinMs?: number): Promise<PeerCall> } {
      const calls: PeerCall[] = [];
      let wake: (() => void) | null = null;
      const arrived = (call: PeerCall) => {
        calls.push(call);
        wake?.();
      };
      behaviours.set(number, { behaviour, arrived });
      return {
        async next(withinMs = 10_000) {
          const woken = new Promise<void>((resolve) => (wake = resolve));
          const timer = setTimeout(() => wake?.(), withinMs);
          if (calls.length === 0) await woken;
          clearTimeout(timer);
          const call = calls.shift();
          if (!call) throw new Error(`nobody called ${number} within ${withinMs} ms`);
          return call;
        }
      };
    },

    /** Calls the PBX: `uri` and `to` are the users of Request-URI and To; `headers` more of the INVITE. */
    call(about: { uri: string; to?: string; from: string; headers?: [string, string][] }): PlacedByPeer {
      const callId = token();
      const uri = `sip:${about.uri}@127.0.0.1:${sipPort}`;
      const from = `<sip:${about.from}@127.0.0.1:${port}>;tag=${token()}`;
      const to = `<sip:${about.to ?? about.uri}@127.0.0.1:${sipPort}>`;
      let dialog: Dialog = { callId, local: from, remote: to, target: uri, cseq: 1 };
      const branch = `z9hG4bK${token()}`;
      const answered = new Promise<number>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the PBX gave no final answer within 10 s')), 10_000);
        placed.set(callId, (message) => {
          if (message.status < 200 || !header(message, 'cseq').endsWith('INVITE')) return;
          clearTimeout(timer);
          dialog = { ...dialog, remote: header(message, 'to') };
          if (message.status < 300) dialog.target = uriOf(header(message, 'contact'));
          const ack = request('ACK', dialog, via);
          // Of a refusal: of the INVITE's own transaction (RFC 3261 section 17.1.1.3).
          send(message.status < 300 ? ack : ack.replace(/branch=\S+/, `branch=${branch}`));
          resolve(message.status);
        });
      });
      const headers: [string, string][] = [
        ['via', `${via};branch=${branch}`],
        ['max-forwards', '70'],
        ['from', from],
        ['to', to],
        ['call-id', callId],
        ['cseq', '1 INVITE'],
        contact,
        ...(about.headers ?? []),
        ['content-type', 'application/sdp']
      ];
      send(format(`INVITE ${uri} SIP/2.0`, headers, callerSdp(audio.address().port)));
      return { answered, hangUp: () => send(request('BYE', { ...dialog, cseq: 2 }, via)) };
    },

    close() {
      for (const callId of running.keys()) over(callId, 'bye');
      socket.close();
      audio.close();
    }
  };
}

export async function bound(port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** RTP: 20 ms of the tone in each packet. */
export function speak(audio: Socket, port: number, hz: number): NodeJS.Timeout {
  const second = alawTone(hz);
  const beganMs = performance.now();
  let sent = 0;
  return setInterval(() => {
    // A timer that comes late sends what is due.
    for (; sent * 20 < performance.now() - beganMs; sent++) {
      const packet = Buffer.alloc(172);
      packet.writeUInt16BE(0x80_08, 0);
      packet.writeUInt16BE(sent & 0xffff, 2);
      packet.writeUInt32BE(sent * 160, 4);
      second.copy(packet, 12, (sent * 160) % 8_000);
      audio.send(packet, port, '127.0.0.1');
    }
  }, 20);
}
