/** In tests each announcement is a tone of its own, so that a recording tells which one the caller heard, and when. */
export const announcementTones: Record<string, { hz: number; seconds: number }> = {
  welcome: { hz: 700, seconds: 1 },
  first: { hz: 800, seconds: 1 },
  repeated: { hz: 900, seconds: 0.6 },
  closed: { hz: 600, seconds: 1 },
  'closed-temporary': { hz: 640, seconds: 1 },
  position: { hz: 1900, seconds: 0.5 },
  'number-1': { hz: 2100, seconds: 0.4 },
  'number-2': { hz: 2300, seconds: 0.4 },
  'number-3': { hz: 2500, seconds: 0.4 },
  'waiting-time': { hz: 2700, seconds: 0.5 },
  'less-than': { hz: 2900, seconds: 0.4 },
  'number-1-en': { hz: 3100, seconds: 0.4 },
  minute: { hz: 3300, seconds: 0.4 },
  reconnecting: { hz: 500, seconds: 0.8 },
  'press-1': { hz: 2800, seconds: 1.2 },
  unavailable: { hz: 440, seconds: 1 },
  'code-logged-in': { hz: 1150, seconds: 0.8 },
  'code-logged-out': { hz: 1220, seconds: 0.8 },
  'code-paused': { hz: 1400, seconds: 0.8 },
  'code-resumed': { hz: 1600, seconds: 0.8 },
  'code-on': { hz: 2000, seconds: 0.8 },
  'code-off': { hz: 2200, seconds: 0.8 },
  'code-unknown': { hz: 2400, seconds: 0.8 },
  'code-impossible': { hz: 2600, seconds: 0.8 },
  /** For what must be cut off. */
  long: { hz: 1700, seconds: 12 }
};
export const musicTone = 300;
/** What the two ends of a call say. */
export const callerTone = 1000;
export const agentTone = 1300;
/** What a telephone of the public network says. */
export const outsideTone = 1500;
export const allTones = [
  ...Object.values(announcementTones).map(({ hz }) => hz),
  musicTone,
  callerTone,
  agentTone,
  outsideTone
];
