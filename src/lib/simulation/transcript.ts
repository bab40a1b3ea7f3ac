import type { Command } from '#lib/acd/commands.ts';
import type { EngineInput } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import type { Handled } from '#lib/acd/engine.ts';
import { emptyState, save } from '#lib/acd/state.ts';
import type { EntityKey } from '#lib/acd/state.ts';
import { compareText } from '#lib/acd/sorted.ts';

/** As `cell:N:state` would have it, in order of key: equal when the states are. */
type Stored = string;
interface Step {
  nowMs: number;
  /** What was told, and what came of it. */
  told: string;
  lines: string[];
  after: Stored;
}
interface Engine {
  /** What it began from, and how many steps all engines had taken by then. */
  from: Stored;
  begun: number;
  steps: (Step & { n: number })[];
}

/**
 * Writes down what engines are told and what comes of it, in the language of `tests/transcripts`: each event as it was,
 * so that the text runs again without cell, PBX or robots.
 */
export function createRecorder() {
  const engines: Engine[] = [];
  let last: Engine | null = null;
  let taken = 0;

  /** The engine whose state another took over, up to the event after which it was stored. */
  function before(engine: Engine): Engine | null {
    for (const other of engines.toReversed()) {
      const at = other.steps.findLastIndex(({ n, after }) => n <= engine.begun && after === engine.from);
      if (at >= 0) return { ...other, steps: other.steps.slice(0, at + 1) };
    }
    return null;
  }

  return {
    /** One more engine, from its first event on. */
    over(entities: ReadonlyMap<EntityKey, string>) {
      const engine: Engine = { from: stored(entities), begun: taken, steps: [] };
      engines.push(engine);
      return ({ nowMs, eventId, event }: EngineInput, handled: Handled, now: ReadonlyMap<EntityKey, string>) => {
        taken += 1;
        last = engine;
        const told = `@${eventId} ${JSON.stringify(event)}`;
        engine.steps.push({ n: taken, nowMs, told, lines: outcome(handled), after: stored(now) });
      };
    },
    /** Of the engine that was told something last, and before it of those whose state it took over. */
    transcript(comment: string[]): string {
      const chain: Engine[] = [];
      for (let engine = last; engine; engine = engine.from === empty ? null : before(engine)) chain.unshift(engine);
      const sinceMs = Math.floor((chain[0]?.steps[0]?.nowMs ?? 0) / 1_000) * 1_000;
      const at = (step: Step | undefined) => ((step?.nowMs ?? sinceMs) - sinceMs) / 1_000;
      const out = [...comment.map((line) => `# ${line}`), `> 0 since ${sinceMs}`];
      chain.forEach(({ from, steps }, nth) => {
        if (nth > 0) out.push(`> ${at(steps[0])} read-back`);
        else if (from !== empty) out.push(`> ${at(steps[0])} stored ${from}`);
        for (const step of steps) out.push(`> ${at(step)} ${step.told}`, ...step.lines);
      });
      return `${out.join('\n')}\n`;
    }
  };
}
export type Recorder = ReturnType<typeof createRecorder>;

function stored(entities: ReadonlyMap<EntityKey, string>): Stored {
  const inOrder = [...entities].toSorted(([a], [b]) => compareText(a, b));
  return JSON.stringify(Object.fromEntries(inOrder));
}

const empty = stored(save(emptyState()));

/** What came of an event, a line each: `!` a command, `.` a fact. */
export function outcome({ commands, facts }: Pick<Handled, 'commands' | 'facts'>): string[] {
  return [...commands.map((command) => `  ! ${show(command)}`), ...facts.map((fact) => `  . ${show(fact)}`)];
}

const hidden = new Set(['type', 'v', 'atMs', 'organizationId', 'commandId']);

function show(thing: Command | Fact): string {
  const { type } = thing;
  const words = Object.entries(thing)
    .filter(([key]) => !hidden.has(key) || (type === 'schedule-deadline' && key === 'atMs'))
    .map(([key, one]) => `${key}=${typeof one === 'string' ? one : JSON.stringify(one)}`);
  return [type, ...words].join(' ');
}
