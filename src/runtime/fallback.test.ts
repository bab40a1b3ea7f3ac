import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFallback, watchLeader, type Fallback } from './fallback.ts';

const channel = (id: string, state: string, app_data: string, app_name = 'Stasis') => ({
  id,
  state,
  dialplan: { app_name, app_data, context: 'from-trunk', exten: '+46', priority: 7 }
});

test('those who wait are sent with music, one not yet answered rings on; talks, agents and others are left alone', async () => {
  const channels = [
    channel('waits', 'Up', 'vaxel,call,+46,'),
    channel('rings', 'Ring', 'vaxel,call,+46,'),
    channel('talks', 'Up', 'vaxel,call,+46,'),
    channel('alone', 'Up', 'vaxel,call,+46,'),
    channel('hung-up', 'Up', 'vaxel,call,+46,'),
    channel('o1', 'Up', 'vaxel,offer,o1'),
    channel('other', 'Up', 'conformance,call,+46,'),
    channel('dialplan', 'Up', '1', 'Wait')
  ];
  const bridges = [
    { id: 'talk-o1', channels: ['talks', 'o1'] },
    { id: 'talk-o2', channels: ['alone'] }
  ];
  const continued: Record<string, string | null> = {};
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://pbx');
    const [, , kind, id = ''] = url.pathname.split('/');
    if (request.method === 'GET') return response.end(JSON.stringify(kind === 'channels' ? channels : bridges));
    continued[id] = url.searchParams.get('extension');
    response.statusCode = id === 'hung-up' ? 404 : 204;
    return response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ari = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await createFallback({ ari, password: 'x' }).sendWaiting()).toBe(3);
  expect(continued).toEqual({ waits: 'waiting', rings: 's', alone: 'waiting', 'hung-up': 'waiting' });
  server.close();
});

let sent = 0;
let nowMs = 0;
const lines: string[] = [];
const fallback: Fallback = {
  sendAway: async () => true,
  sendWaiting: async () => {
    sent += 1;
    return 2;
  }
};
const seconds = async (count: number) => {
  for (let passed = 0; passed < count; passed += 1) {
    nowMs += 1_000;
    await vi.advanceTimersByTimeAsync(1_000);
  }
};
function watch() {
  sent = 0;
  lines.length = 0;
  const report = (line: string) => void lines.push(line);
  return watchLeader({ fallback, withoutLeaderSeconds: 10, report, nowMs: () => nowMs });
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a worker that leads keeps its callers; one that only lives does not', async () => {
  const leader = watch();
  for (let passed = 0; passed < 30; passed += 1) {
    leader.beat(true);
    await seconds(1);
  }
  expect(sent).toBe(0);
  leader.beat(false);
  await seconds(8);
  expect(sent).toBe(0);
  leader.beat(false);
  await seconds(3);
  expect(sent).toBe(3);
  expect(lines[0]).toBe('no worker leads: 2 waiting callers sent to the fallback');
  leader.beat(true);
  await seconds(5);
  expect(sent).toBe(3);
  leader.stop();
});

test('a parent that was held up itself judges at its next look, after it has read what waits for it', async () => {
  const leader = watch();
  leader.beat(true);
  nowMs += 60_000;
  await seconds(1);
  expect(sent).toBe(0);
  leader.beat(true);
  await seconds(1);
  expect(sent).toBe(0);
  leader.stop();
});
