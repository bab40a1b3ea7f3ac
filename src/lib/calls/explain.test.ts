import { describe, expect, test } from 'vitest';
import type { Fact, FactBody, OfferWhy } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import type { Language } from '#lib/i18n/language.ts';
import { explain } from './explain.ts';
import { idsIn } from './ids-in.ts';
import { plain } from './say.ts';
import { createSpeaker, type Explanation } from './speaker.ts';

type Of<Type extends Fact['type']> = Omit<Extract<FactBody, { type: Type }>, 'type'>;

const [anna, bo, cia] = [id.agent('id-anna'), id.agent('id-bo'), id.agent('id-cia')];
const queueId = id.queue('id-support');
const skillId = id.skill('id-finnish');
const names: Record<string, string> = {
  'id-anna': 'Anna Berg',
  'id-bo': 'Bo Ek',
  'id-cia': 'Cia Dahl',
  'id-support': 'Support',
  'id-finnish': 'Finska'
};
const minute = 60_000;
const nowMs = 10 * 60 * minute;
const common = { v: 1 as const, atMs: nowMs, organizationId: id.organization('id-org') };
const callId = id.call('id-call');
const visit = { visitId: id.visit('id-visit'), callId, queueId };
const offer = { offerId: id.offer('id-offer'), visitId: visit.visitId, queueId, agentId: anna };
const talk = { ...offer, callId };
const needs = [{ skillId, level: 7 }];
const rank = (agentId = anna, more: Partial<NonNullable<OfferWhy['order']>[number]> = {}) => ({
  agentId,
  demoted: false,
  tier: 1,
  skill: 0,
  load: 0,
  idleSinceMs: nowMs - 5 * minute,
  ...more
});
const why = (more: Partial<OfferWhy> = {}): OfferWhy => {
  const order = more.order ?? [rank()];
  const told = { order, skipped: [], free: order.length, needs: [], ringing: { nth: 1, of: 1 } };
  const base = { rule: 'longest-idle', idleSinceMs: nowMs, place: 1, trigger: 'agent-free' } as const;
  return { ...base, eligible: order.map(({ agentId }) => agentId), ...told, ...more };
};
const nobody = { 'logged-out': 0, unreachable: 0, paused: 0, offered: 0, 'on-call': 0, 'wrap-up': 0, free: 0 };
const offered = (more: Partial<OfferWhy> = {}): Of<'offered'> => ({
  ...talk,
  deviceId: id.device('id-device'),
  ringUntilMs: nowMs + 20_000,
  why: why(more)
});
const waits = (more: Partial<Of<'waits'>> = {}): Of<'waits'> => ({
  ...visit,
  place: 3,
  trigger: 'visit-entered',
  needs: [],
  able: nobody,
  unskilled: 0,
  heldOff: [],
  ...more
});
const caller = id.caller('id-token');

const away = { forwardId: id.forward('id-forward'), callId, visitId: visit.visitId, queueId };

