import { devicesOf, type AgentValue } from '#lib/acd/configuration.ts';
import type { Click } from '#lib/acd/events.ts';
import type { DeviceId } from '#lib/acd/ids.ts';
import { configured } from '#lib/acd/indexes.ts';
import type { State } from '#lib/acd/state.ts';
import { readPhoneCode, type CodeAnnouncement, type PhoneCode, type plainCodes } from '#lib/phone-codes.ts';
import type { DialledCode, Pbx } from '../pbx/port.ts';
import type { Cell } from './cell.ts';
import type { Clock } from './clock.ts';

/** A switching that has not answered by then did not happen: its transaction ends sooner (`ConnectOptions`). */
const switchWithinMs = 10_000;
/** More at once than people dial: somebody's program. They are hung up. */
const mostAtOnce = 50;

export interface PhoneCodesOptions {
  /** Asked at each code: it is another once it is loaded. */
  state: () => State;
  click: Cell['click'];
  /** Resolves once it is in force, with the code of a refusal otherwise. */
  switchTemporary: (agent: AgentValue, code: Extract<PhoneCode, { type: 'switch' }>) => Promise<string | null>;
  end: Pbx['endCode'];
  clock: Clock;
  log: (text: string) => void;
}

/** What a click refused with this says: that it is so already. */
const plain: Record<keyof typeof plainCodes, { says: CodeAnnouncement; already: string | null }> = {
  'log-in': { says: 'code-logged-in', already: null },
  'log-out': { says: 'code-logged-out', already: 'not-on-shift' },
  pause: { says: 'code-paused', already: 'already-paused' },
  resume: { says: 'code-resumed', already: 'not-paused' }
};

/**
 * Obeys what agents dial on their devices, as if they had pressed it on a page, and tells them what came of it. Beside
 * the engine's turn: a code waits for Postgres and for an announcement, and no call waits for a code.
 */
export function createPhoneCodes({ state, click, switchTemporary, end, clock, log }: PhoneCodesOptions) {
  const underWay = new Set<DeviceId>();

  async function take({ codeId, deviceId, digits }: DialledCode): Promise<void> {
    const agent = agentAt(state(), deviceId);
    // Nobody's any more, or one that dials again before it has heard what came of the last.
    if (!agent || underWay.has(deviceId) || underWay.size >= mostAtOnce) return endCode(codeId, null);
    underWay.add(deviceId);
    try {
      const language = configured(state(), 'organization', agent.organizationId)?.language ?? 'sv';
      await endCode(codeId, { media: await obey(agent, deviceId, readPhoneCode(digits)), language });
    } finally {
      underWay.delete(deviceId);
    }
  }

  async function endCode(...of: Parameters<Pbx['endCode']>): Promise<void> {
    const ended = await end(...of);
    // Hung up before everything was said: as usual.
    if (!ended.ok && ended.code !== 'not-found') log(`a code’s leg: ${ended.code} ${ended.detail}`);
  }

  async function obey(agent: AgentValue, deviceId: DeviceId, code: PhoneCode | null): Promise<CodeAnnouncement> {
    if (!code) return 'code-unknown';
    if (code.type === 'switch') return switched(agent, code);
    const reply = await click(agent.id, clickOf(code.type, deviceId));
    const { says, already } = plain[code.type];
    if (!reply.ok) return reply.code === already ? says : 'code-impossible';
    // A member of no queue.
    if (code.type === 'log-in' && !state().agent.get(agent.id)?.queueIds.length) return 'code-impossible';
    return says;
  }

  async function switched(agent: AgentValue, code: Extract<PhoneCode, { type: 'switch' }>): Promise<CodeAnnouncement> {
    const refused = await within(switchTemporary(agent, code)).catch((error: unknown) => {
      log(`a temporary schedule by phone: ${error instanceof Error ? error.message : String(error)}`);
      return 'failed';
    });
    if (refused === null) return code.on ? 'code-on' : 'code-off';
    if (refused === 'not-found') return 'code-unknown';
    return refused === 'nothing-to-undo' ? 'code-off' : 'code-impossible';
  }

  function within<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = clock.after(switchWithinMs, () => reject(new Error('no answer')));
      work.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  return { take };
}

/** The agent whose device it is. */
function agentAt(state: State, deviceId: DeviceId): AgentValue | null {
  for (const { value } of state.configuration.values())
    if (value?.type === 'agent' && devicesOf(value).some((device) => device.id === deviceId)) return value;
  return null;
}

function clickOf(type: keyof typeof plainCodes, deviceId: DeviceId): Click {
  switch (type) {
    // On shift already, it logs in to all and takes a log-out after the call back.
    case 'log-in':
      return { type: 'start-shift', deviceId };
    case 'log-out':
      return { type: 'log-out', queueIds: 'all' };
    case 'pause':
      return { type: 'pause', reason: null };
    case 'resume':
      return { type: 'resume' };
  }
}
