import type {
  AnnouncementSetting,
  ClosingSettings,
  Distribution,
  NeedStep,
  QueueKind,
  QueueValue
} from '#lib/acd/configuration.ts';

import { mediaOf, soundOf, type SoundKind } from '#lib/sounds.ts';

/** The queue as its page has it; see `readQueue`. */
export interface QueueShown {
  id: string;
  name: string;
  kind: QueueKind;
  version: number;
  scheduleId: string | null;
  welcome: AnnouncementSetting | null;
  first: AnnouncementSetting | null;
  repeated: AnnouncementSetting | null;
  closed: AnnouncementSetting | null;
  closedBy: QueueValue['closedBy'];
  closing: ClosingSettings;
  repeatEverySeconds: number;
  position: AnnouncementSetting | null;
  positionEverySeconds: number;
  positionMost: number;
  tags: string[];
  waitingTime: AnnouncementSetting | null;
  waitingTimeEverySeconds: number;
  music: string | null;
  ringSeconds: number;
  wrapUpSeconds: number;
  logoutAfterUnanswered: number;
  declinesCount: boolean;
  serviceLevelSeconds: number;
  serviceLevelTargetPercent: number;
  shortAbandonSeconds: number;
  warnSeconds: number;
  badSeconds: number;
  distribution: Distribution;
  parallelAgents: number;
  needs: NeedStep[];
  bestSkillFirst: boolean;
  creditSeconds: number;
  strict: boolean;
  keepPlaceSeconds: number;
}

/** One of the organization's own announcements or music, as it can be chosen. */
export interface SoundChoice {
  id: string;
  name: string;
  kind: SoundKind;
}

/** What every part's form gets: the queue as it was when the part was opened, and whom to tell when it is saved. */
export interface PartFormProps {
  queue: QueueShown;
  saved: (message: App.Superforms.Message) => void;
}

/** The organization's own announcement that a setting plays, as forms name it; empty: the product's, or none. */
export function ownMedia(setting: AnnouncementSetting | null): string {
  return setting && soundOf(setting.media) !== null ? setting.media : '';
}

export function announcementOptions(sounds: SoundChoice[]): { value: string; label: string }[] {
  return sounds
    .filter(({ kind }) => kind === 'announcement')
    .map(({ id, name }) => ({ value: mediaOf(id), label: name }));
}
