// Run after `npm install` has changed package-lock.json: `node src/runtime/complete-lock.mjs`. A registry mirror that
// serves one platform only makes npm leave the other platforms' optional binaries out of the lock, and then `npm ci`
// refuses it as out of step. This adds what is missing: version, os and cpu, as the packages' names tell them.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = {
  darwin: 'darwin',
  linux: 'linux',
  linuxmusl: 'linux',
  win32: 'win32',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  android: 'android',
  openharmony: 'openharmony',
  sunos: 'sunos',
  aix: 'aix'
};
const processors = [
  'arm64',
  'x64',
  'arm',
  'armv7',
  'ia32',
  'ppc64',
  'ppc64le',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32'
];

let added = 0;
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (found(place, name)) continue;
    const words = name.split(/[/-]/);
    const os = words.map((word) => systems[/** @type {keyof typeof systems} */ (word)]).find(Boolean);
    const cpu = words
      .map((word) => (word.startsWith('arm') && word !== 'arm64' ? 'arm' : word))
      .find((word) => processors.includes(word));
    lock.packages[`node_modules/${name}`] = {
      version: String(version).replace(/^[\^~]/, ''),
      ...(cpu ? { cpu: [cpu] } : {}),
      ...(words.includes('musl') || words.includes('linuxmusl') ? { libc: ['musl'] } : {}),
      optional: true,
      // A name that tells no system (a build for WebAssembly) is for none that we run on.
      os: [os ?? 'none']
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} optional packages of other platforms added to the lock`);

/** Looks where Node would: beside, then in each folder above. @param {string} place @param {string} name */
function found(place, name) {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules') - 1))) {
    if (lock.packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
    if (!at) return false;
  }
}