/** Every kind of fact, with every code that it can have. A new kind does not compile without its examples. */
const examples: { [Type in Fact['type']]: Of<Type>[] } = {
  'call-arrived': [
    { callId, caller, withheld: false, dialled: '+4650', numberId: id.number('id-n'), queueId },
    { callId, caller: null, withheld: true, dialled: '+4650', numberId: id.number('id-n'), queueId },
    { callId, caller: null, withheld: false, dialled: '+4650', numberId: id.number('id-n'), queueId }
  ],
  'call-finished': [
    ...(['caller', 'agent', 'system'] as const).map((endedBy) => ({ callId, outcome: null, reason: null, endedBy })),
    { callId, outcome: 'left-before-queue', reason: null, endedBy: 'caller' },
    ...(['outside-hours', 'holiday', 'temporary', 'situation', 'nobody', 'unreachable'] as const).map((reason) => ({
      callId,
      outcome: 'closed' as const,
      reason,
      endedBy: 'system' as const
    })),
    { callId, outcome: 'refused', reason: 'situation', endedBy: 'system' }
  ],
  announced: [
    ...(['welcome', 'first', 'repeated', 'closed', 'reconnecting', 'position', 'waiting-time'] as const).flatMap(
      (announcement) => [false, true].map((failed) => ({ callId, visitId: null, announcement, media: 'file', failed }))
    ),
    { callId, visitId: null, announcement: 'position', media: 'position', failed: false, place: 2 },
    ...[
      { fromMinutes: 0, toMinutes: 1 },
      { fromMinutes: 3, toMinutes: 3 },
      { fromMinutes: 5, toMinutes: 8 }
    ].map((wait) => ({
      callId,
      visitId: null,
      announcement: 'waiting-time' as const,
      media: 'waiting-time',
      failed: false,
      wait
    }))
  ],
  predicted: [
    {
      ...visit,
      place: 3,
      agents: 4,
      by: 'pace',
      expectedMs: { pace: 3 * minute, handle: null, average: minute },
      lowMs: minute,
      highMs: 5 * minute
    }
  ],
  'visit-entered': (['call', 'agent-lost', 'adopted'] as const).flatMap((because) =>
    [false, true].map((strict) => ({
      ...visit,
      caller,
      withheld: false,
      queuedAtMs: strict ? nowMs - minute : nowMs,
      creditSeconds: strict ? 30 : 0,
      strict,
      because
    }))
  ),
  'visit-ended': (['answered', 'abandoned', 'forwarded', 'moved', 'called-back', 'failed'] as const).map((outcome) => ({
    ...visit,
    outcome,
    waitedMs: 54_000,
    agentId: outcome === 'answered' ? anna : null
  })),
  offered: [
    ...(['longest-idle', 'fair', 'parallel'] as const).map((rule) => offered({ rule })),
    ...(
      [
        'visit-entered',
        'agent-free',
        'offer-ended',
        'announcement-heard',
        'configuration',
        'recovered',
        'needs-relaxed'
      ] as const
    ).map((trigger) => offered({ trigger })),
    offered({ needs, ringing: { nth: 2, of: 3 }, skipped: [{ agentId: bo, untilMs: nowMs + 9_000 }] }),
    offered({ order: [rank(), rank(bo, { demoted: true })], skipped: [{ agentId: bo, untilMs: nowMs }] })
  ],
  waits: [
    waits(),
    waits({ able: { ...nobody, free: 1, offered: 1, 'on-call': 2, 'wrap-up': 1, paused: 2, unreachable: 1 } }),
    waits({ able: { ...nobody, 'logged-out': 2 }, needs, unskilled: 2, heldOff: [bo] }),
    waits({ needs, unskilled: 1 })
  ],
  'needs-changed': [
    { ...visit, needs, waitedMs: minute },
    { ...visit, needs: [], waitedMs: 3 * minute }
  ],
  'place-kept': [{ visitId: visit.visitId, queueId, caller, rankMs: nowMs, untilMs: nowMs + minute }],
  'place-taken': [{ ...visit, caller, creditSeconds: 45 }],
  'place-refused': (['another-waits', 'rings-often'] as const).map((reason) => ({ callId, queueId, reason })),
  'last-agent-logged-out': [{ queueId, agentId: anna }],
  'day-began': [{ dayStartMs: nowMs }],
  'offer-ringing': [offer],
  'offer-rung-anew': [{ ...offer, ringUntilMs: 20_000 }],
  'offer-picked-up': [{ ...offer, untilMs: 20_000 }],
  'offer-ended': (['accepted', 'declined', 'missed', 'withdrawn', 'failed'] as const).flatMap((outcome) =>
    [
      null,
      ...(['hung-up', 'declined', 'busy', 'no-answer', 'unreachable', 'lost', 'failed', 'cancelled'] as const)
    ].map((cause) => ({ ...offer, outcome, cause, unansweredInRow: outcome === 'declined' ? 2 : 0 }))
  ),
  'talk-started': [{ ...talk, sinceMs: nowMs }],
  'talk-ended': (['caller', 'agent', 'system'] as const).flatMap((endedBy) =>
    [false, true].map((lost) => ({ ...talk, talkedMs: 263_000, endedBy, lost }))
  ),
  held: [true, false].map((held) => ({ offerId: offer.offerId, callId, agentId: anna, held })),
  'wrap-up-started': [{ agentId: anna, queueId, untilMs: nowMs + minute }],
  'wrap-up-changed': [{ agentId: anna, untilMs: nowMs + minute }],
  'wrap-up-ended': (['time', 'agent'] as const).map((by) => ({ agentId: anna, by })),
  'shift-changed': [true, false].map((on) => ({ agentId: anna, on, deviceId: null, reachable: on })),
  'device-changed': (['now', 'next-call'] as const).map((from) => ({
    agentId: anna,
    deviceId: id.device('id-device'),
    reachable: true,
    from
  })),
  'login-changed': (['agent', 'unanswered', 'shift', 'membership', 'removed', 'restored'] as const).flatMap((by) =>
    [true, false].map((loggedIn) => ({ agentId: anna, queueId, loggedIn, by }))
  ),
  'pause-changed': [
    { agentId: anna, paused: true, reason: 'lunch' },
    { agentId: anna, paused: false, reason: null }
  ],
  'reachability-changed': (
    ['registered', 'unregistered', 'not-responding', 'page-gone', 'page-back', 'limit', 'not-allowed'] as const
  ).map((reason) => ({
    agentId: anna,
    deviceId: id.device('id-device'),
    reachable: reason === 'registered',
    reason
  })),
  'agent-state': (['logged-out', 'unreachable', 'paused', 'offered', 'on-call', 'wrap-up', 'free'] as const).map(
    (state) => ({ agentId: anna, state, reason: null, queueId, visitId: visit.visitId, sinceMs: nowMs })
  ),
  'hours-changed': [
    { queueId, open: true, reason: null, untilMs: null },
    { queueId, open: false, reason: 'holiday', untilMs: null }
  ],
  'forward-started': (['caller', 'own'] as const).map((showing) => ({
    ...away,
    to: '+46850009000',
    why: 'nobody',
    showing
  })),
  'forward-connected': [away],
  'forward-ended': [
    { ...away, outcome: 'connected', cause: 'hung-up', code: null, talkedMs: 3 * minute, ore: 60 },
    ...(['unanswered', 'refused', 'failed', 'withdrawn'] as const).map((outcome) => ({
      ...away,
      outcome,
      cause: null,
      code: outcome === 'refused' ? 403 : null,
      talkedMs: null,
      ore: 0
    }))
  ],
  'forward-stopped': (['number', 'prefix', 'per-minute', 'cost', 'again', 'loop', 'talk'] as const).map((limit) => ({
    callId,
    queueId,
    to: '+46850009000',
    why: 'situation',
    limit
  })),
  'call-moved': [{ callId, visitId: null, queueId, toQueueId: queueId, why: 'nobody' }],
  'situation-changed': [
    { queueId, full: true, late: false, nobody: null },
    { queueId, full: false, late: true, nobody: null },
    { queueId, full: false, late: false, nobody: null },
    { queueId, full: false, late: false, nobody: 'nobody' },
    { queueId, full: false, late: false, nobody: 'unreachable' }
  ],
  configured: [{ entity: 'queue', id: queueId, version: 2, removed: false, name: 'Support', value: null }],
  corrected: [
    'connect-failed',
    'agent-left-before-talk',
    'agent-lost',
    'call-adopted',
    'call-gone',
    'offer-gone',
    'call-never-gone',
    'offer-never-gone',
    'forward-gone',
    'forward-never-gone',
    'intent-restored',
    'place-restored'
  ].map((code) => ({ code, subject: 'id-subject' }))
};

