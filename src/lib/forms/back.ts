/**
 * Where to go after a form, from a value that anybody may have written: a path of this site, or `/`. Parsed as browsers
 * parse it, since they drop tabs and newlines and read backslashes as slashes.
 */
export function ownPath(value: string | null | undefined): string {
  if (!value?.startsWith('/') || !URL.canParse(value, 'http://own.invalid')) return '/';
  const url = new URL(value, 'http://own.invalid');
  return url.host === 'own.invalid' ? url.pathname + url.search : '/';
}
