import { createEngine } from '#lib/acd/engine.ts';
import type { Command } from '#lib/acd/commands.ts';
import type { AgentValue, ConfigurationValue, MemberValue, QueueValue } from '#lib/acd/configuration.ts';
import type { EngineEvent } from '#lib/acd/events.ts';
import { id } from '#lib/acd/ids.ts';
import { indexViolations, orderViolations, violations } from '#lib/acd/invariants.ts';
import { load, save } from '#lib/acd/state.ts';
import { outcome } from '#lib/simulation/transcript.ts';
import { plainAgent, plainMember, plainNumber, plainOrganization, plainQueue } from '#lib/simulation/values.ts';

/**
 * Golden transcripts: `> seconds event key=value …` is told to the engine, what follows is what came of it
 * (`!` a command, `.` a fact). Commands are taken for done at once but for `connect` and `connect-forward`, which a line
 * `> seconds done connect` answers; deadlines come by themselves and show as `-`, up to the time of the next line. Lines to set up a world:
 * `organization key=value …`, `queue ID key=value …`, `agent ID queue,queue` (a member of them, registered and on shift), `number E164 queue`.
 *
 * What the simulator has written down (`npm run sim -- --shrink`) is told as it was: `> seconds @EVENT-ID {event}`, with every
 * answer and deadline a line of its own, times counting from `> 0 since EPOCH-MS`. `read-back` goes on with the state as
 * saved, `stored {key: json}` with another.
 */
export function replay(text: string): string {
  const out: string[] = [];
  const world = createWorld((line) => out.push(line));
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line.trim() === '') out.push(line);
    if (!line.startsWith('> ')) continue;
    const [, seconds = '0', type = '', rest = ''] = /^> (\S+) ?(\S*) *(.*)$/.exec(line) ?? [];
    world.advance(Math.round(Number(seconds) * 1_000));
    out.push(line);
    world.tell(type, rest);
  }
  return `${out.join('\n').replace(/\n+$/, '')}\n`;
}

