import { parentPort } from 'node:worker_threads';

/** A thread for `threads.test.ts`: each seed is done at once, but for those that throw, end the thread, or never end. */
parentPort!.on('message', (seed: number) => {
  if (seed === 5) throw new Error('seed five');
  if (seed === 11) process.exit(3);
  if (seed !== 17) parentPort!.postMessage({ result: { seed, failures: [] } });
});
