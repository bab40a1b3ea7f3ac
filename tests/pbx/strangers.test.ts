import { createSocket } from 'node:dgram';
import { WebSocket } from 'ws';
import { expect, test } from 'vitest';
import { env } from '../support/environment.ts';
import { createWorld } from '../support/world.ts';

/** Whoever writes *trunk* in From without being at the trunk's address is asked who they are, and gets no call through. */
const invite = (via: string, contact: string) =>
  [
    'INVITE sip:+46846500412@vaxel.invalid SIP/2.0',
    `Via: SIP/2.0/${via};branch=z9hG4bK${Math.random().toString(36).slice(2)};rport`,
    'From: <sip:trunk@vaxel.invalid>;tag=stranger',
    'To: <sip:+46846500412@vaxel.invalid>',
    `Call-ID: ${Math.random().toString(36).slice(2)}`,
    'CSeq: 1 INVITE',
    `Contact: <${contact}>`,
    'Max-Forwards: 70',
    'Content-Length: 0',
    '',
    ''
  ].join('\r\n');
const statusOf = (text: string) => Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);

test('over the browsers’ way in', async () => {
  const socket = new WebSocket(`${env('VAXEL_ARI').replace('http', 'ws')}/ws`, 'sip');
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const answer = new Promise<string>((resolve) =>
    socket.once('message', (data: Buffer) => resolve(data.toString('utf8')))
  );
  socket.send(invite('WS stranger.invalid', 'sip:trunk@stranger.invalid;transport=ws'));
  expect(statusOf(await answer)).toBe(401);
  socket.close();
});

test('from another UDP port of the same address', async () => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const answer = new Promise<string>((resolve) => socket.once('message', (data) => resolve(data.toString('utf8'))));
  const via = `UDP 127.0.0.1:${socket.address().port}`;
  socket.send(invite(via, `sip:trunk@127.0.0.1:${socket.address().port}`), Number(env('VAXEL_SIP_PORT')), '127.0.0.1');
  expect(statusOf(await answer)).toBe(401);
  socket.close();
});

test('with a softphone’s former password', async () => {
  const world = await createWorld();
  const agent = await world.agent('Anna Berg');
  await (await agent.register()).stop();
  await agent.changePassword();
  await expect(agent.register()).rejects.toThrow('not registered');
  await agent.register(2);
  await world.close();
});