function createWorld(print: (line: string) => void) {
  let engine = createEngine();
  const deadlines = new Map<string, number>();
  const outstanding: Extract<Command, { type: 'connect' | 'connect-forward' }>[] = [];
  const versions = new Map<string, number>();
  let sinceMs = 0;
  let nowMs = 0;
  let made = 0;
  let lastPlay = '';
  let lastOffer = '';
  let lastForward = '';

  function handle(event: EngineEvent, quiet = false): void {
    made += 1;
    for (const command of handled(event, String(made), quiet)) {
      if (command.type === 'play') lastPlay = command.playId;
      if (command.type === 'ring') lastOffer = command.offerId;
      if (command.type === 'dial') lastForward = command.forwardId;
      if (command.type === 'schedule-deadline') deadlines.set(command.key, command.atMs);
      else if (command.type === 'cancel-deadline') deadlines.delete(command.key);
      else if (command.type === 'connect' || command.type === 'connect-forward') outstanding.push(command);
      else if (command.type !== 'reply') handle({ type: 'command-done', commandId: command.commandId }, quiet);
    }
  }

  /** Gives the commands, which nobody has carried out yet. */
  function handled(event: EngineEvent, eventId: string, quiet = false): Command[] {
    const { commands, facts } = engine.handle({ nowMs, eventId, event });
    if (!quiet) for (const line of outcome({ commands, facts })) print(line);
    const { state, indexes } = engine;
    const broken = [
      ...violations(state, indexes),
      ...indexViolations(state, indexes),
      ...orderViolations(state, indexes, facts, nowMs)
    ];
    if (broken.length > 0) throw new Error(`broken at ${nowMs}: ${JSON.stringify(broken)}`);
    return commands;
  }

  function configure(value: ConfigurationValue): void {
    const key = `${value.type}:${value.id}`;
    const version = (versions.get(key) ?? 0) + 1;
    versions.set(key, version);
    handle({ type: 'configuration-changed', entity: value.type, id: value.id, version, value }, true);
  }

  function queue(queueId: string, settings: Partial<QueueValue>): void {
    configure(plainQueue(queueId, settings));
    handle({ type: 'reconciled', snapshot: { calls: [], offers: [], forwards: [], connected: [], devices: [] } }, true);
  }

  function agent(agentId: string, queueIds: string[], settings: Partial<AgentValue>): void {
    const deviceId = id.device(`device-${agentId}`);
    configure(plainAgent(agentId, settings));
    for (const queueId of queueIds) member(agentId, queueId, {});
    handle({ type: 'reachability-changed', deviceId, reachable: true, reason: 'registered' }, true);
    const click = { type: 'start-shift' as const, deviceId };
    handle({ type: 'click', commandId: `shift-${agentId}`, agentId: id.agent(agentId), click }, true);
  }

  function member(agentId: string, queueId: string, settings: Partial<MemberValue>): void {
    configure(plainMember(queueId, agentId, settings));
  }

  function advance(afterMs: number): void {
    const toMs = sinceMs + afterMs;
    for (;;) {
      const due = [...deadlines]
        .filter(([, atMs]) => atMs <= toMs)
        .toSorted((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))[0];
      if (!due) break;
      deadlines.delete(due[0]);
      nowMs = due[1];
      print(`- ${nowMs / 1_000} ${due[0]}`);
      handle({ type: 'deadline', key: due[0] });
    }
    nowMs = toMs;
  }

  /** `$p`: what was played last; `$f`: the number dialled last; `$o`: the offer made last; `$o:anna`: hers. */
  function named(word: string): string {
    return word.replace(/\$([fop])(?::(\w+))?/, (_, letter: string, agentId?: string) => {
      if (letter === 'p') return lastPlay;
      if (letter === 'f') return lastForward;
      if (agentId === undefined) return lastOffer;
      return [...engine.state.offer.values()].findLast((offer) => offer.agentId === agentId)?.id ?? 'none';
    });
  }

  function tell(type: string, rest: string): void {
    if (type.startsWith('@')) return void handled(JSON.parse(rest) as EngineEvent, type.slice(1));
    const words = rest.split(/ +/).filter(Boolean).map(named);
    const [first = '', second = ''] = words;
    switch (type) {
      case '':
        return;
      case 'queue':
        return queue(first, fields(words.slice(1)));
      case 'agent':
        return agent(first, second.split(','), fields(words.slice(2)));
      case 'member':
        return member(first, second, fields(words.slice(2)));
      case 'organization':
        return configure(plainOrganization(fields(words)));
      case 'number':
        return configure(plainNumber(first, second, fields(words.slice(2))));
      case 'arrive': {
        const caller = second ? { token: id.caller(second), withheld: false } : { token: null, withheld: true };
        return handle({ type: 'call-arrived', callId: id.call(first), dialled: '+4650', caller });
      }
      case 'click':
        return handle({
          type: 'click',
          commandId: `click-${made}`,
          agentId: id.agent(first),
          click: fields([`type=${second}`, ...words.slice(2)]) as never
        });
      case 'done':
      case 'failed': {
        const commandId = outstanding.pop()?.commandId ?? '';
        return handle(
          type === 'done'
            ? { type: 'command-done', commandId }
            : { type: 'command-failed', commandId, code: second as never }
        );
      }
      case 'since':
        sinceMs = Number(first);
        return;
      case 'read-back':
        engine = createEngine(load(save(engine.state)));
        return;
      case 'stored':
        engine = createEngine(load(Object.entries(JSON.parse(rest) as Record<string, string>)));
        return;
      case 'restart':
        // As after a crash: everything is read back, and the same goes on.
        engine = createEngine(load(save(engine.state)));
        return handle({ type: 'disconnected' });
      case 'lost': {
        // The store was emptied: configuration comes from Postgres again, and nothing else is left.
        const kept = [...save(engine.state)].filter(([key]) => key.startsWith('configuration:'));
        engine = createEngine(load(kept));
        deadlines.clear();
        return;
      }
      default:
        return handle({ type, ...fields(words) } as EngineEvent);
    }
  }
  return { tell, advance };
}

function fields(words: string[]): Record<string, unknown> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      return [word.slice(0, at), value(word.slice(at + 1))];
    })
  );
}

function value(text: string): unknown {
  if (/^(true|false|null|-?\d+(\.\d+)?|\{.*\}|\[.*\])$/.test(text)) return JSON.parse(text);
  return text;
}
