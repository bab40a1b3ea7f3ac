/** The worker's parent where nothing else is (docker compose): the supervisor of `npm start` with one child. */
import { createSupervisor } from './supervisor.ts';
import { workerChild } from './worker-child.ts';

const report = (line: string) => void process.stdout.write(`! ${line}\n`);
const environment = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
);
const supervisor = createSupervisor({ log: null, report });
const { spec, leader } = workerChild({ environment, report });

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    leader.stop();
    supervisor.stopAll().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      }
    );
  });
await supervisor.start(spec);
