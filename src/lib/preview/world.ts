import type { Command } from '#lib/acd/commands.ts';
import type { AgentValue, ConfigurationValue, MemberValue, QueueValue } from '#lib/acd/configuration.ts';
import { createEngine } from '#lib/acd/engine.ts';
import type { EngineEvent } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import { withDefaults } from '#lib/acd/upgrade.ts';
import { hoursNow } from '#lib/hours/evaluate.ts';
import type { ScheduleValue } from '#lib/hours/schedule.ts';
import type { Assumption } from './steps.ts';

/** What was in force at a moment. Agents and members in it are left out: who works is assumed. */
export interface InForce {
  values: ConfigurationValue[];
  schedules: ScheduleValue[];
  /** Epoch ms. */
  atMs: number;
}

/** More means that something goes round. */
const mostEvents = 100_000;

/**
 * The real engine on virtual time, with a PBX that does everything at once. `onOutcome` sees what came of each event and
 * gives what happens next.
 */
export function createVirtual(startMs: number, onOutcome: (facts: Fact[], commands: Command[]) => EngineEvent[]) {
  const engine = createEngine();
  const deadlines = new Map<string, { atMs: number; event: EngineEvent | (() => EngineEvent) }>();
  let nowMs = startMs;
  let made = 0;

  function handle(event: EngineEvent): void {
    const todo = [event];
    for (let next = todo.shift(); next; next = todo.shift()) {
      made += 1;
      if (made > mostEvents) throw new Error('a preview goes round');
      const { commands, facts } = engine.handle({ nowMs, eventId: String(made), event: next });
      for (const command of commands) {
        if (command.type === 'schedule-deadline') at(command.key, command.atMs, { type: 'deadline', key: command.key });
        else if (command.type === 'cancel-deadline') deadlines.delete(command.key);
        else if (command.type === 'reply') {
          if (!command.ok) throw new Error(`an assumption was refused: ${command.code}`);
        } else todo.push({ type: 'command-done', commandId: command.commandId });
        if (command.type === 'hang-up-forward')
          todo.push({ type: 'forward-ended', forwardId: command.forwardId, cause: 'cancelled', code: null });
      }
      todo.push(...onOutcome(facts, commands));
    }
  }

  /** Happens at that time, as the engine's own deadlines do; the same key again replaces it. */
  function at(key: string, atMs: number, event: EngineEvent | (() => EngineEvent)): void {
    deadlines.set(key, { atMs, event });
  }

  return {
    engine,
    handle,
    at,
    now: () => nowMs,
    /** Carries out the first that is due by then; false: nothing is, and it is then. */
    next(toMs: number): boolean {
      let due: [string, { atMs: number; event: EngineEvent | (() => EngineEvent) }] | null = null;
      for (const one of deadlines) if (one[1].atMs <= toMs && (!due || one[1].atMs < due[1].atMs)) due = one;
      if (!due) {
        nowMs = Math.max(nowMs, toMs);
        return false;
      }
      const [key, { atMs, event }] = due;
      deadlines.delete(key);
      nowMs = Math.max(nowMs, atMs);
      handle(typeof event === 'function' ? event() : event);
      return true;
    }
  };
}

export type Virtual = ReturnType<typeof createVirtual>;

/** When what is assumed must have begun, so that it holds at the moment asked for. */
export function startOf({ values, atMs }: InForce, queueId: string): number {
  const queue = values.find((value): value is QueueValue => value.type === 'queue' && value.id === queueId);
  if (!queue) return atMs;
  const { closing } = withDefaults(queue) as QueueValue;
  return atMs - Math.max(closing.waitedMostSeconds ?? 0, closing.unreachableSeconds) * 1_000;
}

/**
 * Brings about what is assumed of the queue that is asked about (in the others everybody is busy, unless somebody is
 * free), and then what was in force at the moment.
 */
