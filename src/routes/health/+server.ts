import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Each component's state; 200 only when calls can be taken. */
export const GET: RequestHandler = async ({ locals }) => {
  const health = await locals.live.health();
  return json(health, { status: health.status === 'ok' ? 200 : 503, headers: { 'cache-control': 'no-store' } });
};
