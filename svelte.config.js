import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ out: 'build', precompress: true }),
    // The web entry checks Origin for WebSockets; Kit's own check stays on for forms.
    csrf: { trustedOrigins: [] },
    version: { pollInterval: 0 }
  }
};
