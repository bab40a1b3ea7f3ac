/**
 * Runs jobs of one lane in order and those of different lanes side by side: a lane is a leg in the PBX. A job in two
 * lanes (connect) waits for both. Jobs never reject; an empty lane costs nothing.
 */
export function createLanes() {
  const tails = new Map<string, Promise<void>>();
  return {
    run(lanes: string[], job: () => Promise<void>): void {
      const before = lanes.flatMap((lane) => tails.get(lane) ?? []);
      const done: Promise<void> = (before.length === 0 ? job() : Promise.all(before).then(job)).then(() => {
        for (const lane of lanes) if (tails.get(lane) === done) tails.delete(lane);
      });
      for (const lane of lanes) tails.set(lane, done);
    },
    get busy() {
      return tails.size;
    }
  };
}
