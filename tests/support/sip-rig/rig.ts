import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { createRandom } from '#lib/simulation/random.ts';
import { authorization, callerSdp, dialogOfCallee, request, softphoneSdp, token, type Dialog } from './dialog.ts';
import { answer, format, header, parse, uriOf, userOf, type SipMessage } from './message.ts';
import type { Observation } from './observations.ts';
import type { RigOptions } from './index.ts';

/**
 * In a thread of its own, so that nothing else delays what it sees: callers on the trunk (UDP) and agents' devices
 * (SIP over WebSocket, as browsers), with the load, the talk and the notes all of one clock. No audio but for a packet now
 * and then, as the trunk ends a silent leg.
 */
const options = workerData as RigOptions;
const observations: Observation[] = [];
const now = () => performance.timeOrigin + performance.now();
const keepAliveMs = 5_000;
const resendMs = 500;
const resends = 6;

interface Caller {
  call: number;
  callId: string;
  invite: string;
  resent: number;
  timer: NodeJS.Timeout | null;
  branch: string;
  from: string;
  dialog: Dialog | null;
  rtp: { port: number; timer: NodeJS.Timeout } | null;
}

async function main(): Promise<void> {
  const trunk = createSocket('udp4');
  // Asterisk's audio ends here, unread: the kernel drops it.
  const sink = createSocket({ type: 'udp4', recvBufferSize: 4_096 });
  trunk.bind(options.trunkPort, '127.0.0.1');
  sink.bind(0, '127.0.0.1');
  await Promise.all([once(trunk, 'listening'), once(sink, 'listening')]);
  // Both systems get the same calls.
  const random = createRandom(options.seed);
  const exponential = (mean: number) => -mean * Math.log(1 - random.next());
  // Drawn before the first call, so that the order of events changes none of it.
  const count = Math.round(options.rate * options.seconds * 1.5) + 100;
  const gapsMs = Array.from({ length: count }, () => exponential(1_000 / options.rate));
  const talksMs = Array.from({ length: count }, () =>
    options.talk === 'fixed' ? options.talkMs : exponential(options.talkMs)
  );
  const agents = await Promise.all(
    options.agents.map((agent, index) => startAgent(agent, index, talksMs, sink.address().port))
  );
  const callers = startCallers(trunk, sink);
  parentPort?.postMessage({ type: 'ready' });
  const [start] = (await once(parentPort!, 'message')) as [unknown];
  if (start !== 'start') return;
  const fromMs = now();
  await callers.run(gapsMs, options.seconds * 1_000);
  for (const agent of agents) agent.close();
  trunk.close();
  sink.close();
  parentPort?.postMessage({ type: 'done', observations, fromMs });
  parentPort?.close();
}

