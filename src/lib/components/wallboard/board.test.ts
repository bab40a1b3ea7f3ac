import { describe, expect, test } from 'vitest';
import type { AgentView, QueueView, WallboardView } from '#lib/live/topics.ts';
import { alarmsNow, waitLevel } from './alarms.ts';
import { byAttention, countByState, inOrder } from './attention.ts';

const queue = (change: Partial<QueueView> = {}): QueueView => ({
  queueId: 'q',
  name: 'Support',
  waiting: 0,
  longestSinceMs: null,
  loggedIn: 1,
  free: 1,
  talking: 0,
  wrapUp: 0,
  answeredToday: 0,
  abandonedToday: 0,
  serviceLevelPercent: null,
  serviceLevelSeconds: 30,
  serviceLevelTargetPercent: 80,
  warnSeconds: 45,
  badSeconds: 120,
  open: true,
  closedReason: null,
  situation: null,
  stopped: null,
  temporary: null,
  openUntilMs: null,
  agentStates: ['free'],
  lastLoggedOut: null,
  ...change
});
const agent = (name: string, state: AgentView['state'], sinceMs: number): AgentView => ({
  agentId: name,
  name,
  state,
  reason: null,
  sinceMs,
  pausedUntilMs: null,
  deviceId: null,
  reachable: true,
  queueName: null,
  callId: null,
  queueIds: []
});
const board = (queues: QueueView[], alarms: WallboardView['alarms'] = []): WallboardView => ({
  queues,
  agents: [],
  alarms
});

describe('alarms', () => {
  test('a wait passes its thresholds by time alone', () => {
    const waiting = queue({ waiting: 1, longestSinceMs: 0 });
    expect([44_999, 45_000, 119_999, 120_000].map((at) => waitLevel(waiting, at))).toEqual([
      null,
      'warn',
      'warn',
      'bad'
    ]);
  });

  test('worst first, the longest of the like first, a queue named once, what goes for all of them before', () => {
    const shown = alarmsNow(
      board(
        [
          queue({ queueId: 'a', name: 'A', loggedIn: 0, free: 0 }),
          queue({ queueId: 'b', name: 'B', waiting: 1, longestSinceMs: 50_000 }),
          queue({ queueId: 'c', name: 'C', waiting: 1, longestSinceMs: 1_000, loggedIn: 0, free: 0 }),
          queue({ queueId: 'd', name: 'D', waiting: 2, longestSinceMs: 0 }),
          queue({ queueId: 'e', name: 'E', open: false, loggedIn: 0, free: 0 }),
          queue({ queueId: 'g', name: 'G', situation: 'full' }),
          queue({ queueId: 'h', name: 'H', stopped: { limit: 'cost', atMs: 100_000 } }),
          queue({ queueId: 'i', name: 'I', stopped: { limit: 'cost', atMs: -800_000 } }),
          queue({ queueId: 'f', name: 'F', loggedIn: 0, free: 0, lastLoggedOut: 'Anna' })
        ],
        [{ code: 'not-durable', level: 'bad', queueName: null, sinceMs: 5 }]
      ),
      130_000,
      129_000
    );
    expect(shown.map(({ code, level, queue: about }) => `${code} ${level} ${about?.name ?? ''}`.trim())).toEqual([
      'not-durable bad',
      'stale warn',
      'waiting-too-long bad D',
      'waiting-too-long bad C',
      'forward-stopped bad H',
      'last-agent-logged-out bad F',
      'waiting-too-long warn B',
      'nobody-logged-in warn A',
      'closed-by-situation warn G'
    ]);
  });
});

describe('agents', () => {
  const agents = [
    agent('Anna', 'free', 5),
    agent('Bo', 'on-call', 9),
    agent('Cia', 'on-call', 3),
    agent('Dan', 'unreachable', 8),
    agent('Eva', 'logged-out', 1)
  ];

  test('stand by what needs attention, the longest first', () => {
    expect(byAttention(agents)).toEqual(['Dan', 'Cia', 'Bo', 'Anna', 'Eva']);
  });

  test('keep their places until the next reordering; a new one comes last', () => {
    const order = byAttention(agents);
    const later = agents.map((one) => (one.agentId === 'Anna' ? { ...one, state: 'offered' as const } : one));
    expect(inOrder([agent('Ny', 'unreachable', 1), ...later], order).map(({ name }) => name)).toEqual([
      'Dan',
      'Cia',
      'Bo',
      'Anna',
      'Eva',
      'Ny'
    ]);
  });

  test('are counted by state in the same order', () => {
    expect(countByState(['free', 'on-call', 'free', 'paused'])).toEqual([
      { state: 'paused', count: 1 },
      { state: 'on-call', count: 1 },
      { state: 'free', count: 2 }
    ]);
  });
});
