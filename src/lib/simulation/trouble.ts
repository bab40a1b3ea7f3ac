import type { MemoryStore } from '#lib/server/cell/memory-store.ts';
import type { Worker } from './mortal-worker.ts';
import type { Random } from './random.ts';
import type { Robots } from './robots.ts';
import type { Faults, SimulatedPbx } from './simulated-pbx.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { World } from './world.ts';

const callsAtPeace = 5;

export interface TroubleOptions {
  random: Random;
  clock: VirtualClock;
  store: MemoryStore;
  pbx: SimulatedPbx;
  robots: Robots;
  world: World;
  worker: () => Worker;
  restart: () => void;
  usurp: () => void;
}

/** What happens in the safety phase: calls, people's whims, and everything that can break. */
export function createTrouble({ random, clock, store, pbx, robots, world, worker, restart, usurp }: TroubleOptions) {
  let on = false;
  let calls = 0;
  const every = (lowMs: number, highMs: number, run: () => void): void => {
    clock.after(random.between(lowMs, highMs), () => {
      if (!on) return;
      run();
      every(lowMs, highMs, run);
    });
  };
  // An event is lost only with its connection: what came over it is made good by the next snapshot.
  const cutSoon = () => void clock.after(random.between(10, 1_500), () => worker().cut());
  const faults: Faults = {
    event() {
      const type = random.weighted({ none: 96, repeated: 2, late: 1.5, lost: 0.5 });
      if (type === 'lost') cutSoon();
      return type === 'late' ? { type, ms: random.between(1, 400) } : { type };
    },
    command: () => random.weighted({ none: 97, silent: 2, refused: 1 })
  };
  function call(): void {
    calls += 1;
    robots.call();
  }
  return {
    calls: () => calls,
    begin() {
      on = true;
      if (random.chance(0.8)) pbx.setFaults(faults);
      // A quiet day, or more calls than the agents can take.
      every(500, random.pick([2_000, 9_000]), call);
      every(1_000, 8_000, robots.act);
      every(5_000, 40_000, () => worker().tell(world.change()));
      every(10_000, 60_000, () => worker().cut());
      every(10_000, 50_000, () => {
        if (random.chance(0.1)) store.empty();
        restart();
      });
      every(20_000, 90_000, usurp);
      every(20_000, 90_000, () => {
        store.setAway(true);
        clock.after(random.between(100, 6_000), () => store.setAway(false));
      });
      every(20_000, 90_000, () => clock.stepWall(random.between(-3_600_000, 3_600_000)));
    },
    end() {
      on = false;
      store.setAway(false);
      pbx.setFaults({ event: () => ({ type: 'none' }), command: () => 'none' });
      // Events lost just now are made good.
      worker().cut();
      for (let n = 0; n < callsAtPeace; n += 1) clock.after(random.between(1_000, 30_000), call);
    }
  };
}
