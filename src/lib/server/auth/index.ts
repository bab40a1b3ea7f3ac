export { createApiGate, makeApiToken, type ApiEntry, type ApiGate } from './api-token.ts';
export { can, type Actor, type Permission, type Subject } from './can.ts';
export { deriveKey, keyedToken } from './keys.ts';
export { hashPassword, makePassword, passwordLimits, verifyPassword } from './password.ts';
export { createSession, endSession, sessionCookie, sessionSeconds, validateSession, type Session } from './session.ts';
export { createSignIn, type SignIn, type SignInResult } from './sign-in.ts';
export { softphonePassword } from './softphone.ts';
export { routeRules, type RouteRule } from './routes.ts';
export { readSessionCookie, setSessionCookie } from './cookie.ts';
