/** `npm stop`: ends the system that `npm start` runs in this checkout, and waits until nothing of it is left. */
import { endLeftovers, isAlive, readState, removeState } from './lock.ts';
import { startPaths } from './paths.ts';

/** As long as each part may take to stop, and some more. */
const deadlineMs = 60_000;

const paths = startPaths();
const state = await readState(paths);
if (!state) console.log('Växel is not running here.');
else {
  if (await isAlive(state)) {
    process.kill(state.pid, 'SIGTERM');
    const until = performance.now() + deadlineMs;
    while ((await isAlive(state)) && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 100));
    if (await isAlive(state)) {
      console.error(`✗ Växel (pid ${state.pid}) did not stop within ${deadlineMs / 1000} s; its log is in .vaxel/log.`);
      process.exit(1);
    }
  }
  const left = await readState(paths);
  if (left) {
    await endLeftovers(left);
    await removeState(paths);
  }
  console.log('Växel has stopped.');
}
