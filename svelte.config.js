import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    // `npm start` builds into a folder of its own, named by the sources' checksum (src/runtime/build.ts).
    adapter: adapter({ out: process.env.VAXEL_BUILD ?? 'build', precompress: true }),
    // The web entry checks Origin for WebSockets; Kit's own check stays on for forms.
    csrf: { trustedOrigins: [] },
    version: { pollInterval: 0 }
  }
};
