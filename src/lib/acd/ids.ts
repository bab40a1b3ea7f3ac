/** Ids are branded strings, so that one kind is never taken for another. `as` happens at the edges only. */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type OrganizationId = Id<'organization'>;
export type QueueId = Id<'queue'>;
export type AgentId = Id<'agent'>;
export type DeviceId = Id<'device'>;
export type NumberId = Id<'number'>;
export type ScheduleId = Id<'schedule'>;
export type TemporaryId = Id<'temporary'>;
export type SkillId = Id<'skill'>;
/** Of an organization's own recording: an announcement or music (P25). */
export type SoundId = Id<'sound'>;
/** Also the id of the caller's channel in Asterisk. */
export type CallId = Id<'call'>;
export type VisitId = Id<'visit'>;
/** Also the id of the channel that rings the agent's device. */
export type OfferId = Id<'offer'>;
/** Also the id of the channel that rings an alternative number (P10, P11). */
export type ForwardId = Id<'forward'>;
/** One announcement playing to one caller; also the id of the playback in Asterisk. */
export type PlayId = Id<'play'>;
/** Stands for a person's number in facts, audit and logs (E8). */
export type CallerToken = Id<'caller'>;

/** Legs that the engine makes begin with a letter of their own, here and as channels in the PBX. */
export const isForwardId = (legId: string): legId is ForwardId => legId.startsWith('f');

export const id = {
  organization: (value: string) => value as OrganizationId,
  queue: (value: string) => value as QueueId,
  agent: (value: string) => value as AgentId,
  device: (value: string) => value as DeviceId,
  number: (value: string) => value as NumberId,
  schedule: (value: string) => value as ScheduleId,
  temporary: (value: string) => value as TemporaryId,
  skill: (value: string) => value as SkillId,
  sound: (value: string) => value as SoundId,
  call: (value: string) => value as CallId,
  visit: (value: string) => value as VisitId,
  offer: (value: string) => value as OfferId,
  forward: (value: string) => value as ForwardId,
  play: (value: string) => value as PlayId,
  caller: (value: string) => value as CallerToken
};
