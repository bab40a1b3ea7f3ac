import { createHash, randomBytes } from 'node:crypto';
import { format, header, uriOf, type SipMessage } from './message.ts';

export const token = () => randomBytes(6).toString('hex');

/** One side of a call that has been set up: enough to end it. */
export interface Dialog {
  callId: string;
  /** Our From or To with its tag, and theirs. */
  local: string;
  remote: string;
  /** Where the other side wants its requests: its Contact. */
  target: string;
  cseq: number;
}

export function request(method: string, dialog: Dialog, via: string, more: [string, string][] = []): string {
  return format(`${method} ${dialog.target} SIP/2.0`, [
    ['via', `${via};branch=z9hG4bK${token()}`],
    ['max-forwards', '70'],
    ['from', dialog.local],
    ['to', dialog.remote],
    ['call-id', dialog.callId],
    ['cseq', `${dialog.cseq} ${method}`],
    ...more
  ]);
}

export function dialogOfCallee(invite: SipMessage, toTag: string): Dialog {
  return {
    callId: header(invite, 'call-id'),
    local: `${header(invite, 'to')};tag=${toTag}`,
    remote: header(invite, 'from'),
    target: uriOf(header(invite, 'contact')),
    cseq: 1
  };
}

/** The Authorization for a 401 (RFC 2617, MD5 with or without qop), as Asterisk's endpoints ask for. */
export function authorization(
  challenge: string,
  method: string,
  uri: string,
  username: string,
  password: string
): string {
  const field = (name: string) => new RegExp(`${name}="?([^",]+)`).exec(challenge)?.[1] ?? '';
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const realm = field('realm');
  const nonce = field('nonce');
  const secret = md5(`${username}:${realm}:${password}`);
  const asked = md5(`${method}:${uri}`);
  const common = `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=MD5`;
  const opaque = field('opaque') ? `, opaque="${field('opaque')}"` : '';
  if (!field('qop')) return `${common}${opaque}, response="${md5(`${secret}:${nonce}:${asked}`)}"`;
  const cnonce = token();
  const response = md5(`${secret}:${nonce}:00000001:${cnonce}:auth:${asked}`);
  return `${common}${opaque}, qop=auth, nc=00000001, cnonce="${cnonce}", response="${response}"`;
}

/** For the trunk: alaw to a port where nobody reads. */
export function callerSdp(port: number): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 8 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=sendrecv',
    ''
  ].join('\r\n');
}

/** What Asterisk takes as a browser's answer; ICE and DTLS never get further, as nobody sends from there. */
export function softphoneSdp(): string {
  const fingerprint = Array.from({ length: 32 }, (_, index) => (index + 16).toString(16).toUpperCase()).join(':');
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 8 101',
    'c=IN IP4 127.0.0.1',
    'a=mid:0',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=setup:active',
    `a=ice-ufrag:${token()}`,
    `a=ice-pwd:${'x'.repeat(24)}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=candidate:1 1 UDP 2130706431 127.0.0.1 9 typ host',
    ''
  ].join('\r\n');
}
