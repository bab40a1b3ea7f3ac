import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiGate, makeApiToken, type Actor, type ApiEntry } from '#lib/server/auth/index.ts';
import { answer } from '#lib/server/api/answer.ts';
import { openApi } from '#lib/server/api/openapi.ts';
import { schema } from '#lib/server/db/index.ts';
import { createApiToken, createQueue, createTemporary, removeApiToken } from '#lib/server/operations/index.ts';
import { must, openFixture, unique, type Fixture } from './db-fixture.ts';

/** B12, P2: temporary schedules by the API, and who may. */
let fixture: Fixture;
let ours: Actor;
let theirs: Actor;
let queueId: string;

beforeAll(async () => {
  fixture = await openFixture();
  [ours, theirs] = await Promise.all([fixture.organization(), fixture.organization()]);
  const queue = { name: unique(), kind: 'plus' as const, scheduleId: '' };
  queueId = (await must(fixture.operations.run(createQueue, ours, queue))).id;
});
afterAll(() => fixture.close());

const dayMs = 86_400_000;
const gate = () => createApiGate(fixture.web.db);
const come = (token: string, more: { nowMs?: number; address?: string } = {}) =>
  gate().enter(`Bearer ${token}`, more.address ?? '192.0.2.1', more.nowMs ?? Date.now());

async function tokenOf(actor: Actor, role: 'administrator' | 'supervisor' = 'administrator', days = 30) {
  const { token, tokenHash } = makeApiToken();
  const { id } = await must(fixture.operations.run(createApiToken, actor, { name: unique(), role, days, tokenHash }));
  return { id, token };
}
async function actorOf(token: string): Promise<Actor> {
  const entry = await come(token);
  if (!entry.ok) throw new Error(entry.code);
  return entry.actor;
}

async function temporary(actor = ours, queueIds = [queueId]): Promise<string> {
  const target = { all: queueIds.length === 0, queueIds, tags: [], kinds: [] };
  const input = { name: unique(), effect: 'closed' as const, waiting: 'stay' as const, minutes: 60, target };
  return (await must(fixture.operations.run(createTemporary, actor, input))).id;
}

