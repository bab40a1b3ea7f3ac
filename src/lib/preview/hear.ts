import type { Command } from '#lib/acd/commands.ts';
import type { Language, NumberValue } from '#lib/acd/configuration.ts';
import type { EngineEvent } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { id } from '#lib/acd/ids.ts';
import { configured, openNow } from '#lib/acd/indexes.ts';
import type { Assumption, Step, StepBody } from './steps.ts';
import { createVirtual, setUp, startOf, type InForce } from './world.ts';

export interface Asked {
  number: Pick<NumberValue, 'e164' | 'queueId'>;
  assumption: Assumption;
  /** How long an announcement takes; of one that is missing nothing is heard. */
  lengthMs(language: Language, media: string): number;
}

/** An agent who is free answers after this, or after half the time that it may ring. */
const answerMs = 5_000;
/** So long somebody who waits is followed. */
export const shownMs = 180_000;

const callId = id.call('preview');

/**
 * What a caller hears and why, step by step, until an agent answers, the call ends, or `shownMs` have passed: told by the
 * engine itself, for a made-up call. Nothing about a call is decided here. At another number nobody answers: if somebody
 * does, that is the end of it.
 */
export function hear(inForce: InForce, asked: Asked): Step[] {
  const steps: Step[] = [];
  const startedMs = inForce.atMs;
  let playing = null as { command: Extract<Command, { type: 'play' }>; fromMs: number } | null;
  let quietSinceMs = null as number | null;
  let afterMs = 0;
  let over = false as boolean;
  /** The other number that was rung last. */
  let rung = '';
  const virtual = createVirtual(startOf(inForce, asked.number.queueId), (facts, commands) => {
    for (const fact of facts) if (!over) hearFact(fact);
    return commands.flatMap((command) => (over ? [] : hearCommand(command)));
  });

  function add(step: StepBody, sinceMs = virtual.now()): void {
    steps.push({ atMs: sinceMs - startedMs, ...step });
  }

  /** Music has played since nothing else did. */
  function endMusic(): void {
    if (quietSinceMs === null) return;
    const ms = virtual.now() - quietSinceMs;
    if (ms > 0) add({ type: 'music', ms }, quietSinceMs);
    quietSinceMs = null;
  }

  function end(step: StepBody): void {
    endMusic();
    add(step);
    over = true;
  }

  function door(queueId: string): void {
    const queue = configured(virtual.engine.state, 'queue', queueId);
    if (queue) add({ type: 'door', queueId, hours: openNow(virtual.engine, queue), refused: null });
  }

  /** Told by what follows at the door: where the call goes instead. */
  function refused(why: Extract<StepBody, { type: 'door' }>['refused']): void {
    const last = steps.findLast((step) => step.type === 'door');
    if (last?.type === 'door' && last.refused === null && why !== null) last.refused = why;
  }

  function hearFact(fact: Fact): void {
    if (!('callId' in fact) || fact.callId !== callId) return;
    switch (fact.type) {
      case 'call-arrived':
        return door(fact.queueId);
      case 'visit-entered':
        return add({ type: 'entered', queueId: fact.queueId });
      case 'announced': {
        if (!playing) return;
        const { command, fromMs } = playing;
        const ms = virtual.now() - fromMs;
        const { media, language } = command;
        const cut = ms < lengthOf(command);
        add({ type: 'said', announcement: fact.announcement, media, language, ms, cut }, fromMs);
        playing = null;
        if (virtual.engine.state.call.get(callId)?.phase === 'waiting') quietSinceMs = virtual.now();
        return;
      }
      case 'offered':
        return add({ type: 'rings' });
      case 'call-moved':
        refused(fact.why);
        endMusic();
        add({ type: 'moved', toQueueId: fact.toQueueId, why: fact.why });
        return door(fact.toQueueId);
      case 'forward-started':
        return refused(fact.why);
      case 'forward-ended':
        return add({ type: 'unanswered', to: rung });
      case 'forward-stopped':
        refused(fact.why);
        return add({ type: 'stopped', to: fact.to, limit: fact.limit });
      case 'talk-started':
        return end({ type: 'answered', afterMs });
      default:
        return;
    }
  }

  function hearCommand(command: Command): EngineEvent[] {
    if (!('callId' in command) || command.callId !== callId) return [];
    switch (command.type) {
      case 'play': {
        endMusic();
        playing = { command, fromMs: virtual.now() };
        const { playId } = command;
        const event = { type: 'play-ended' as const, callId, playId, failed: false };
        virtual.at('play', virtual.now() + lengthOf(command), event);
        return [];
      }
      case 'start-music':
        if (!playing) quietSinceMs ??= virtual.now();
        return [];
      case 'ring': {
        const { offerId } = command;
        afterMs = Math.min(answerMs, command.ringSeconds * 500);
        virtual.at('answer', virtual.now() + afterMs, { type: 'offer-answered', offerId });
        return [{ type: 'offer-ringing', offerId }];
      }
      case 'dial': {
        const why = virtual.engine.state.forward.get(command.forwardId)?.why;
        rung = command.to;
        if (why) add({ type: 'forwarded', to: command.to, why, ringSeconds: command.ringSeconds });
        return [{ type: 'forward-ringing', forwardId: command.forwardId }];
      }
      case 'hang-up-call':
        refused(virtual.engine.state.call.get(callId)?.reason ?? null);
        end({ type: 'ended', tone: command.reason });
        return [];
      default:
        return [];
    }
  }

  const lengthOf = ({ media, language }: Extract<Command, { type: 'play' }>) =>
    media.reduce((sum, one) => sum + asked.lengthMs(language, one), 0);

  const { e164: dialled, queueId } = asked.number;
  setUp(virtual, inForce, { queueId, dialled }, asked.assumption);
  virtual.handle({ type: 'call-arrived', callId, dialled, caller: { token: null, withheld: true } });
  refused(virtual.engine.state.call.get(callId)?.reason ?? null);
  // What has begun to be said is heard to its end.
  while (!over && virtual.next(playing ? Infinity : startedMs + shownMs));
  if (!over) end({ type: 'waits-on' });
  return steps.toSorted((a, b) => a.atMs - b.atMs);
}
