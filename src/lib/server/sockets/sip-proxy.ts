import { WebSocket } from 'ws';

/** A frame of SIP is a few kilobytes; nothing of use is larger. */
export const sipFrameLimit = 64 * 1024;
const bufferedMost = 64;
const upstreamWithinMs = 3_000;

/**
 * Joins a browser's SIP socket with Asterisk's (RFC 7118): text frames both ways, no compression, both closed together.
 * The browser speaks before the other side is open: that much is kept. Who may open it was decided before (Origin,
 * session, role: Asterisk checks none of them); SIP's own digest decides which device it is.
 */
export function joinSip(browser: WebSocket, asteriskUrl: string): void {
  const asterisk = new WebSocket(asteriskUrl, 'sip', {
    perMessageDeflate: false,
    handshakeTimeout: upstreamWithinMs,
    maxPayload: sipFrameLimit
  });
  let waiting: string[] | null = [];

  browser.on('message', (data: Buffer, binary) => {
    if (binary) return browser.close(1003, 'text only');
    const text = data.toString('utf8');
    if (!waiting) return asterisk.send(text);
    if (waiting.length >= bufferedMost) return browser.close(1013, 'the PBX does not answer');
    waiting.push(text);
  });
  asterisk.on('open', () => {
    for (const text of waiting ?? []) asterisk.send(text);
    waiting = null;
  });
  asterisk.on('message', (data: Buffer) => {
    if (browser.readyState === WebSocket.OPEN) browser.send(data.toString('utf8'));
  });
  asterisk.on('close', () => browser.close(1012, 'the PBX closed'));
  asterisk.on('error', () => browser.close(1013, 'the PBX cannot be reached'));
  browser.on('close', () => asterisk.terminate());
  browser.on('error', () => asterisk.terminate());
}

/** Whether the whole SIP path stands: a socket to Asterisk opens. For `/health`. */
export function sipPathStands(asteriskUrl: string, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(asteriskUrl, 'sip', { perMessageDeflate: false, handshakeTimeout: withinMs });
    socket.on('open', () => {
      socket.close();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
