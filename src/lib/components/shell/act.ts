import { deserialize } from '$app/forms';
import { goto, invalidateAll } from '$app/navigation';

/**
 * Posts to an action without a form on the page (*Undo*, a switch in a list) and reads the page again, or follows where it leads.
 * @returns null, or the code of the refusal
 */
export async function act(action: string, fields: Record<string, string>): Promise<string | null> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const response = await fetch(action, { method: 'POST', body, headers: { 'x-sveltekit-action': 'true' } });
  const result = deserialize(await response.text());
  if (result.type === 'redirect') {
    await goto(result.location, { invalidateAll: true });
    return null;
  }
  await invalidateAll();
  if (result.type === 'success') return null;
  if (result.type === 'failure') return String((result.data as { code?: string } | undefined)?.code ?? 'unexpected');
  return 'unexpected';
}