async function ask(
  actor: Actor,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {}
) {
  const request = new Request(`http://localhost/api/v1${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) })
  });
  const context = { actor, operations: fixture.operations, language: 'en' as const };
  const response = await answer(request, new URL(request.url).pathname.slice('/api/v1'.length), context);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

test('a token opens its own organization, with its own role, and is kept as a hash', async () => {
  const { id, token } = await tokenOf(ours, 'supervisor');
  expect(await come(token)).toMatchObject({
    ok: true,
    actor: { userId: `api:${id}`, organizationId: ours.organizationId, role: 'supervisor' }
  });
  const [row] = await fixture.owner.db.select().from(schema.apiToken).where(eq(schema.apiToken.id, id));
  expect(JSON.stringify(row)).not.toContain(token);
  expect(row?.lastUsedAt).not.toBeNull();
  const { configurationVersion: versions } = schema;
  const audit = await fixture.owner.db
    .select()
    .from(versions)
    .where(and(eq(versions.entity, 'api-token'), eq(versions.id, id)));
  expect(audit).toMatchObject([{ by: ours.userId, operation: 'api-token.create' }]);
  expect(audit[0]?.appliedAt).not.toBeNull();
  expect(JSON.stringify(audit)).not.toContain(row?.tokenHash);
});

test('a token that has expired, was taken back or never was is refused; so is one that is not sent as a token', async () => {
  const refused: ApiEntry = { ok: false, code: 'token-invalid' };
  const { id, token } = await tokenOf(ours, 'administrator', 1);
  expect(await come(token, { nowMs: Date.now() + dayMs - 60_000 })).toMatchObject({ ok: true });
  expect(await come(token, { nowMs: Date.now() + dayMs + 1_000 })).toEqual(refused);
  expect(await fixture.operations.run(removeApiToken, theirs, { id })).toMatchObject({ ok: false, code: 'not-found' });
  expect(await come(token)).toMatchObject({ ok: true });
  await must(fixture.operations.run(removeApiToken, ours, { id }));
  expect(await come(token)).toEqual(refused);
  expect(await come(makeApiToken().token)).toEqual(refused);
  const { token: good } = await tokenOf(ours);
  for (const header of [null, '', good, `Basic ${good}`, `Bearer ${good} `, `Bearer ${good}x`])
    expect(await gate().enter(header, '192.0.2.1', Date.now())).toEqual(refused);
});

test('only administrators make tokens, and no token does', async () => {
  const { token } = await tokenOf(ours, 'supervisor');
  const input = { name: unique(), role: 'administrator' as const, days: 1, tokenHash: makeApiToken().tokenHash };
  expect(await fixture.operations.run(createApiToken, await actorOf(token), input)).toMatchObject({
    ok: false,
    code: 'forbidden'
  });
  expect(Object.keys(openApi().paths).filter((path) => path.includes('token'))).toEqual([]);
});

test('requests of a token are limited by the minute, unknown ones by their address', async () => {
  const { token } = await tokenOf(ours);
  const one = gate();
  for (let n = 0; n < 300; n += 1) expect((await one.enter(`Bearer ${token}`, 'a', Date.now())).ok).toBe(true);
  expect(await one.enter(`Bearer ${token}`, 'b', Date.now())).toMatchObject({ code: 'too-many-requests' });
  for (let n = 0; n < 60; n += 1) await one.enter(`Bearer ${makeApiToken().token}`, 'c', Date.now());
  const { token: other } = await tokenOf(ours);
  const blocked = await one.enter(`Bearer ${other}`, 'c', Date.now());
  expect(blocked).toMatchObject({ code: 'too-many-requests' });
  expect(blocked.ok || blocked.code === 'token-invalid' ? 0 : blocked.retryAfterSeconds).toBeGreaterThan(0);
  expect(await one.enter(`Bearer ${other}`, 'd', Date.now())).toMatchObject({ ok: true });
});

test('P2: listed, looked at before, switched on for a time, off, and taken back', async () => {
  const program = await actorOf((await tokenOf(ours)).token);
  const id = await temporary();
  const path = `/temporary-schedules/${id}`;
  const listed = async () => {
    const { body } = await ask(program, 'GET', '/temporary-schedules');
    return body.temporarySchedules.find((one: { id: string }) => one.id === id);
  };
  expect(await listed()).toMatchObject({ effect: 'closed', minutes: 60, on: null, version: 1 });
  const preview = await ask(program, 'GET', `${path}/preview?minutes=30`);
  expect(preview).toMatchObject({ status: 200, body: { queues: [{ id: queueId, waiting: null }] } });
  expect(preview.headers.get('etag')).toBe('"1"');
  expect(Math.round((Date.parse(preview.body.until) - Date.now()) / 60_000)).toBe(30);

  const on = await ask(program, 'POST', `${path}/on`, { body: { minutes: 15 }, headers: { 'if-match': '"1"' } });
  expect(on).toMatchObject({ status: 200, body: { id, version: 2 } });
  expect(on.headers.get('etag')).toBe('"2"');
  expect((await listed()).on.queueIds).toEqual([queueId]);
  expect(await ask(program, 'POST', `${path}/off`)).toMatchObject({ status: 200, body: { version: 3 } });
  expect((await listed()).on).toBeNull();
  expect(await ask(program, 'POST', `${path}/undo`, { body: { version: 2 } })).toMatchObject({ status: 200 });
  expect((await listed()).on).not.toBeNull();
  const until = new Date(Date.now() + 2 * 3_600_000).toISOString();
  expect(await ask(program, 'POST', `${path}/on`, { body: { until } })).toMatchObject({ status: 200 });
  expect((await listed()).on.until).toBe(until);
});

test('a refusal has a status, a code, a sentence, and the field that is to blame', async () => {
  const program = await actorOf((await tokenOf(ours)).token);
  const id = await temporary();
  const on = (more: object) => ask(program, 'POST', `/temporary-schedules/${id}/on`, more);
  const refused = (code: string, field: string | null = null) => ({
    error: { code, field, message: expect.stringMatching(/^[A-Z]/) }
  });
  expect(await on({ body: { minutes: 0 } })).toMatchObject({ status: 400, body: refused('bad-input', 'minutes') });
  const soon = new Date(Date.now() + 60_000).toISOString();
  const past = new Date(Date.now() - 60_000).toISOString();
  const far = new Date(Date.now() + 40 * dayMs).toISOString();
  for (const body of [{ until: 'tomorrow' }, { until: past }, { until: far }, { until: soon, minutes: 5 }])
    expect(await on({ body })).toMatchObject({ status: 400, body: refused('bad-input', 'until') });
  expect(await on({ body: '{' })).toMatchObject({ status: 415, body: refused('not-json') });
  expect(await on({ body: [] })).toMatchObject({ status: 400, body: refused('bad-input') });
  expect(await on({ body: '{}', headers: { 'content-type': 'text/plain' } })).toMatchObject({ status: 415 });
  expect(await on({ headers: { 'if-match': '"7"' } })).toMatchObject({
    status: 412,
    body: refused('version-conflict')
  });
  expect(await on({ headers: { 'if-match': '7' } })).toMatchObject({
    status: 400,
    body: refused('bad-input', 'If-Match')
  });
  expect(await on({ headers: { 'idempotency-key': 'x'.repeat(101) } })).toMatchObject({
    body: refused('bad-input', 'Idempotency-Key')
  });
  expect(await ask(program, 'GET', `/temporary-schedules/${id}/preview?minutes=soon`)).toMatchObject({
    body: refused('bad-input', 'minutes')
  });
  expect(await ask(program, 'GET', '/temporary')).toMatchObject({ status: 404, body: refused('not-found') });
  const method = await ask(program, 'DELETE', `/temporary-schedules/${id}/on`);
  expect(method).toMatchObject({ status: 405, body: refused('method-not-allowed') });
  expect(method.headers.get('allow')).toBe('POST');
});

test('who may only read changes nothing, and another organization’s is not there', async () => {
  const reader = await actorOf((await tokenOf(ours, 'supervisor')).token);
  const id = await temporary();
  expect(await ask(reader, 'GET', `/temporary-schedules/${id}/preview`)).toMatchObject({ status: 200 });
  for (const act of ['on', 'off']) {
    expect(await ask(reader, 'POST', `/temporary-schedules/${id}/${act}`)).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden' } }
    });
  }
  const stranger = await actorOf((await tokenOf(theirs)).token);
  expect(await ask(stranger, 'GET', `/temporary-schedules/${id}/preview`)).toMatchObject({ status: 404 });
  expect(await ask(stranger, 'POST', `/temporary-schedules/${id}/on`)).toMatchObject({ status: 404 });
  expect((await ask(stranger, 'GET', '/temporary-schedules')).body).toEqual({ temporarySchedules: [] });
  // The address decides, whatever the body says.
  const own = await temporary(theirs, []);
  const swapped = await ask(stranger, 'POST', `/temporary-schedules/${id}/off`, { body: { id: own } });
  expect(swapped).toMatchObject({ status: 404 });
});

test('a repetition with the same key is answered as the first was, and does nothing', async () => {
  const program = await actorOf((await tokenOf(ours)).token);
  const id = await temporary();
  const headers = { 'idempotency-key': unique() };
  const on = (minutes: number) => ask(program, 'POST', `/temporary-schedules/${id}/on`, { body: { minutes }, headers });
  const first = await on(15);
  const again = await on(15);
  expect(again.body).toEqual(first.body);
  expect([first, again].map((one) => one.headers.get('idempotency-replayed'))).toEqual([null, 'true']);
  expect(await on(16)).toMatchObject({ status: 409, body: { error: { code: 'idempotency-key-reused' } } });
});

test('what is read is read anew, whatever key comes with it', async () => {
  const program = await actorOf((await tokenOf(ours)).token);
  const headers = { 'idempotency-key': unique() };
  const list = async () => (await ask(program, 'GET', '/temporary-schedules', { headers })).body.temporarySchedules;
  const before = await list();
  const id = await temporary();
  const after: { id: string }[] = await list();
  expect(after).toHaveLength(before.length + 1);
  expect(after.map((one) => one.id)).toContain(id);
});

test('OpenAPI tells every path with its fields', () => {
  const { paths } = openApi();
  expect(Object.keys(paths)).toEqual([
    '/temporary-schedules',
    '/temporary-schedules/{id}/preview',
    '/temporary-schedules/{id}/on',
    '/temporary-schedules/{id}/off',
    '/temporary-schedules/{id}/undo'
  ]);
  expect(paths['/temporary-schedules/{id}/on']).toMatchObject({
    post: {
      operationId: 'temporary.switch-on',
      parameters: [{ name: 'id', in: 'path', required: true }, { name: 'If-Match' }, { name: 'Idempotency-Key' }],
      requestBody: {
        content: { 'application/json': { schema: { properties: { minutes: { type: 'integer', minimum: 1 } } } } }
      }
    }
  });
  expect(paths['/temporary-schedules/{id}/preview']).toMatchObject({
    get: { parameters: [{ name: 'id' }, { name: 'minutes', in: 'query', required: false }] }
  });
});
