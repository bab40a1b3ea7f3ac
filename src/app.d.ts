import type { Session } from '#lib/server/auth/index.ts';
import type { LiveServices } from '#lib/server/web/live.ts';
import type { Services } from '#lib/server/operations/services.ts';
import type { Language } from '#lib/i18n/language.ts';
import type { Theme } from '#lib/i18n/theme.ts';

declare global {
  namespace App {
    interface Locals {
      services: Services;
      live: LiveServices;
      /** null: nobody is signed in. */
      session: Session | null;
      language: Language;
      theme: Theme;
    }
    interface PageData {
      language: Language;
      theme: Theme;
    }
    interface Error {
      /** For finding it in the log; null when it was expected. */
      id?: string;
      message: string;
    }
    namespace Superforms {
      type Message = { saved: true; id?: string; version?: number; previousVersion?: number };
    }
  }
}
