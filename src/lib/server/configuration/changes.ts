import type { ConfigurationEntity, ConfigurationValue } from '#lib/acd/configuration.ts';
import type { SoundValue } from '#lib/sounds.ts';
import type { ScheduleValue } from '#lib/hours/schedule.ts';

/**
 * One change as the worker gets it. All but two go to the engine as `configuration-changed`: schedules go to
 * `createHours`, which tells the engine when they open and close, and sounds to `createSoundFiles`. `value` null: removed.
 */
export type ConfigurationChange = { id: string; organizationId: string; version: number } & (
  | { entity: ConfigurationEntity; value: ConfigurationValue | null }
  | { entity: 'schedule'; value: ScheduleValue | null }
  | { entity: 'sound'; value: SoundValue | null }
);
