import { common } from '#lib/i18n/common.ts';
import type { Language } from '#lib/i18n/language.ts';
import type { Theme } from '#lib/i18n/theme.ts';

/**
 * What a browser is shown for a page that its role may not open. The hook refuses before any page exists, where Kit
 * has only its bare status page; so this one stands alone, in the visitor's language and theme.
 */
export function deniedPage(language: Language, theme: Theme): Response {
  const t = common[language];
  const html = `<!doctype html>
<html lang="${language}" data-theme="${theme}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/mark.svg"><title>${t.forbiddenTitle} · Växel</title>
<style>
:root{color-scheme:light;--bg:#f4f3f6;--ink:#1d1922;--ink-2:#524c5b;--accent:#7b2b66}
[data-theme=dark]{color-scheme:dark;--bg:#121015;--ink:#f2f0f4;--ink-2:#bdb7c4;--accent:#e29bcb}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;--bg:#121015;--ink:#f2f0f4;--ink-2:#bdb7c4;--accent:#e29bcb}}
body{margin:20vh auto 0;padding:16px;max-width:480px;background:var(--bg);color:var(--ink);font:14px/20px system-ui,sans-serif}
h1{font-size:20px;line-height:28px}p{color:var(--ink-2)}a{color:var(--accent)}
</style></head>
<body><h1>${t.forbiddenTitle}</h1><p>${t.forbidden}</p><p><a href="/">${t.home}</a></p></body>
</html>`;
  return new Response(html, { status: 403, headers: { 'content-type': 'text/html; charset=utf-8' } });
}
