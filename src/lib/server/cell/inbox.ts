import type { Click } from '#lib/acd/events.ts';
import type { CellStore, IncomingCommand, Reply } from './store.ts';
import type { Clock } from './clock.ts';

const repliesKept = 10_000;
const retryMs = 500;

export interface InboxOptions {
  store: CellStore;
  clock: Clock;
  /** Place in the stream from which to go on. */
  afterId: string;
  /** Hands a click to the engine; its reply comes by `reply`. */
  take: (command: IncomingCommand, click: Click) => void;
  /** For a reply that could not be sent. */
  onError: (error: unknown) => void;
}

/** Reads clicks, each once: late ones are refused, repeated ids get the first reply again. */
export function createInbox({ store, clock, afterId, take, onError }: InboxOptions) {
  let lastId = afterId;
  let stopped = false;
  const replies = new Map<string, Reply | 'pending'>();

  function receive(command: IncomingCommand): void {
    lastId = command.id;
    const before = replies.get(command.commandId);
    if (before === 'pending') return;
    if (before) return send(before);
    if (clock.wallMs() - command.sentAtMs > command.deadlineMs) {
      return reply({ commandId: command.commandId, ok: false, code: 'too-late' });
    }
    if (command.body === null) return reply({ commandId: command.commandId, ok: false, code: 'bad-input' });
    replies.set(command.commandId, 'pending');
    take(command, command.body);
  }

  function reply(one: Reply): void {
    replies.delete(one.commandId);
    replies.set(one.commandId, one);
    if (replies.size > repliesKept) replies.delete(replies.keys().next().value as string);
    send(one);
  }

  function send(one: Reply): void {
    store.reply(one).catch(onError);
  }

  async function run(): Promise<void> {
    while (!stopped) {
      try {
        const commands = await store.readCommands(lastId);
        if (stopped) return;
        for (const command of commands) receive(command);
      } catch (error) {
        if (stopped) return;
        onError(error);
        await new Promise<void>((resolve) => clock.after(retryMs, resolve));
      }
    }
  }

  return {
    run,
    reply,
    stop() {
      stopped = true;
    },
    get lastId() {
      return lastId;
    }
  };
}
export type Inbox = ReturnType<typeof createInbox>;
