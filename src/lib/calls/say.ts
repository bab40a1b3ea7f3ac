/** A piece of a sentence: plain words, or the name of something that a page may set apart or link to. */
export type Part = string | Named;
export interface Named {
  kind: 'agent' | 'queue' | 'skill' | 'number';
  id: string;
  name: string;
}

/** Writes a sentence with names in it: say`Offered to ${agent}.` Lists of parts are put in as they are. */
export function say(words: TemplateStringsArray, ...values: (Part | number | Part[])[]): Part[] {
  const parts: Part[] = [];
  for (const [index, text] of words.entries()) {
    if (text !== '') parts.push(text);
    const value = values[index];
    if (value === undefined || value === '') continue;
    if (Array.isArray(value)) parts.push(...value);
    else parts.push(typeof value === 'number' ? String(value) : value);
  }
  return parts;
}

/** The sentence as it reads. */
export function plain(parts: Part[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.name)).join('');
}

/** "a, b and c". */
export function listed(items: Part[][], and: string): Part[] {
  return items.flatMap((item, index) => {
    if (index === 0) return item;
    return [index === items.length - 1 ? ` ${and} ` : ', ', ...item];
  });
}
