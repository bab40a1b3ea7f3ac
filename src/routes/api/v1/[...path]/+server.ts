import { answer, refuse } from '#lib/server/api/answer.ts';
import type { RequestHandler } from './$types';

/** B12: every operation that is served. Who asks is told by a token in the header and by nothing else. */
export const fallback: RequestHandler = async ({ request, params, locals, getClientAddress }) => {
  const { apiGate, operations, nowMs } = locals.services;
  const { language } = locals;
  const entry = await apiGate.enter(request.headers.get('authorization'), getClientAddress(), nowMs());
  if (entry.ok) return answer(request, `/${params.path}`, { actor: entry.actor, operations, language });
  if (entry.code === 'token-invalid') return refuse(entry, language, { 'www-authenticate': 'Bearer' });
  return refuse(entry, language, { 'retry-after': String(entry.retryAfterSeconds) });
};
