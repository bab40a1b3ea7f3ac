import { z } from 'zod';
import { idField } from '#lib/forms/fields.ts';
import { minutesField } from '#lib/forms/temporary.ts';
import { defineOperation } from './define.ts';
import { readOrganization } from './read-organization.ts';
import { listTemporaries, readPreview, readTemporary } from './read-temporary.ts';
import { isOn } from './temporary.ts';

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** What pages read in their loads, as programs ask for it. */
export const listTemporarySchedules = defineOperation({
  name: 'temporary.list',
  permission: 'schedule.read',
  http: { method: 'GET', path: '/temporary-schedules', summary: 'Temporary schedules, and which are on.' },
  input: z.object({}),
  async run({ tx, organizationId, nowMs }) {
    const rows = await listTemporaries(tx, organizationId);
    return {
      temporarySchedules: rows.map(({ id, name, effect, waiting, minutes, target, phoneNumber, on, version }) => ({
        id,
        name,
        effect,
        waiting,
        minutes,
        target,
        phoneNumber,
        on: isOn(on, nowMs) ? { queueIds: on.queueIds, from: iso(on.fromMs), until: iso(on.untilMs) } : null,
        version
      }))
    };
  }
});

/** B4, as the page shows it before the act. */
export const previewTemporary = defineOperation({
  name: 'temporary.preview',
  permission: 'schedule.read',
  http: {
    method: 'GET',
    path: '/temporary-schedules/{id}/preview',
    summary: 'What switching it on now would do to each queue.'
  },
  input: z.object({ id: idField, minutes: minutesField.optional() }),
  async run({ tx, organizationId, nowMs, waiting }, { id, minutes }) {
    const { target, version, ...row } = await readTemporary(tx, organizationId, id);
    const untilMs = nowMs + (minutes ?? row.minutes) * 60_000;
    const { timeZone } = await readOrganization(tx, organizationId);
    const queues = await readPreview(tx, organizationId, { target, untilMs, waiting: await waiting(timeZone) });
    return {
      id,
      version,
      until: iso(untilMs),
      queues: queues.map(({ longestSinceMs, opensMs, ...queue }) => ({
        ...queue,
        longestSince: iso(longestSinceMs),
        opens: iso(opensMs)
      }))
    };
  }
});
