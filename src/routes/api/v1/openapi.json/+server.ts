import { json } from '@sveltejs/kit';
import { openApi } from '#lib/server/api/openapi.ts';
import type { RequestHandler } from './$types';

/** What the API can do, for people and for programs that write clients. It tells nothing of anybody's. */
export const GET: RequestHandler = () => json(openApi());
