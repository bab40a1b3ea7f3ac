import { superForm } from 'sveltekit-superforms';
import { invalidateAll } from '$app/navigation';

/**
 * The form of one part of a page, opened in place with the values the page has. It is made from plain values, not from
 * the load: the page's load runs again each second while something is on its way to the phones, and must not write
 * over what is being typed.
 *
 * @param id names the form in its action's answer
 * @param saved after success; the message carries the versions
 */
export function partForm<Values extends Record<string, unknown>>(
  values: Values,
  id: string,
  saved: (message: App.Superforms.Message) => void,
  options: {
    /** The values hold lists: they are sent as data, not as fields, and need script. */ nested?: boolean;
  } = {}
) {
  return superForm<Values, App.Superforms.Message>(values, {
    id,
    dataType: options.nested ? 'json' : 'form',
    resetForm: false,
    clearOnSubmit: 'none',
    warnings: { duplicateId: false },
    onUpdated({ form }) {
      if (form.valid && form.message) saved(form.message);
      else if (form.errors._errors?.includes('version-conflict')) void invalidateAll();
    }
  });
}
