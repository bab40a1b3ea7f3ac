import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Click } from '#lib/acd/events.ts';
import type { AgentId } from '#lib/acd/ids.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import type { Reply } from '#lib/server/cell/store.ts';

/** Longer than this and nobody wants it any more: the worker refuses late ones, and silence is an answer too. */
const clickDeadlineMs = 2_000;
const streamMost = 10_000;
const outstandingMost = 5_000;

export interface Clicks {
  /**
   * Sends a click that has been permitted. Never rejects; resolves within 2 s, with `worker-unavailable` when there is
   * no worker. The same `commandId` again gets the first reply.
   */
  send(agentId: AgentId, click: Click, commandId?: string): Promise<Reply>;
  close(): void;
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

  return {
    send(agentId, click, commandId = randomUUID()) {
      const unavailable: Reply = { commandId, ok: false, code: 'worker-unavailable' };
      if (waiting.size >= outstandingMost) return Promise.resolve(unavailable);
      const underWay = promised.get(commandId);
      if (underWay) return underWay;
      const answer = new Promise<Reply>((resolve) => {
        const settle = (reply: Reply) => {
          clearTimeout(timer);
          waiting.delete(commandId);
          promised.delete(commandId);
          resolve(reply);
        };
        const timer = setTimeout(() => settle(unavailable), clickDeadlineMs);
        waiting.set(commandId, settle);
        const fields = { commandId, agentId, deadlineMs: String(clickDeadlineMs), body: JSON.stringify(click) };
        const go = () => {
          if (!waiting.has(commandId)) return; // too late by now, and so never sent
          const entry = Object.entries(fields).flat();
          sender.xadd(keys.commands, 'MAXLEN', '~', streamMost, '*', ...entry).catch((error: unknown) => {
            options.onError(error);
            settle(unavailable);
          });
        };
        if (listening) go();
        else if (held.size < outstandingMost) held.add(go);
        else settle(unavailable);
      });
      if (waiting.has(commandId)) promised.set(commandId, answer);
      return answer;
    },
    close() {
      sender.disconnect();
      subscriber.disconnect();
      for (const [commandId, settle] of waiting) settle({ commandId, ok: false, code: 'worker-unavailable' });
    }
  };
}
