import { id } from '#lib/acd/ids.ts';
import type { CodeSays, CommandResult, DialledCode } from '../port.ts';
import { result } from './answers.ts';
import type { AriEvent } from './ari-types.ts';
import type { AriRequest } from './devices.ts';

/** From the answer until something is said: a browser plays nothing before its audio is set up, a phone little sooner. */
const breathMs = 400;
/** An announcement that is not told as over by then is over; the dialplan ends the leg in any case (`device-code`). */
const playWithinMs = 8_000;

/**
 * Legs of devices that have dialled a code. They are nobody's call: nothing but an announcement ever comes of them, and
 * `legs.ts` never hears of them.
 */
export function createCodes(options: {
  announcements: string;
  request: AriRequest;
  dialled: (code: DialledCode) => void;
}) {
  const { announcements, request } = options;
  /** Legs that are there, and what is to be told when their announcement is over or they are gone. */
  const legs = new Map<string, () => void>();

  /** Whether the event was about one of these legs. */
  function take(event: AriEvent): boolean {
    if (event.type === 'PlaybackFinished') {
      const over = legs.get(event.playback.target_uri.replace(/^channel:/, ''));
      over?.();
      return over !== undefined;
    }
    if (!('channel' in event) || !event.channel) return false;
    const codeId = event.channel.id;
    if (event.type === 'StasisStart' && event.args[0] === 'code') {
      const [, digits = '', device = ''] = event.args;
      legs.set(codeId, () => undefined);
      options.dialled({ codeId, deviceId: id.device(device), digits });
      return true;
    }
    const over = legs.get(codeId);
    if (over === undefined) return false;
    if (event.type === 'StasisEnd') {
      legs.delete(codeId);
      over();
    }
    return true;
  }

  /** Until the announcement is over, the leg is gone, or it takes too long. */
  function played(codeId: string): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, playWithinMs);
      legs.set(codeId, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async function say(codeId: string, { media, language }: CodeSays): Promise<CommandResult> {
    const answered = result(await request('POST', `channels/${codeId}/answer`));
    if (!answered.ok) return answered;
    await new Promise((resolve) => setTimeout(resolve, breathMs));
    if (!legs.has(codeId)) return { ok: false, code: 'not-found', detail: 'hung up' };
    const over = played(codeId);
    const begun = result(
      await request('POST', `channels/${codeId}/play`, { media: `sound:${announcements}/${language}/${media}` })
    );
    if (begun.ok) await over;
    else legs.get(codeId)?.();
    return begun;
  }

  /** Says it, when there is anything to say, and hangs up. */
  async function end(codeId: string, says: CodeSays | null): Promise<CommandResult> {
    const said: CommandResult = says ? await say(codeId, says) : { ok: true };
    const gone = result(await request('DELETE', `channels/${codeId}`));
    // Its end will not be told any more; if it is still there, the next connection finds it.
    if (!gone.ok) legs.delete(codeId);
    // Heard to its end, and hung up by whoever dialled it.
    const ended = says && !gone.ok && gone.code === 'not-found' ? said : gone;
    return said.ok ? ended : said;
  }

  return {
    take,
    end,
    /** A connection begins anew: what was told on the one before is not heard of any more. */
    forget(): void {
      for (const over of legs.values()) over();
      legs.clear();
    },
    /** What it has found: those that did not come on it lead nowhere. */
    async restore(found: string[]): Promise<void> {
      await Promise.all(found.filter((one) => !legs.has(one)).map((codeId) => request('DELETE', `channels/${codeId}`)));
    }
  };
}