/** Callers one after another at random times, until `forMs` is over and the last has gone. */
function startCallers(trunk: Socket, sink: Socket) {
  const own = `127.0.0.1:${trunk.address().port}`;
  const via = `SIP/2.0/UDP ${own};rport`;
  const byCallId = new Map<string, Caller>();
  let drained: (() => void) | null = null;
  const toPbx = (text: string) => trunk.send(text, options.sipPort, '127.0.0.1');

  function dial(call: number): void {
    const branch = `z9hG4bK${token()}`;
    const callId = token() + token();
    const from = `<sip:${callerNumber(call)}@${own}>;tag=${token()}`;
    const uri = `sip:${options.number}@127.0.0.1:${options.sipPort}`;
    const invite = format(
      `INVITE ${uri} SIP/2.0`,
      [
        ['via', `${via};branch=${branch}`],
        ['max-forwards', '70'],
        ['from', from],
        ['to', `<${uri}>`],
        ['call-id', callId],
        ['cseq', '1 INVITE'],
        ['contact', `<sip:${callerNumber(call)}@${own}>`],
        ['content-type', 'application/sdp']
      ],
      callerSdp(sink.address().port)
    );
    const caller: Caller = { call, callId, invite, branch, from, resent: 0, timer: null, dialog: null, rtp: null };
    byCallId.set(callId, caller);
    observations.push({ kind: 'call', atMs: now(), call });
    send(caller);
  }

  /** Over UDP a request is sent again until somebody answers (RFC 3261 section 17.1.1). */
  function send(caller: Caller): void {
    toPbx(caller.invite);
    caller.timer = setTimeout(
      () => {
        if (++caller.resent > resends) return over(caller, 408);
        send(caller);
      },
      resendMs * (caller.resent + 1)
    );
  }

  function over(caller: Caller, code: number): void {
    if (!byCallId.delete(caller.callId)) return;
    if (caller.timer) clearTimeout(caller.timer);
    if (caller.rtp) clearInterval(caller.rtp.timer);
    observations.push({ kind: 'gone', atMs: now(), call: caller.call, code });
    if (byCallId.size === 0) drained?.();
  }

  trunk.on('message', (bytes) => {
    const message = parse(bytes.toString('utf8'));
    if (!message) return;
    const caller = byCallId.get(header(message, 'call-id'));
    if (message.method === 'OPTIONS') return toPbx(answer(message, '200 OK', token()));
    if (message.method === 'BYE') {
      toPbx(answer(message, '200 OK', ''));
      return caller && over(caller, 0);
    }
    if (message.method || !caller || !header(message, 'cseq').endsWith('INVITE')) return;
    if (caller.timer) clearTimeout(caller.timer);
    caller.timer = null;
    if (message.status < 200) return;
    const dialog = {
      callId: caller.callId,
      local: caller.from,
      remote: header(message, 'to'),
      target: uriOf(header(message, 'contact')),
      cseq: 1
    };
    if (message.status < 300) {
      toPbx(request('ACK', dialog, via));
      if (!caller.dialog) listen(caller, message);
      caller.dialog = dialog;
      return;
    }
    const uri = `sip:${options.number}@127.0.0.1:${options.sipPort}`;
    // Of the INVITE's own transaction: the same branch (RFC 3261 section 17.1.1.3).
    toPbx(request('ACK', { ...dialog, target: uri }, via).replace(/branch=\S+/, `branch=${caller.branch}`));
    over(caller, message.status);
  });

  function listen(caller: Caller, message: SipMessage): void {
    const port = Number(/m=audio (\d+)/.exec(message.body)?.[1] ?? 0);
    const packet = Buffer.alloc(172, 0xd5);
    packet.writeUInt16BE(0x80_08, 0);
    packet.writeUInt32BE(caller.call, 8);
    let sequence = 0;
    const timer = setInterval(() => {
      packet.writeUInt16BE(++sequence, 2);
      sink.send(packet, port, '127.0.0.1');
    }, keepAliveMs);
    caller.rtp = { port, timer };
  }

  return {
    async run(gapsMs: number[], forMs: number): Promise<void> {
      const fromMs = now();
      let dueMs = fromMs;
      for (const [call, gapMs] of gapsMs.entries()) {
        dueMs += gapMs;
        if (dueMs - fromMs > forMs) break;
        const waitMs = dueMs - now();
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
        dial(call);
      }
      if (byCallId.size === 0) return;
      await Promise.race([
        new Promise<void>((resolve) => (drained = resolve)),
        new Promise<void>((resolve) => setTimeout(resolve, options.drainMs))
      ]);
      for (const caller of byCallId.values()) {
        if (caller.dialog) toPbx(request('BYE', { ...caller.dialog, cseq: 2 }, via));
        over(caller, 0);
      }
    }
  };
}

/** How a device reaches the PBX: `contact` is its own host part, `via` what its requests begin with. */
interface Way {
  contact: string;
  via: string;
  send(text: string): void;
  listen(take: (text: string) => void): void;
  close(): void;
}

async function openWebSocket(): Promise<Way> {
  const socket = new WebSocket(options.devicesUrl, 'sip', { perMessageDeflate: false });
  await once(socket, 'open');
  const host = `${token()}.invalid`;
  return {
    contact: `${host};transport=ws`,
    via: `SIP/2.0/WS ${host}`,
    send: (text) => socket.send(text),
    listen: (take) => void socket.on('message', (data: Buffer) => take(data.toString('utf8'))),
    close: () => socket.close()
  };
}

async function openUdp(): Promise<Way> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const host = `127.0.0.1:${socket.address().port}`;
  return {
    contact: host,
    via: `SIP/2.0/UDP ${host};rport`,
    send: (text) => socket.send(text, options.sipPort, '127.0.0.1'),
    listen: (take) => void socket.on('message', (data) => take(data.toString('utf8'))),
    close: () => socket.close()
  };
}