export function setUp(
  virtual: Virtual,
  inForce: InForce,
  asked: { queueId: string; dialled: string },
  assumption: Assumption
) {
  const { values, schedules, atMs } = inForce;
  const whole = values.filter(({ type }) => type !== 'agent' && type !== 'member').map(withDefaults);
  let version = 0;
  const tell = (value: ConfigurationValue) => {
    version += 1;
    virtual.handle({ type: 'configuration-changed', entity: value.type, id: value.id, version, value });
  };
  virtual.handle({
    type: 'reconciled',
    snapshot: { calls: [], offers: [], forwards: [], connected: [], devices: [] }
  });
  // Without hours and announcements at first: those who are assumed to wait are in already.
  for (const value of whole) if (value.type !== 'temporary') tell(value.type === 'queue' ? silent(value) : value);
  for (const value of whole) {
    if (value.type !== 'queue') continue;
    const here = value.id === asked.queueId;
    work(virtual, tell, value, whole, here ? assumption : assumption === 'free' ? 'free' : 'busy');
    if (here && assumption === 'full') fill(virtual, value, asked.dialled);
  }
  while (virtual.next(atMs));
  for (const schedule of schedules) virtual.handle(hoursChanged(virtual, schedule));
  for (const value of whole) if (value.type === 'queue' || value.type === 'temporary') tell(value);
}

const silent = (queue: QueueValue): QueueValue => ({
  ...queue,
  scheduleId: null,
  welcome: null,
  first: null,
  repeated: null,
  position: null,
  waitingTime: null
});

/** One agent for each queue, who knows everything. */
function work(
  virtual: Virtual,
  tell: (value: ConfigurationValue) => void,
  { id: queueId, organizationId }: QueueValue,
  values: ConfigurationValue[],
  assumption: Assumption
): void {
  if (assumption === 'nobody') return;
  const agentId = id.agent(`agent of ${queueId}`);
  const deviceId = id.device(`device of ${queueId}`);
  const plain = { others: [], language: 'sv' as const };
  const skills = values.flatMap((value) => (value.type === 'skill' ? [{ skillId: value.id, level: 10 }] : []));
  const agent: AgentValue = { type: 'agent', id: agentId, organizationId, name: '', deviceId, ...plain, skills };
  const member: MemberValue = {
    type: 'member',
    id: `${queueId}:${agentId}`,
    organizationId,
    queueId,
    agentId,
    tier: 1,
    wrapUpSeconds: null
  };
  tell(agent);
  tell(member);
  virtual.handle({ type: 'reachability-changed', deviceId, reachable: true, reason: 'registered' });
  const click = (type: string, what: Extract<EngineEvent, { type: 'click' }>['click']) =>
    virtual.handle({ type: 'click', commandId: `${type} ${queueId}`, agentId, click: what });
  click('start', { type: 'start-shift', deviceId });
  if (assumption === 'unreachable')
    virtual.handle({ type: 'reachability-changed', deviceId, reachable: false, reason: 'unregistered' });
  // To callers there is no difference between a long talk and a pause.
  else if (assumption !== 'free') click('pause', { type: 'pause', reason: null });
}

/** As many wait as may; where only the time counts, one who has waited so long. */
function fill(virtual: Virtual, { closing }: QueueValue, dialled: string): void {
  const others = closing.waitingMost ?? (closing.waitedMostSeconds === null ? 0 : 1);
  for (let other = 1; other <= others; other += 1)
    virtual.handle({
      type: 'call-arrived',
      callId: id.call(`other ${other}`),
      dialled,
      caller: { token: null, withheld: true }
    });
}

/** What the hours say now, and again as soon as they say something else. */
function hoursChanged(virtual: Virtual, schedule: ScheduleValue): EngineEvent {
  const { id: scheduleId, organizationId } = schedule;
  const { open, reason, untilMs, changesMs } = hoursNow(schedule, virtual.now());
  if (changesMs !== null) virtual.at(`hours:${scheduleId}`, changesMs, () => hoursChanged(virtual, schedule));
  return { type: 'hours-changed', organizationId, scheduleId, open, reason, untilMs };
}
