import { assertNever } from '#lib/acd/assert-never.ts';
import { id } from '#lib/acd/ids.ts';
import type { MemoryStore } from '#lib/server/cell/memory-store.ts';
import type { Worker } from './mortal-worker.ts';
import type { Mishaps } from './mishaps.ts';
import type { Act } from './plan.ts';
import type { Random, Streams } from './random.ts';
import type { Robots } from './robots.ts';
import type { SimulatedPbx } from './simulated-pbx.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { World } from './world.ts';

export interface TroubleOptions {
  acts: Act[];
  /** In words, when it has been done. */
  done?: (act: Act, text: string) => void;
  streams: Streams;
  clock: VirtualClock;
  store: MemoryStore;
  pbx: SimulatedPbx;
  mishaps: Mishaps;
  robots: Robots;
  world: World;
  worker: () => Worker;
  restart: (random: Random) => void;
  usurp: () => void;
}

/** Carries the plan out. Each act draws from a stream of its own, whatever others do or whether they are there at all. */
export function createTrouble(options: TroubleOptions) {
  const { acts, done, streams, clock, store, pbx, mishaps, robots, world, worker, restart, usurp } = options;
  let calls = 0;

  /** Gives what was done, as far as its kind does not say it. */
  function carryOut(act: Act): string {
    const random = streams.of(`act ${act.n}`);
    switch (act.kind) {
      case 'faults':
        pbx.setFaults(mishaps.faults);
        return '';
      case 'shift':
        return robots.comeToWork(world.agents[act.agent ?? 0]!);
      case 'call':
        calls += 1;
        return robots.call(random, id.call(`c${act.n}`));
      case 'agent':
        return robots.act(random);
      case 'configuration': {
        const event = world.change(random, clock.wallMs());
        worker().tell(event);
        return event.type === 'configuration-changed' ? `${event.entity} ${event.id}` : event.type;
      }
      case 'cut':
        worker().cut();
        return '';
      case 'store-lost':
        store.empty();
        restart(random);
        return '';
      case 'restart':
        restart(random);
        return '';
      case 'usurper':
        usurp();
        return '';
      case 'store-away': {
        const awayMs = random.between(100, 6_000);
        store.setAway(true);
        clock.after(awayMs, () => store.setAway(false));
        return `${awayMs} ms`;
      }
      case 'wall-clock': {
        const byMs = random.between(-3_600_000, 3_600_000);
        clock.stepWall(byMs);
        return `by ${byMs} ms`;
      }
      default:
        return assertNever(act.kind);
    }
  }

  return {
    calls: () => calls,
    begin() {
      for (const act of acts)
        clock.after(act.atMs, () => {
          const text = carryOut(act);
          done?.(act, text);
        });
    },
    /** From here on all goes well. */
    end() {
      store.setAway(false);
      pbx.setFaults(null);
      // Events lost just now are made good.
      worker().cut();
    }
  };
}
