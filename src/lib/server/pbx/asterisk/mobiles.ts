import type { MobileRing } from '#lib/acd/commands.ts';
import { id } from '#lib/acd/ids.ts';
import type { AdapterCommand, AdapterEvent, AdapterSnapshot, CommandResult } from '../port.ts';
import { result } from './answers.ts';
import type { AriRequest } from './devices.ts';
import { dialString } from './dial.ts';
import { writeNumber } from '../numbers.ts';

/** Said to whoever answers a mobile (`pbx/sounds/texts.json`); twice, as the first words may be lost on the way to the ear. */
const question = 'press-1';
/** Value of the variable VX of a mobile's leg on which 1 was pressed: a snapshot can tell it from a voicemail. */
export const pressedMark = 'pressed';
/** As `dial`: the engine gives a number time to begin to ring, and then its ring time. */
const outsideMarginSeconds = 20;

interface MobilesOptions {
  announcements: string;
  request: AriRequest;
  emit: (event: AdapterEvent) => void;
}

/** Agents' mobiles (P16): offers that are rung by the trunk, and accepted by a press of 1. */
export function createMobiles({ announcements, request, emit }: MobilesOptions) {
  /** Answered, and 1 not pressed yet. */
  const unpressed = new Set<string>();
  const playbackOf = (offerId: string) => `${question}-${offerId}`;

  return {
    async ring(
      app: string,
      { offerId, queueName, ringSeconds }: Extract<AdapterCommand, { type: 'ring' }>,
      { to, showing, trunk, language }: MobileRing
    ): Promise<CommandResult> {
      const endpoint = dialString(to, trunk);
      if (!endpoint) return { ok: false, code: 'refused', detail: 'not a number' };
      const answer = await request('POST', 'channels', {
        endpoint,
        app,
        appArgs: `offer,${offerId},mobile,${language}`,
        channelId: offerId,
        timeout: ringSeconds + outsideMarginSeconds,
        callerId: `"${queueName.replace(/["\\<>]/g, '')}" <${writeNumber(showing, trunk)}>`
      });
      // No channel: the trunk has no address, or the call could not be begun.
      if (answer.status === 500) return { ok: false, code: 'refused', detail: 'the trunk takes no call' };
      return result(answer);
    },

    pickedUp(offerId: string, language: string): void {
      unpressed.add(offerId);
      emit({ type: 'offer-picked-up', offerId: id.offer(offerId) });
      const media = `sound:${announcements}/${language}/${question}`;
      const playbackId = playbackOf(offerId);
      void request('POST', `channels/${offerId}/play`, { media: `${media},${media}`, playbackId });
    },

    /** True: it was the press that was waited for. */
    pressed(offerId: string): boolean {
      if (!unpressed.delete(offerId)) return false;
      void request('DELETE', `playbacks/${playbackOf(offerId)}`);
      void request('POST', `channels/${offerId}/variable`, { variable: 'VX', value: pressedMark });
      return true;
    },

    /** True: it had been answered, and 1 was never pressed. */
    gone: (offerId: string): boolean => unpressed.delete(offerId),

    plays: (playbackId: string): boolean => playbackId.startsWith(`${question}-`),

    restore(snapshot: AdapterSnapshot): void {
      unpressed.clear();
      for (const { offerId, pickedUp } of snapshot.offers) if (pickedUp) unpressed.add(offerId);
    }
  };
}
