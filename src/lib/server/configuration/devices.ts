import type postgres from 'postgres';
import { id } from '#lib/acd/ids.ts';
import { softphonePassword } from '#lib/server/auth/softphone.ts';
import type { DeviceConfiguration } from '#lib/server/pbx/port.ts';

/**
 * Every softphone and desk phone of the cell that may register now, as Asterisk needs it (`Pbx.configureDevices` takes the whole
 * list). Read again after each batch with a change of entity `agent`.
 */
export async function readDevices(
  sql: postgres.ISql,
  { cell, secret }: { cell: number; secret: string }
): Promise<DeviceConfiguration[]> {
  const rows = await sql<{ id: string; kind: DeviceConfiguration['kind']; password_version: number }[]>`
    select d.id, d.kind, d.password_version from device d
    join "user" u on u.id = d.user_id
    join organization o on o.id = d.organization_id
    where u.active and u.role = 'agent' and d.kind in ('softphone', 'desk-phone') and o.cell = ${cell}
    order by d.id`;
  return rows.map((row) => ({
    deviceId: id.device(row.id),
    kind: row.kind,
    username: row.id,
    password: softphonePassword(secret, row.id, row.password_version)
  }));
}
