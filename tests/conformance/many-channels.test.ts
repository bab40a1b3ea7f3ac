import { expect, test } from 'vitest';
import { createAsteriskPbx } from '#lib/server/pbx/asterisk/adapter.ts';
import type { AdapterEvent, AdapterSnapshot } from '#lib/server/pbx/port.ts';
import { env } from '../support/environment.ts';

/** So many calls that a list of them over the WebSocket would not fit on the stack of Asterisk's thread. */
const count = 600;
const app = 'many';

test('a worker that connects while hundreds of calls are up has them all, and Asterisk lives', async () => {
  const authorization = `Basic ${Buffer.from(`vaxel:${env('VAXEL_ARI_PASSWORD')}`).toString('base64')}`;
  const ask = async (method: string, path: string) => {
    const response = await fetch(`${env('VAXEL_ARI')}/ari/${path}`, { method, headers: { authorization } });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json().catch(() => null)) as unknown;
  };
  const startedAt = async () =>
    ((await ask('GET', 'asterisk/info?only=status')) as { status: { startup_time: string } }).status.startup_time;
  const arrived = new Set<string>();
  const before = await startedAt();
  const open = (): Promise<{ pbx: ReturnType<typeof createAsteriskPbx>; snapshot: AdapterSnapshot }> =>
    new Promise((resolve, reject) => {
      const pbx = createAsteriskPbx({
        ari: env('VAXEL_ARI'),
        ariPassword: env('VAXEL_ARI_PASSWORD'),
        ami: env('VAXEL_AMI'),
        amiPassword: env('VAXEL_AMI_PASSWORD'),
        announcements: env('VAXEL_ANNOUNCEMENTS'),
        sounds: env('VAXEL_SOUNDS'),
        app
      });
      const listener = {
        event: (event: AdapterEvent) => void (event.type === 'call-arrived' && arrived.add(event.callId)),
        code: () => undefined,
        connected: (snapshot: AdapterSnapshot) => resolve({ pbx, snapshot }),
        disconnected: () => undefined,
        replaced: () => undefined
      };
      pbx.start(listener).catch(reject);
    });
  const first = await open();
  // In the application at once, and dialled by nobody.
  for (let n = 0; n < count; n += 1)
    await ask(
      'POST',
      `channels/create?endpoint=Local/s@nowhere/n&app=${app}&appArgs=call,%2B46850000000,allowed&channelId=many-${n}`
    );
  // One that has not come in yet would find the application gone, and end.
  await expect.poll(() => arrived.size, { timeout: 10_000 }).toBe(count);
  await first.pbx.stop();
  const second = await open();
  const ours = second.snapshot.calls.filter(({ callId }) => callId.startsWith('many-'));
  await Promise.all(Array.from({ length: count }, (_, n) => ask('DELETE', `channels/many-${n}`)));
  await second.pbx.stop();
  expect(ours).toHaveLength(count);
  expect(await startedAt()).toBe(before);
});
