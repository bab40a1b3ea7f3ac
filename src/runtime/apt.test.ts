import { expect, test } from 'vitest';
import { AptProblem, mirrorIn, whyAptFailed } from './apt.mjs';
import { asProblem, Problem } from './problem.ts';

test('the mirror of one-line sources', () => {
  const text = `# comment
deb http://mirror.example/debian-security bookworm-security main
deb [arch=amd64 signed-by=/x.gpg] http://mirror.example/debian bookworm main contrib
deb http://other.example/debian trixie main`;
  expect(mirrorIn(text)).toEqual({ uri: 'http://mirror.example/debian', suite: 'bookworm' });
});

test('the mirror of deb822 sources', () => {
  const text = `Types: deb deb-src
URIs: http://mirror.example/debian/
Suites: trixie trixie-updates
Components: main non-free-firmware
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: trixie-security
Components: main`;
  expect(mirrorIn(text)).toEqual({ uri: 'http://mirror.example/debian/', suite: 'trixie' });
});

test.each([
  ['nothing', ''],
  ['only updates and security', 'deb http://m.example/debian bookworm-updates main'],
  ['another distribution', 'deb http://archive.example/ubuntu noble main'],
  ['without main', 'deb http://m.example/debian bookworm contrib'],
  ['sources only', 'Types: deb-src\nURIs: http://m.example/debian\nSuites: trixie\nComponents: main']
])('no mirror: %s', (_, text) => expect(mirrorIn(text)).toBeNull());

test.each([
  'W: Failed to fetch http://m.example/debian/dists/sid/InRelease  Temporary failure resolving ‘m.example’',
  'E: Unable to fetch some archives, maybe run apt-get update',
  'Err:1 http://m.example/debian sid InRelease  Could not connect to m.example:80 (192.0.2.1), connection timed out'
])('without a network: %s', (output) => {
  expect(whyAptFailed(output)?.message).toContain('the first run needs the network');
});

test.each([
  "E: You don't have enough free space in /x/cache/archives/. ",
  'E: Write error - write (28: No space left on device)'
])('a full disk: %s', (output) => {
  expect(whyAptFailed(output)?.message).toContain('The disk is full');
});

test('a full disk goes before the failures it leads to', () => {
  const output = 'W: Failed to fetch http://m.example/x.deb  Write error - write (28: No space left on device)';
  expect(whyAptFailed(output)?.message).toContain('The disk is full');
});

test('what nobody has foreseen keeps its own words', () => {
  expect(whyAptFailed('E: Unmet dependencies')).toBeNull();
});

test('failures of the outside are problems in one sentence; ours keep their stack', () => {
  const failure = (code: string) => asProblem(Object.assign(new Error(code), { code, path: '/data/x' }));
  expect(failure('ENOSPC')?.message).toContain('The disk is full');
  expect(failure('EACCES')?.message).toContain('/data/x');
  expect(failure('EROFS')?.message).toContain('read-only');
  expect(asProblem(new AptProblem('No mirror.'))?.message).toBe('No mirror.');
  expect(asProblem(new Problem('As it is.'))?.message).toBe('As it is.');
  expect(asProblem(new TypeError('x is undefined'))).toBeNull();
});
