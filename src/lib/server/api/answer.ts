import { z } from 'zod';
import { errorMessage, errorSentence } from '#lib/i18n/errors.ts';
import type { Language } from '#lib/i18n/language.ts';
import type { Actor } from '#lib/server/auth/index.ts';
import type { Operations } from '#lib/server/operations/index.ts';
import { match, type ServedOperation } from './served.ts';

/** What is not 400. A version that has moved on is `412`, as `If-Match` asked for it. */
const statuses: Record<string, number> = {
  'token-invalid': 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'name-taken': 409,
  'idempotency-key-reused': 409,
  'version-conflict': 412,
  'not-json': 415,
  'too-many-requests': 429
};

export interface Refusal {
  code: string;
  /** Of the input, dotted; or a header's name. */
  field?: string | null;
  /** What stands in the way, by name. */
  detail?: string;
}

/** An error as every path of the API gives it: a code for programs, a sentence for people. */
export function refuse(
  { code, field = null, detail }: Refusal,
  language: Language,
  headers: HeadersInit = {}
): Response {
  const message = errorSentence(errorMessage(code, detail), language);
  const error = { code, field, message, ...(detail !== undefined && { detail }) };
  return Response.json({ error }, { status: statuses[code] ?? 400, headers });
}

export interface ApiContext {
  actor: Actor;
  operations: Operations;
  /** Of the sentences in errors. */
  language: Language;
}

/** @param path behind `/api/v1`, decoded */
export async function answer(request: Request, path: string, context: ApiContext): Promise<Response> {
  const { actor, operations, language } = context;
  const found = match(request.method, path);
  if (found.type === 'nothing') return refuse({ code: 'not-found' }, language);
  if (found.type === 'other-methods')
    return refuse({ code: 'method-not-allowed' }, language, { allow: found.methods.join(', ') });
  const { operation, params } = found;
  const ifVersion = versionOf(request.headers.get('if-match'));
  if (ifVersion === undefined) return refuse({ code: 'bad-input', field: 'If-Match' }, language);
  const input = await inputOf(request, operation);
  if ('code' in input) return refuse(input, language);
  // What only reads is read anew each time, and its answers are not kept.
  const idempotencyKey = operation.http.method === 'GET' ? null : request.headers.get('idempotency-key');
  const options = { ifVersion, idempotencyKey };
  if ((idempotencyKey?.length ?? 0) > mostKeyLength)
    return refuse({ code: 'bad-input', field: 'Idempotency-Key' }, language);
  // What stands in the address is what is meant.
  const outcome = await operations.run(operation, actor, { ...input.values, ...params }, options);
  if (!outcome.ok) return refuse(outcome, language);
  const { version } = outcome.result as { version?: unknown };
  return Response.json(outcome.result, {
    headers: {
      ...(typeof version === 'number' && { etag: `"${version}"` }),
      ...(outcome.repeated && { 'idempotency-replayed': 'true' })
    }
  });
}

/** Longer ones would be cut, and two different ones be the same. */
const mostKeyLength = 100;

/** Of an ETag, `"3"`; null: any; undefined: it is none of ours. */
function versionOf(ifMatch: string | null): number | null | undefined {
  if (ifMatch === null || ifMatch === '*') return null;
  const version = /^"(\d{1,9})"$/.exec(ifMatch)?.[1];
  return version === undefined ? undefined : Number(version);
}

type Input = { values: Record<string, unknown> } | Refusal;

async function inputOf(request: Request, { input }: ServedOperation): Promise<Input> {
  if (request.method === 'GET' || request.method === 'HEAD') return { values: fromQuery(new URL(request.url), input) };
  const text = await request.text();
  if (text === '') return { values: {} };
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) return { code: 'not-json' };
  try {
    const values = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text));
    return values.success ? { values: values.data } : { code: 'bad-input' };
  } catch {
    // It says that it is JSON, and is not.
    return { code: 'not-json' };
  }
}

/** Text, but where the input wants a number or a yes or no. */
function fromQuery(url: URL, input: z.ZodObject): Record<string, unknown> {
  const { properties = {} } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  return Object.fromEntries(
    [...url.searchParams].map(([name, text]) => {
      const wanted = properties[name];
      const type = typeof wanted === 'object' ? wanted.type : undefined;
      if (type === 'integer' || type === 'number') return [name, text.trim() === '' ? text : Number(text)];
      return [name, type === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text];
    })
  );
}
