import { describe, expect, test } from 'vitest';
import { can, type Actor, type Permission } from './can.ts';
import type { Role } from '#lib/server/db/schema/people.ts';

const actor = (role: Role): Actor => ({ userId: 'me', organizationId: 'ours', role, name: 'Me', language: 'sv' });

/** a: administrator, s: supervisor, g: agent. */
const table: Record<Permission, string> = {
  'organization.read': 'as',
  'organization.write': 'a',
  'user.read': 'as',
  'user.write': 'a',
  'queue.read': 'as',
  'queue.write': 'a',
  'member.write': 'a',
  'number.read': 'as',
  'number.write': 'a',
  'schedule.read': 'as',
  'schedule.write': 'a',
  'skill.read': 'as',
  'skill.write': 'a',
  'api.write': 'a',
  'sound.write': 'a',
  'wallboard.view': 'asg',
  'call.read': 'as',
  'desk.use': 'g',
  'phone.use': 'asg'
};

describe.each(Object.entries(table) as [Permission, string][])('%s', (permission, who) => {
  test.each([
    ['administrator', 'a'],
    ['supervisor', 's'],
    ['agent', 'g']
  ] as const)('%s', (role, letter) => {
    expect(can(actor(role), permission)).toBe(who.includes(letter));
    expect(can(actor(role), permission, { organizationId: 'theirs' })).toBe(false);
  });
  test('nobody', () => expect(can(null, permission)).toBe(false));
});

test('a desk is its own agent’s', () => {
  expect(can(actor('agent'), 'desk.use', { organizationId: 'ours', userId: 'me' })).toBe(true);
  expect(can(actor('agent'), 'desk.use', { organizationId: 'ours', userId: 'another' })).toBe(false);
});
