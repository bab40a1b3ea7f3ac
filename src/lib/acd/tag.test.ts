import { expect, test } from 'vitest';
import { id } from './ids.ts';
import { decodeTag, encodeTag, tagLimitBytes } from './tag.ts';
import type { Tag } from './tag.ts';

const uuid = '0199b3f2-7c1e-7d4a-9f3b-0c5e8a1d2b47';
const tag: Tag = {
  callId: id.call('1795345831.104'),
  visitId: id.visit('v12.345678-1'),
  organizationId: id.organization(uuid),
  queueId: id.queue(uuid),
  queuedAtMs: 1_795_345_831_104,
  creditSeconds: 120,
  strict: true,
  language: 'sv',
  partnerId: id.offer('o12.345678-2'),
  agentId: id.agent(uuid),
  talkSinceMs: 1_795_345_891_104,
  saidPlace: 12,
  saidWait: { fromMinutes: 20, toMinutes: 35 }
};

test('what is written is read back, within the limit with real ids', () => {
  const text = encodeTag(tag);
  expect(decodeTag(text)).toEqual(tag);
  expect(text.length).toBeLessThanOrEqual(tagLimitBytes);
  const waiting = {
    ...tag,
    partnerId: null,
    agentId: null,
    talkSinceMs: null,
    strict: false,
    saidPlace: null,
    saidWait: null
  };
  expect(decodeTag(encodeTag(waiting))).toEqual(waiting);
});

test('separators and other alphabets in ids do no harm', () => {
  const odd = { ...tag, callId: id.call('a|b c'), queueId: id.queue('kö,1') };
  expect(decodeTag(encodeTag(odd))).toEqual(odd);
});

test.each([
  null,
  '',
  'hello',
  '4|a|b|c|d|1|0|0|sv|||||',
  '1|a|b|c|d|1|0|0|sv||||',
  '2|a|b|c|d|1|0|0|sv|||',
  '1|a|b|c|d|soon|0|0|sv|||',
  '1|a|%|c|d|1|0|0|sv|||',
  '1|a|b|c|d|1|0|0|fr|||'
])('what is no tag of ours is refused: %s', (text) => expect(decodeTag(text)).toBeNull());

test('one that is too long is refused, not cut', () => {
  expect(() => encodeTag({ ...tag, callId: id.call('x'.repeat(300)) })).toThrow('tag-too-long');
});

test('one written before places were said is still understood', () => {
  expect(decodeTag('1|a|b|c|d|1|0|0|sv|||')).toMatchObject({ callId: 'a', queuedAtMs: 1, saidPlace: null });
});
