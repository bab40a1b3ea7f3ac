export * from './people.ts';
export * from './hours.ts';
export * from './queues.ts';
export * from './configuration.ts';
export * from './history.ts';
export * from './temporary.ts';
export * from './api.ts';
export * from './sounds.ts';
