// `node src/runtime/healthcheck.mjs URL [COMPONENT]`: exit 0 when /health says that calls can be taken, or that the component is well.
const [url = '', component] = process.argv.slice(2);
const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
const { components } = await response.json();
process.exit(component ? (components[component]?.ok ? 0 : 1) : response.status === 200 ? 0 : 1);
