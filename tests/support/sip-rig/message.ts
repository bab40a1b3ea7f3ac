/** A SIP message as far as a test rig needs it (RFC 3261 section 7). Header names in lower case; compact forms spelled out. */
export interface SipMessage {
  /** Of a request; null: a response. */
  method: string | null;
  /** Request-URI of a request. */
  uri: string;
  /** Of a response; 0: a request. */
  status: number;
  /** In order; `via` and `record-route` may come more than once. */
  headers: [name: string, value: string][];
  body: string;
}

const compact: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type'
};

/** null: not SIP (a keep-alive, or noise). */
export function parse(text: string): SipMessage | null {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const response = /^SIP\/2\.0 (\d{3})/.exec(first);
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(first);
  if (!response && !request) return null;
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    return [compact[name] ?? name, line.slice(colon + 1).trim()];
  });
  return {
    method: request?.[1] ?? null,
    uri: request?.[2] ?? '',
    status: Number(response?.[1] ?? 0),
    headers,
    body: text.slice(end + 4)
  };
}

/** The first header of that name; empty when there is none. */
export function header(message: SipMessage, name: string): string {
  return message.headers.find(([one]) => one === name)?.[1] ?? '';
}

export function format(first: string, headers: [string, string][], body = ''): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [first, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}

/** The answer to a request: what must be repeated of it, and more (RFC 3261 section 8.2.6). */
export function answer(
  request: SipMessage,
  status: string,
  toTag: string,
  more: [string, string][] = [],
  body = ''
): string {
  const kept = request.headers.filter(([name]) => ['via', 'record-route', 'from', 'call-id', 'cseq'].includes(name));
  const to = header(request, 'to');
  return format(
    `SIP/2.0 ${status}`,
    [...kept, ['to', to.includes(';tag=') || !toTag ? to : `${to};tag=${toTag}`], ...more],
    body
  );
}

/** `sip:user@host` out of a From, To or Contact. */
export function uriOf(value: string): string {
  return /<([^>]+)>/.exec(value)?.[1] ?? value.split(';')[0] ?? '';
}

export function userOf(value: string): string {
  return /sips?:([^@;>]+)@/.exec(value)?.[1] ?? '';
}
