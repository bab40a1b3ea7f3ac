export type { ConfigurationChange } from './changes.ts';
export { markApplied, readAll, readUnapplied } from './read.ts';
export { readDevices } from './devices.ts';
export { startConfigurationReader, type ConfigurationReader, type ReaderOptions } from './reader.ts';
export { createDays, type Days } from './days.ts';
export { createSoundFiles, readSoundContent, type SoundFiles } from './sounds.ts';
export { createHours, type Hours } from './hours.ts';
