import {
  listTemporarySchedules,
  previewTemporary,
  switchOffTemporary,
  switchOnTemporary,
  undoTemporary
} from '#lib/server/operations/index.ts';
import type { Http, Operation } from '#lib/server/operations/define.ts';
import type { z } from 'zod';

export type ServedOperation = Operation<z.ZodObject, unknown> & { http: Http };

/** What `/api/v1` serves: each operation tells its own method and path. */
export const served: ServedOperation[] = [
  listTemporarySchedules,
  previewTemporary,
  switchOnTemporary,
  switchOffTemporary,
  undoTemporary
];

type Match =
  | { type: 'found'; operation: ServedOperation; params: Record<string, string> }
  /** The path is there, for other methods. */
  | { type: 'other-methods'; methods: string[] }
  | { type: 'nothing' };

/** @param path as in `/temporary-schedules/x7/off`, decoded */
export function match(method: string, path: string): Match {
  const fits = served.flatMap((operation) => {
    const params = paramsOf(operation.http.path, path);
    return params ? [{ operation, params }] : [];
  });
  const found = fits.find(({ operation }) => operation.http.method === (method === 'HEAD' ? 'GET' : method));
  if (found) return { type: 'found', ...found };
  if (fits.length === 0) return { type: 'nothing' };
  return { type: 'other-methods', methods: fits.map(({ operation }) => operation.http.method) };
}

function paramsOf(template: string, path: string): Record<string, string> | null {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? '';
    if (part.startsWith('{')) params[part.slice(1, -1)] = value;
    else if (part !== value) return null;
  }
  return params;
}

/** Names in braces. */
export function paramNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}
