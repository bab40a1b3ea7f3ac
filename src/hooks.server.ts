import { randomUUID } from 'node:crypto';
import { error, isHttpError, redirect, type Handle, type HandleServerError, type ServerInit } from '@sveltejs/kit';
import { building } from '$app/environment';
import {
  can,
  routeRules,
  sessionCookie,
  setSessionCookie,
  validateSession,
  type Session
} from '#lib/server/auth/index.ts';
import { deniedPage } from '#lib/server/auth/denied-page.ts';
import { createServices, type Services } from '#lib/server/operations/services.ts';
import { createNudgeSender } from '#lib/server/redis/nudge.ts';
import { createLog } from '#lib/server/log.ts';
import { readAnnouncementsFolder, readSettings, readSipAddress } from '#lib/server/settings.ts';
import { upgradeKey } from '#lib/server/sockets/upgrade.ts';
import { createLiveServices, type LiveServices } from '#lib/server/web/live.ts';
import { negotiateLanguage } from '#lib/i18n/language.ts';
import { readTheme } from '#lib/i18n/theme.ts';

const log = createLog('web');
let services: Services | null = null;
let live: LiveServices | null = null;

export const init: ServerInit = () => {
  if (building) return;
  const settings = readSettings();
  const onError = (cause: unknown, where: string) => log.warn({ err: cause, where });
  const nudges = createNudgeSender({
    redis: settings.redis,
    cell: settings.cell,
    onError: (cause) => onError(cause, 'nudge')
  });
  const made = createServices({
    settings,
    announcements: readAnnouncementsFolder(),
    onConfigurationWritten: (organizationId) => nudges.nudge(organizationId),
    waiting: async (organizationId, timeZone) => (await live?.waiting(organizationId, timeZone)) ?? null,
    onError
  });
  services = made;
  live = createLiveServices({ settings, asteriskSip: readSipAddress(), db: made.db, nowMs: made.nowMs, onError });
  // The entry (src/web/index.ts) finds these on `globalThis`: Kit's hooks do not run for an upgrade.
  Object.assign(globalThis, {
    [upgradeKey]: live.upgrade,
    [Symbol.for('vaxel.close')]: async () => {
      live?.close();
      await Promise.all([nudges.close(), made.close()]);
    }
  });
};

export const handle: Handle = async ({ event, resolve }) => {
  if (!services || !live) throw new Error('the web process has not been initialized');
  const { locals, cookies, request } = event;
  refuseForeign(request, event.url);
  refuseUnprintable(event.params);
  locals.services = services;
  locals.live = live;
  locals.language = negotiateLanguage(cookies.get('language'), request.headers.get('accept-language'));
  locals.theme = readTheme(cookies.get('theme'));
  locals.session = await readSession(event, services);
  const allowed = permit(event.route.id, locals.session, event.url);

  const response = allowed
    ? await resolve(event, {
        transformPageChunk: ({ html }) =>
          html.replace('%vaxel.language%', locals.language).replace('%vaxel.theme%', locals.theme)
      })
    : refuse(event);
  for (const [name, value] of Object.entries(securityHeaders)) {
    if (!response.headers.has(name)) response.headers.set(name, value);
  }
  // What depends on who asks is kept by no cache on the way.
  if (event.route.id !== null && !response.headers.has('cache-control')) {
    response.headers.set('cache-control', 'private, no-store');
  }
  return response;
};

/**
 * Inline scripts stay allowed until Kit itself makes nonces for its own (`kit.csp` in svelte.config.js); adding them to
 * the finished page here would bless an injected script as well. `self` covers ws and wss of the same host (CSP 3).
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "media-src 'self' blob: mediastream:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'"
].join('; ');

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'microphone=(self), camera=(), geolocation=()'
};

async function readSession(event: Parameters<Handle>[0]['event'], { db, nowMs }: Services): Promise<Session | null> {
  const token = event.cookies.get(sessionCookie);
  if (!token) return null;
  const session = await validateSession(db, token, nowMs());
  if (!session) event.cookies.delete(sessionCookie, { path: '/' });
  else if (session.renewed) setSessionCookie(event, token, session.expiresAt);
  return session;
}

/** Kit checks forms; this checks every request that changes something. SameSite alone lets other ports and sister sites in. */
function refuseForeign(request: Request, url: URL): void {
  const origin = request.headers.get('origin');
  if (request.method === 'GET' || request.method === 'HEAD' || origin === null) return;
  if (origin !== url.origin) throw error(403, { message: 'forbidden' });
}

/** No id has control characters, and Postgres refuses some: such an address leads nowhere. */
function refuseUnprintable(params: Partial<Record<string, string>>): void {
  if (Object.values(params).some((param) => param && /\p{Cc}/u.test(param))) error(404, { message: 'not-found' });
}

/** Default deny: a route that the table does not know is refused. Without a route it is Kit's 404. */
function permit(route: string | null, session: Session | null, url: URL): boolean {
  if (route === null) return true;
  const rule = routeRules[route];
  // Of the API its route itself asks for a token, whoever is signed in.
  if (rule === 'public' || rule === 'token') return true;
  if (rule === undefined) return false;
  if (!session) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`);
  return rule === 'signed-in' || can(session.actor, rule);
}

/** A page for a person; an error, which Kit puts into the right form, for an action, a load or an endpoint. */
function refuse({ request, isDataRequest, locals }: Parameters<Handle>[0]['event']): Response {
  const person = request.method === 'GET' && !isDataRequest && request.headers.get('accept')?.includes('text/html');
  if (!person) error(403, { message: 'forbidden' });
  return deniedPage(locals.language, locals.theme);
}

export const handleError: HandleServerError = ({ error: cause, event, status, message }) => {
  if (isHttpError(cause) || status === 404) return { message };
  const id = randomUUID();
  log.error({ err: cause, id, route: event.route.id, method: event.request.method });
  return { id, message: 'unexpected' };
};