/** A device that registers, answers at once (or after a while), talks, and hangs up. */
async function startAgent(settings: RigOptions['agents'][number], agent: number, talksMs: number[], sinkPort: number) {
  const socket = await (options.devices === 'ws' ? openWebSocket() : openUdp());
  const { via } = socket;
  const aor = `sip:${settings.username}@vaxel.invalid`;
  const contact = `<sip:${settings.username}@${socket.contact}>`;
  const from = `<${aor}>;tag=${token()}`;
  const registerCallId = token();
  const legs = new Map<string, { call: number; dialog: Dialog; invite: SipMessage; answered: boolean }>();
  let cseq = 0;
  let registered: () => void = () => undefined;

  const register = (credentials: [string, string][]) => {
    cseq += 1;
    const headers: [string, string][] = [
      ['via', `${via};branch=z9hG4bK${token()}`],
      ['max-forwards', '70'],
      ['from', from],
      ['to', `<${aor}>`],
      ['call-id', registerCallId],
      ['cseq', `${cseq} REGISTER`],
      ['contact', contact],
      ['expires', '60'],
      ...credentials
    ];
    socket.send(format('REGISTER sip:vaxel.invalid SIP/2.0', headers));
  };

  function free(callId: string): void {
    const leg = legs.get(callId);
    if (!leg) return;
    legs.delete(callId);
    observations.push({ kind: 'free', atMs: now(), call: leg.call, agent });
  }

  function invited(message: SipMessage): void {
    const callId = header(message, 'call-id');
    if (legs.has(callId)) return;
    const atMs = now();
    const call = callOf(userOf(header(message, 'from')));
    observations.push({ kind: 'offer', atMs, call, agent });
    const tag = token();
    legs.set(callId, { call, dialog: dialogOfCallee(message, tag), invite: message, answered: false });
    socket.send(answer(message, '180 Ringing', tag, [['contact', contact]]));
    setTimeout(() => {
      const leg = legs.get(callId);
      if (!leg) return;
      leg.answered = true;
      observations.push({ kind: 'answer', atMs: now(), call, agent });
      const more: [string, string][] = [
        ['contact', contact],
        ['content-type', 'application/sdp']
      ];
      const sdp = options.devices === 'ws' ? softphoneSdp() : callerSdp(sinkPort);
      socket.send(answer(message, '200 OK', tag, more, sdp));
      setTimeout(() => {
        if (!legs.has(callId)) return;
        socket.send(request('BYE', leg.dialog, via));
        free(callId);
      }, talksMs[call] ?? options.talkMs);
    }, options.answerAfterMs);
  }

  socket.listen((text) => {
    const message = parse(text);
    if (!message) return;
    const callId = header(message, 'call-id');
    switch (message.method) {
      case 'INVITE':
        return invited(message);
      case 'CANCEL': {
        const leg = legs.get(callId);
        socket.send(answer(message, '200 OK', token()));
        if (!leg || leg.answered) return;
        socket.send(answer(leg.invite, '487 Request Terminated', /tag=(\w+)/.exec(leg.dialog.local)?.[1] ?? ''));
        return free(callId);
      }
      case 'BYE':
        socket.send(answer(message, '200 OK', ''));
        return free(callId);
      case 'ACK':
        return;
      case null:
        if (callId !== registerCallId) return;
        if (message.status === 200) return registered();
        if (message.status === 401) {
          const challenge = header(message, 'www-authenticate');
          const credentials = authorization(
            challenge,
            'REGISTER',
            'sip:vaxel.invalid',
            settings.username,
            settings.password
          );
          register([['authorization', credentials]]);
        }
        return;
      default:
        return socket.send(answer(message, '200 OK', token()));
    }
  });
  const again = setInterval(() => register([]), 30_000);
  const first = new Promise<void>((resolve, reject) => {
    registered = resolve;
    setTimeout(() => reject(new Error(`${settings.username} did not register within 10 s`)), 10_000).unref();
  });
  register([]);
  await first;
  return {
    close() {
      clearInterval(again);
      socket.close();
    }
  };
}

/** Each call has a number of its own, so that an agent's INVITE tells whose it is. */
const callerNumber = (call: number) => `+46701${String(call).padStart(6, '0')}`;
const callOf = (number: string) => Number(number.slice(-6));

await main();
