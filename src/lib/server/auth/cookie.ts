import type { Cookies } from '@sveltejs/kit';
import { sessionCookie } from './session.ts';

/** Sets the session's cookie: unreadable for scripts, and over https never sent without it. */
export function setSessionCookie(event: { cookies: Cookies; url: URL }, token: string, expires: Date): void {
  const secure = event.url.protocol === 'https:';
  event.cookies.set(sessionCookie, token, { path: '/', httpOnly: true, sameSite: 'lax', secure, expires });
}

/** The session's token in a `Cookie` header; null when there is none, or none that we can have set. */
export function readSessionCookie(header: string): string | null {
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    const value = part.slice(at + 1).trim();
    // Tokens are base64url: nothing in them is ever encoded.
    if (part.slice(0, at).trim() === sessionCookie) return /^[\w-]+$/.test(value) ? value : null;
  }
  return null;
}
