import type { Cookies } from '@sveltejs/kit';
import { sessionCookie } from './session.ts';

/** Sets the session's cookie: unreadable for scripts, and over https never sent without it. */
export function setSessionCookie(event: { cookies: Cookies; url: URL }, token: string, expires: Date): void {
  const secure = event.url.protocol === 'https:';
  event.cookies.set(sessionCookie, token, { path: '/', httpOnly: true, sameSite: 'lax', secure, expires });
}
