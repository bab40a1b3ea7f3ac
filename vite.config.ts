import { availableParallelism } from 'node:os';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

/** Vitest projects are stages: `tests/support/run.ts` runs them one after the other, fast ones first. */
export default defineConfig({
  plugins: [sveltekit()],
  build: { target: 'es2023' },
  test: {
    projects: [
      project('unit', ['src/**/*.test.ts'], 10_000),
      project('simulation', ['tests/seeds/**/*.test.ts', 'tests/transcripts/**/*.test.ts'], 60_000),
      project('conformance', ['tests/conformance/**/*.test.ts'], 30_000),
      project('integration', ['tests/integration/**/*.test.ts'], 30_000),
      project('pbx', ['tests/pbx/**/*.test.ts'], 60_000),
      project('e2e', ['tests/e2e/**/*.test.ts'], 90_000),
      project('faults', ['tests/faults/**/*.test.ts'], 90_000)
    ]
  }
});

function project(name: string, include: string[], testTimeout: number) {
  // These two share nothing but the processor: a worker for each core.
  const alone = name === 'unit' || name === 'simulation';
  return {
    extends: true as const,
    test: {
      name,
      include,
      testTimeout,
      hookTimeout: 60_000,
      fileParallelism: alone,
      // A file leaves nothing behind in a module, so that none needs fresh copies of them all.
      isolate: false,
      // What is tested beside each other waits for telephones, not for the processor.
      maxConcurrency: 12,
      ...(alone && { maxWorkers: availableParallelism() }),
      environment: 'node' as const
    }
  };
}
