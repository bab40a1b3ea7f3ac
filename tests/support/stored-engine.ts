import { createEngine } from '#lib/acd/engine.ts';
import type { ConfigurationValue } from '#lib/acd/configuration.ts';
import type { EngineEvent } from '#lib/acd/events.ts';
import type { EntityKey } from '#lib/acd/state.ts';
import { systemClock } from '#lib/server/cell/clock.ts';
import { createInbox } from '#lib/server/cell/inbox.ts';
import { createRedisStore } from '#lib/server/cell/redis-store.ts';
import { env } from './environment.ts';

/**
 * The real engine over the real store, an event and a commit at a time and with clicks answered as a worker does, but
 * no PBX: each command is taken for done. For tests of what reads a cell.
 */
export async function openStoredEngine(cell: number) {
  const store = createRedisStore({ address: env('VAXEL_REDIS'), cell });
  const engine = createEngine();
  const epoch = (await store.lease({ knownEpoch: 0, takeOver: true })) ?? 0;
  let n = 0;
  let made = 0;
  let nowMs = Date.now();
  /** One after the other, as a worker has them. */
  let last: Promise<unknown> = Promise.resolve();
  const errors: unknown[] = [];

  async function handle(event: EngineEvent): Promise<void> {
    made += 1;
    const { commands, facts, changed } = engine.handle({ nowMs, eventId: `e${epoch}-${made}`, event });
    const first = n + 1;
    const set: [EntityKey, string][] = [];
    const remove: EntityKey[] = [];
    for (const key of changed) {
      const entity = engine.entity(key);
      if (entity) set.push([key, JSON.stringify(entity)]);
      else remove.push(key);
    }
    await store.commit({ epoch, facts: facts.map((fact) => ({ n: (n += 1), fact })), set, remove, replace: false });
    for (const command of commands) {
      if (command.type === 'reply') {
        const { commandId } = command;
        const factId = command.ok && command.factIndex !== null ? `${epoch}-${first + command.factIndex}` : null;
        inbox.reply(command.ok ? { commandId, ok: true, factId } : { commandId, ok: false, code: command.code });
      } else if ('commandId' in command) await handle({ type: 'command-done', commandId: command.commandId });
    }
  }
  function tell(event: EngineEvent): Promise<void> {
    const done = last.then(() => handle(event));
    last = done.catch(() => undefined);
    return done;
  }
  const inbox = createInbox({
    store,
    clock: systemClock,
    afterId: '0-0',
    take: ({ commandId, agentId }, click) => {
      tell({ type: 'click', commandId, agentId, click }).catch((error: unknown) => errors.push(error));
    },
    onError: (error) => errors.push(error)
  });
  const reading = inbox.run();

  return {
    engine,
    epoch,
    errors,
    tell,
    configure: (value: ConfigurationValue, version = 1) =>
      tell({ type: 'configuration-changed', entity: value.type, id: value.id, version, value }),
    /** The clock of what is told from now on, epoch ms. */
    at(ms: number) {
      nowMs = ms;
    },
    /** The place of the last fact. */
    position: () => ({ epoch, n }),
    async close() {
      inbox.stop();
      await store.release(epoch);
      await store.close();
      await reading;
    }
  };
}
export type StoredEngine = Awaited<ReturnType<typeof openStoredEngine>>;