function speak(fact: object, language: Language, known = true): Explanation {
  const speaker = createSpeaker({
    language,
    name: (_, wanted) => (known ? (names[wanted] ?? null) : null),
    clock: (atMs) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC', timeStyle: 'medium' }).format(atMs),
    number: () => '08-50'
  });
  return explain({ ...common, ...fact } as Fact, speaker);
}
function sentences({ text, more, order, setting }: Explanation): string[] {
  const eligible = order?.agents.map(({ agent, because }) => plain([agent, ' ', because.join(', ')])) ?? [];
  return [plain(text), ...more.map(plain), ...eligible, ...(setting ? [plain(setting.text)] : [])];
}
const all = Object.entries(examples).flatMap(([type, bodies]) => bodies.map((body) => ({ type, ...body })));

describe.each(['sv', 'en'] as const)('%s', (language) => {
  test.each(Object.keys(examples))('%s: whole sentences with names, for each of its codes', (type) => {
    for (const fact of all.filter((one) => one.type === type)) {
      const said = sentences(speak(fact, language));
      expect(said[0]).toMatch(/^[\p{Lu}].*\.$/u);
      for (const sentence of said) {
        expect(sentence).not.toMatch(/undefined|null|NaN|id-|\s\s|\.\.|\(\w/);
        expect(sentence.trim()).not.toBe('');
      }
    }
  });

  test('what nobody knows any more is said to be so, and never by its id', () => {
    for (const fact of all) expect(sentences(speak(fact, language, false)).join(' ')).not.toMatch(/undefined|id-/);
  });

  test('a code that this language has no word for is told as it is', () => {
    const unknown: [Fact['type'], object][] = [
      ['call-finished', { ...examples['call-finished'][0], outcome: 'xyz' }],
      ['call-finished', { ...examples['call-finished'][0], endedBy: 'xyz' }],
      ['call-finished', { ...examples['call-finished'].at(-1), reason: 'xyz' }],
      ['announced', { ...examples.announced[0], announcement: 'xyz' }],
      ['visit-entered', { ...examples['visit-entered'][0], because: 'xyz' }],
      ['visit-ended', { ...examples['visit-ended'][1], outcome: 'xyz' }],
      ['offered', offered({ rule: 'xyz' as never })],
      ['offered', offered({ trigger: 'xyz' as never })],
      ['waits', waits({ able: { ...nobody, xyz: 1 } as never })],
      ['place-refused', { ...examples['place-refused'][0], reason: 'xyz' }],
      ['offer-ended', { ...examples['offer-ended'][0], outcome: 'xyz' }],
      ['offer-ended', { ...examples['offer-ended'].at(-1), cause: 'xyz' }],
      ['talk-ended', { ...examples['talk-ended'][0], endedBy: 'xyz' }],
      ['login-changed', { ...examples['login-changed'][0], by: 'xyz' }],
      ['agent-state', { ...examples['agent-state'][0], state: 'xyz' }],
      ['forward-ended', { ...examples['forward-ended'][1], outcome: 'xyz' }],
      ['forward-stopped', { ...examples['forward-stopped'][0], limit: 'xyz' }],
      ['situation-changed', { ...examples['situation-changed'][2], nobody: 'xyz' }],
      ['corrected', { code: 'xyz', subject: 'id-subject' }],
      ['xyz' as Fact['type'], {}],
      // A name that every object has is not in a list either.
      ['corrected', { code: 'toString', subject: 'id-subject' }]
    ];
    for (const [type, fact] of unknown)
      expect(sentences(speak({ ...fact, type }, language)).join(' ')).toMatch(/xyz|toString/);
  });
});

test('an offer: who was eligible in which order, who was passed over, what decided and which setting said so', () => {
  const order = [
    rank(anna, { load: 2_400 }),
    rank(cia, { load: 3_000, idleSinceMs: nowMs - 9 * minute, demoted: false })
  ];
  const skipped = [{ agentId: bo, untilMs: nowMs + 10_000 }];
  const more = { rule: 'fair' as const, place: 2, needs, order, skipped, free: 8 };
  const english = speak({ type: 'offered', ...offered(more) }, 'en');
  expect(sentences(english)).toEqual([
    'Offered to Anna Berg.',
    'First in order: fewest calls per available hour today.',
    'Bo Ek was passed over: did not take it just now, may have it again 10:00:10.',
    'Needed: Finska at 7 or more.',
    'Place in the queue: 2.',
    'At this moment because somebody became free.',
    'Support distributes by: fair share.',
    'Anna Berg 2.4 calls an hour, free since 09:55:00',
    'Cia Dahl 3 calls an hour, free since 09:51:00',
    'Setting: distribution in Support'
  ]);
  expect(english.order?.others).toBe(5);
  expect(english.setting?.queueId).toBe(queueId);
  expect(sentences(speak({ type: 'offered', ...offered(more) }, 'sv')).slice(0, 3)).toEqual([
    'Erbjöds Anna Berg.',
    'Först i ordningen: minst antal samtal per tillgänglig timme i dag.',
    'Bo Ek hoppades över: tog det inte nyss, kan få det igen 10:00:10.'
  ]);
});

test.each([
  ['The only one free who could take the call.', [rank()], {}],
  ['The only one free who had not just had the call.', [rank()], { free: 2 }],
  [
    'the others who are free would not or could not take the call before',
    [rank(), rank(bo)],
    { skipped: [{ agentId: bo, untilMs: nowMs }] }
  ],
  ['the others who are free did not take their latest call', [rank(), rank(bo, { demoted: true })], {}],
  ['lowest tier', [rank(anna, { idleSinceMs: nowMs }), rank(bo, { tier: 2 })], {}],
  ['best at what is needed', [rank(anna, { skill: 9, idleSinceMs: nowMs }), rank(bo, { skill: 7 })], {}],
  ['fewest calls per available hour', [rank(anna, { idleSinceMs: nowMs }), rank(bo, { load: 1 })], {}],
  ['has been free longest', [rank(), rank(bo, { idleSinceMs: nowMs })], {}],
  ['equal to the next in everything', [rank(), rank(bo)], {}]
])('what decides: %s', (sentence, order, more) => {
  expect(sentences(speak({ type: 'offered', ...offered({ order, ...more }) }, 'en'))[1]).toContain(sentence);
});

test('nobody rings: what everybody is doing', () => {
  const able = { ...nobody, 'on-call': 4, paused: 1 };
  const fact = { type: 'waits', ...waits({ able, needs, unskilled: 2, heldOff: [bo, cia] }) };
  expect(sentences(speak(fact, 'en'))).toEqual([
    'Nobody is rung at this moment.',
    'Logged in and able to take it: 4 in calls, 1 paused.',
    '2 logged in, but without Finska at 7 or more.',
    'Not offered it again within 10 seconds: Bo Ek and Cia Dahl.',
    'Place in the queue: 3.',
    'Setting: skills needed in Support and by the number'
  ]);
  expect(sentences(speak(fact, 'sv'))[1]).toBe('Inloggade som kan ta det: 4 i samtal, 1 pausad.');
});

test('the names that sentences need are found in the facts', () => {
  const facts = [
    {
      ...common,
      type: 'offered' as const,
      ...offered({ order: [rank(), rank(cia)], needs, skipped: [{ agentId: bo, untilMs: 0 }] })
    }
  ];
  expect(idsIn(facts)).toEqual({
    agent: new Set([anna, cia, bo]),
    queue: new Set([queueId]),
    skill: new Set([skillId])
  });
});
