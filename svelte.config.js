import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ out: 'build', precompress: true }),
    // The web entry checks Origin for WebSockets; Kit's own check stays on for forms.
    csrf: { trustedOrigins: [] },
    csp: {
      mode: 'nonce',
      directives: {
        'default-src': ['self'],
        'script-src': ['self'],
        // Svelte's style attributes and the toasts' style element; no script can come this way.
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:'],
        'media-src': ['self', 'blob:', 'mediastream:'],
        'worker-src': ['self', 'blob:'],
        // `self` covers ws and wss of the same host (CSP 3): /live and /sip.
        'connect-src': ['self'],
        'object-src': ['none'],
        'base-uri': ['self'],
        'form-action': ['self'],
        'frame-ancestors': ['none']
      }
    },
    version: { pollInterval: 0 }
  }
};
