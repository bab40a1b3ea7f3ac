import type { Command, PbxCommand } from '#lib/acd/commands.ts';
import type { EngineEvent } from '#lib/acd/events.ts';
import type { AdapterCommand, CallerIdentity, CommandResult, Pbx } from '../pbx/port.ts';
import { commandDeadlineMs } from '../pbx/port.ts';
import type { Clock } from './clock.ts';
import { createLanes } from './lanes.ts';
import type { People } from './people.ts';
import type { Reply } from './store.ts';

/** Of ours, above the adapter's own: for an adapter that never answers. */
const answerLimitMs = commandDeadlineMs + 1_000;

/**
 * Carries the commands of a commit out. What the PBX answers comes back as an event, for each command once.
 *
 * @param options.people asked at each command: they are others once the state is loaded
 */
export function createCarryOut(options: {
  pbx: Pbx;
  clock: Clock;
  people: () => People;
  reply: (reply: Reply) => void;
  answered: (event: EngineEvent) => void;
  stopped: () => boolean;
  fatal: (error: unknown) => void;
}) {
  const { pbx, clock } = options;
  const lanes = createLanes();

  function run(command: Command, factId: (index: number) => string): void {
    switch (command.type) {
      case 'schedule-deadline':
      case 'cancel-deadline':
        return;
      case 'reply': {
        const { commandId } = command;
        if (!command.ok) options.reply({ commandId, ok: false, code: command.code });
        else
          options.reply({
            commandId,
            ok: true,
            factId: command.factIndex === null ? null : factId(command.factIndex)
          });
        return;
      }
      default:
        lanes.run(lanesOf(command), () => execute(command));
    }
  }

  async function execute(command: PbxCommand & { commandId: string }): Promise<void> {
    if (options.stopped()) return;
    const { commandId } = command;
    const result = await ('caller' in command ? call(command) : answerOf(command));
    options.answered(
      result.ok ? { type: 'command-done', commandId } : { type: 'command-failed', commandId, code: result.code }
    );
  }

  /** Whose number is known here rings in this very turn, before what else the commit asks for. */
  function call(command: Extract<PbxCommand, { caller: unknown }>): Promise<CommandResult> {
    const as = (caller: CallerIdentity) => answerOf({ ...command, caller });
    const known = options.people().known(command.caller);
    return known ? as(known) : options.people().identity(command.caller).then(as);
  }

  function answerOf(command: AdapterCommand): Promise<CommandResult> {
    return new Promise((resolve) => {
      const timer = clock.after(answerLimitMs, () => resolve({ ok: false, code: 'deadline', detail: 'no answer' }));
      pbx
        .execute(command)
        .catch((error: unknown): CommandResult => ({ ok: false, code: 'refused', detail: String(error) }))
        .then((result) => {
          timer.cancel();
          resolve(result);
        }, options.fatal);
    });
  }

  /** Rings go first: the PBX carries requests out one after the other, and only what somebody waits for is urgent. */
  return (commands: { command: Command; factId: (index: number) => string }[]): void => {
    const isRing = ({ command }: (typeof commands)[number]) => command.type === 'ring';
    for (const { command, factId } of commands.filter(isRing)) run(command, factId);
    for (const { command, factId } of commands.filter((one) => !isRing(one))) run(command, factId);
  };
}

/** The legs a command touches; ringing a device does not wait for what the caller hears. */
function lanesOf(command: PbxCommand): string[] {
  switch (command.type) {
    case 'connect':
      return [command.callId, command.offerId];
    case 'connect-forward':
      return [command.callId, command.forwardId];
    case 'dial':
    case 'hang-up-forward':
      return [command.forwardId];
    case 'ring':
    case 'cancel-ring':
    case 'hang-up-offer':
      return [command.offerId];
    default:
      return [command.callId];
  }
}
