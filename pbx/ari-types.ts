/**
 * Writes `src/lib/server/pbx/asterisk/ari-types.ts` from Asterisk's own description files:
 * `node pbx/ari-types.ts .vaxel/tools/telephony/usr/share/asterisk/rest-api`. Run it when Asterisk's version changes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Property {
  type: string;
  required?: boolean;
  allowableValues?: { values?: string[] };
}
interface Model {
  description?: string;
  subTypes?: string[];
  properties: Record<string, Property>;
}

const folder = process.argv[2];
if (!folder) throw new Error('usage: node pbx/ari-types.ts FOLDER-OF-REST-API');
/** What we use; the rest of ARI would be 1,500 lines that nobody reads. */
const wanted = {
  'events.json': [
    'PlaybackStarted',
    'PlaybackFinished',
    'RecordingFinished',
    'RecordingFailed',
    'ApplicationRegistered',
    'ApplicationReplaced',
    'ChannelCreated',
    'ChannelDestroyed',
    'ChannelEnteredBridge',
    'ChannelLeftBridge',
    'ChannelStateChange',
    'ChannelDtmfReceived',
    'ChannelHangupRequest',
    'ChannelHold',
    'ChannelUnhold',
    'Dial',
    'StasisStart',
    'StasisEnd',
    'RESTResponse'
  ],
  'channels.json': ['Channel', 'CallerID', 'DialplanCEP'],
  'bridges.json': ['Bridge'],
  'playbacks.json': ['Playback'],
  'recordings.json': ['LiveRecording'],
  'asterisk.json': ['ConfigTuple']
};
const scalar: Record<string, string> = {
  string: 'string',
  int: 'number',
  long: 'number',
  double: 'number',
  boolean: 'boolean',
  Date: 'string',
  object: 'Record<string, string>',
  binary: 'string',
  void: 'void'
};
const typeOf = (type: string): string => {
  const list = /^List\[(.+)\]$/.exec(type);
  return list?.[1] ? `${typeOf(list[1])}[]` : (scalar[type] ?? type);
};

const known = new Set<string>(Object.values(wanted).flat());
let text = `// Made by pbx/ari-types.ts from Asterisk's own description files. Do not edit.\n`;
const events: string[] = [];
for (const [file, names] of Object.entries(wanted)) {
  const { models } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { models: Record<string, Model> };
  for (const name of names) {
    const model = models[name];
    if (!model) throw new Error(`${file} has no ${name}`);
    const isEvent = file === 'events.json' && name !== 'RESTResponse';
    if (isEvent) events.push(name);
    text += `\n/** ${model.description ?? name} */\nexport interface ${name} {\n`;
    if (isEvent) text += `  type: '${name}';\n  application: string;\n  timestamp: string;\n`;
    for (const [property, { type, required, allowableValues }] of Object.entries(model.properties)) {
      const base = type.replace(/^List\[(.+)\]$/, '$1');
      if (!scalar[base] && !known.has(base)) continue;
      const values = allowableValues?.values;
      text += `  ${property}${required ? '' : '?'}: ${values ? values.map((value) => `'${value}'`).join(' | ') : typeOf(type)};\n`;
    }
    text += '}\n';
  }
}
text += `\nexport type AriEvent =\n${events.map((name) => `  | ${name}`).join('\n')};\n`;
writeFileSync(new URL('../src/lib/server/pbx/asterisk/ari-types.ts', import.meta.url), text);
