import { expect, test } from 'vitest';
import { createFrames } from './frames.ts';

test('a delta carries only the parts that changed, numbered without gaps', () => {
  const frames = createFrames('wallboard', { queues: [1], agents: [], alarms: [] });
  expect(JSON.parse(frames.snapshot(5))).toEqual({
    type: 'snapshot',
    topic: 'wallboard',
    n: 1,
    nowMs: 5,
    view: { queues: [1], agents: [], alarms: [] }
  });
  expect(frames.next({ queues: [1], agents: [], alarms: [] }, 6)).toBeNull();
  expect(JSON.parse(frames.next({ queues: [2], agents: [], alarms: [] }, 7) ?? '')).toEqual({
    type: 'delta',
    topic: 'wallboard',
    n: 2,
    nowMs: 7,
    change: { queues: [2] }
  });
  expect(JSON.parse(frames.snapshot(8))).toMatchObject({ n: 2, view: { queues: [2] } });
});
