import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Click } from '#lib/acd/events.ts';
import type { AgentId, DeviceId } from '#lib/acd/ids.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import type { Reply } from '#lib/server/cell/store.ts';

/** Longer than this and nobody wants it any more: the worker refuses late ones, and silence is an answer too. */
const clickDeadlineMs = 2_000;
const streamMost = 10_000;
const outstandingMost = 5_000;
/** A page whose web process died counts no longer after this; a live one is told again by each of its pings (3 s). */
const pageKeptMs = 10_000;

/**
 * A page of an agent's desk is there, or has gone, whichever web process has it: what the worker is told, and in which
 * order, is decided here in one step, so that a page that has gone from one never hides one that is there on another.
 * KEYS: 1 the user's pages (sorted set, until when each counts), 2 commands (stream)
 * ARGV: 1 page, 2 '1' there or '0' gone, 3 ms it counts, 4 '1' to tell though nothing has changed, 5 body of back,
 *       6 body of gone, 7 most entries of the stream, then the other fields of the click
 * Gives 1 when a click was sent: the last page has gone, or the first one is there.
 */
const presenceScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local before = redis.call('ZCARD', KEYS[1])
if ARGV[2] == '1' then redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
else redis.call('ZREM', KEYS[1], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local after = redis.call('ZCARD', KEYS[1])
if (before > 0) == (after > 0) and ARGV[4] ~= '1' then return 0 end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[7], '*', 'body', after > 0 and ARGV[5] or ARGV[6], unpack(ARGV, 8))
return 1`;

export interface Clicks {
  /**
   * Sends a click that has been permitted. Never rejects; resolves within 2 s, with `worker-unavailable` when there is
   * no worker. The same `commandId` again gets the first reply.
   */
  send(agentId: AgentId, click: Click, commandId?: string): Promise<Reply>;
  /**
   * Says that a page of the agent's desk is there (again every few seconds), or has gone. True unless the worker was to
   * be told and did not answer: then it is to be said again, `anew`. Never rejects.
   */
  page(page: DeskPage, here: boolean, anew: boolean): Promise<boolean>;
  close(): void;
}

/** One connection of an agent's desk; `id` is its own. */
export interface DeskPage {
  id: string;
  agentId: AgentId;
  deviceId: DeviceId;
}

/** The web's end of `cell:N:commands` (not BullMQ: design.md, *Clicks*). */
export function createClicks(options: { redis: string; cell: number; onError: (error: unknown) => void }): Clicks {
  const keys = cellKeys(options.cell);
  const waiting = new Map<string, (reply: Reply) => void>();
  /** The same id again while it is under way waits for the same answer. */
  const promised = new Map<string, Promise<Reply>>();
  // A Redis that was restarted is found again within a quarter of a second.
  const retryStrategy = (times: number) => Math.min(times * 50, 250);
  const sender = new Redis(options.redis, { maxRetriesPerRequest: 1, connectTimeout: 1_000, retryStrategy });
  const subscriber = new Redis(options.redis, { maxRetriesPerRequest: null, autoResubscribe: false, retryStrategy });
  for (const client of [sender, subscriber]) client.on('error', (error) => options.onError(error));
  /** Whether replies are heard; a click sent before would be done, but its reply lost. */
  let listening = false;
  const held = new Set<() => void>();
  subscriber.on('close', () => (listening = false));
  subscriber.on('ready', () => {
    subscriber.subscribe(keys.replies).then(
      () => {
        listening = true;
        for (const go of held) go();
        held.clear();
      },
      (error: unknown) => options.onError(error)
    );
  });
  subscriber.on('message', (_channel, text) => {
    const reply = JSON.parse(text) as Reply;
    waiting.get(reply.commandId)?.(reply);
  });

  /**
   * Waits for the reply to what `add` puts into the stream; `add` gives false when there was nothing to put there. It is
   * not called before replies are heard, nor once it is too late.
   */
  function dispatch(commandId: string, add: () => Promise<boolean>): Promise<Reply | null> {
    const unavailable: Reply = { commandId, ok: false, code: 'worker-unavailable' };
    if (waiting.size >= outstandingMost) return Promise.resolve(unavailable);
    return new Promise((resolve) => {
      const settle = (reply: Reply | null) => {
        clearTimeout(timer);
        waiting.delete(commandId);
        held.delete(go);
        resolve(reply);
      };
      const timer = setTimeout(() => settle(unavailable), clickDeadlineMs);
      waiting.set(commandId, settle);
      const go = () => {
        add().then(
          (added) => {
            if (!added) settle(null);
          },
          (error: unknown) => {
            options.onError(error);
            settle(unavailable);
          }
        );
      };
      if (listening) go();
      else held.add(go);
    });
  }

  return {
    send(agentId, click, commandId = randomUUID()) {
      const underWay = promised.get(commandId);
      if (underWay) return underWay;
      const fields = clickFields(commandId, agentId);
      const answer = dispatch(commandId, async () => {
        await sender.xadd(keys.commands, 'MAXLEN', '~', streamMost, '*', 'body', JSON.stringify(click), ...fields);
        return true;
      }).then((reply) => reply ?? { commandId, ok: false as const, code: 'worker-unavailable' as const });
      promised.set(commandId, answer);
      void answer.finally(() => promised.delete(commandId));
      return answer;
    },
    async page({ id: page, agentId, deviceId }, here, anew) {
      const commandId = randomUUID();
      const bodies = (['page-back', 'page-gone'] as const).map((type) => JSON.stringify({ type, deviceId }));
      const flags = [page, here ? '1' : '0', pageKeptMs, anew ? '1' : '0'];
      const args = [...flags, ...bodies, streamMost, ...clickFields(commandId, agentId)];
      const reply = await dispatch(
        commandId,
        async () => (await sender.eval(presenceScript, 2, keys.pages(agentId), keys.commands, ...args)) === 1
      );
      return reply === null || reply.ok || reply.code !== 'worker-unavailable';
    },
    close() {
      sender.disconnect();
      subscriber.disconnect();
      for (const [commandId, settle] of waiting) settle({ commandId, ok: false, code: 'worker-unavailable' });
    }
  };
}

const clickFields = (commandId: string, agentId: AgentId) =>
  Object.entries({ commandId, agentId, deadlineMs: String(clickDeadlineMs) }).flat();
