import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pbx } from '#lib/server/pbx/port.ts';
import type { Harness } from './harness.ts';
import { createRecorder, type Recorder } from './recorder.ts';

/** Codes that devices dial, the same for every adapter. */
export function describeCodes(name: string, makeHarness: () => Promise<Harness>): void {
  describe(`${name}: codes`, () => {
    let harness: Harness;
    let pbx: Pbx;
    let recorder: Recorder;
    beforeAll(async () => {
      harness = await makeHarness();
      pbx = harness.pbx;
      recorder = createRecorder();
      await pbx.start(recorder.listener);
      await recorder.snapshot(0);
    });
    afterAll(async () => {
      await pbx.stop();
      await harness.close();
    });
    const anna = () => harness.device(harness.devices.anna);

    test.each(['*21', '*3', '*3999'])('%s names the device and the digits, is answered and ended', async (digits) => {
      const [next, before] = [recorder.codes(), recorder.mark()];
      const over = anna().dial(digits);
      const { codeId, ...dialled } = await recorder.code(next);
      expect(dialled).toEqual({ deviceId: harness.devices.anna, digits });
      expect(await pbx.endCode(codeId, { media: 'code-paused', language: 'sv' })).toEqual({ ok: true });
      expect(await over).toBe('answered');
      // It is nobody's call.
      const about = ({ type }: { type: string }) => type.startsWith('call') || type.startsWith('play');
      expect(recorder.since(before).filter(about)).toEqual([]);
    });

    test('one that leads nowhere is hung up without an answer', async () => {
      const next = recorder.codes();
      const over = anna().dial('*99');
      const { codeId } = await recorder.code(next);
      expect(await pbx.endCode(codeId, null)).toEqual({ ok: true });
      expect(await over).toBe('unanswered');
      expect(await pbx.endCode(codeId, null)).toMatchObject({ ok: false, code: 'not-found' });
    });

    test.each(['+46850001000', '112', '21', '*', '**21', '*21a', '*12345', 's', 'waiting'])(
      '%s is no code, and refused',
      async (digits) => {
        const next = recorder.codes();
        expect(await anna().dial(digits)).toBe('unanswered');
        expect(recorder.codes()).toBe(next);
      }
    );

    test('a leg that a lost connection has left behind is gone with the next', async () => {
      const [next, connections] = [recorder.codes(), recorder.connections()];
      const over = anna().dial('*21');
      await recorder.code(next);
      await harness.cutConnection();
      expect((await recorder.snapshot(connections)).calls).toEqual([]);
      expect(await over).toBe('unanswered');
    });
  });
}
