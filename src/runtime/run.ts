import { spawn, type SpawnOptions } from 'node:child_process';

/** What a finished program said. */
export interface Finished {
  code: number | null;
  output: string;
}

/** Runs a program to its end. Output (both streams) is kept up to 1 MB from the end. Kills it at `deadlineMs`. */
export function run(
  command: string,
  args: string[],
  options: SpawnOptions & { deadlineMs?: number; input?: string } = {}
): Promise<Finished> {
  const { deadlineMs = 600_000, input, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...spawnOptions, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-1_000_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.stdin?.on('error', () => undefined); // a program that ends early does not read its input: its code tells
    child.stdin?.end(input ?? '');
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** As `run`, but a non-zero code is an error with the end of the output. */
export async function runOrThrow(
  command: string,
  args: string[],
  options: Parameters<typeof run>[2] = {}
): Promise<string> {
  const { code, output } = await run(command, args, options);
  if (code !== 0)
    throw new Error(
      `${command} ${args.slice(0, 3).join(' ')} ended with ${code}:\n${output.split('\n').slice(-15).join('\n')}`
    );
  return output;
}
