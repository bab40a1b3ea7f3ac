/**
 * `npm run call -- --to NUMBER [--from NUMBER|withheld] [--say TEXT | --tone HZ | --play FILE] [--seconds N]
 * [--record FILE] [--json]`: a real SIP call from the carrier through the trunk of the running system.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { plainTrunk } from '#lib/acd/upgrade.ts';
import { readNumber } from '#lib/server/pbx/numbers.ts';
import { connectCarrier, type CallReport } from '../../pbx/carrier/carrier.ts';
import { writeTone } from '../../pbx/carrier/tone.ts';
import { convert, speak } from '../runtime/announcements.ts';
import { isAlive, readState } from '../runtime/lock.ts';
import { startPaths } from '../runtime/paths.ts';
import { asProblem, Problem } from '../runtime/problem.ts';

const usage = `npm run call -- --to NUMBER [--from NUMBER|withheld] [--say TEXT | --tone HZ | --play FILE]
               [--seconds N] [--record FILE] [--json]
  --to       the number to call, as dialled on the trunk (+46846500412, 08-465 004 12 …)
  --from     the caller's number, or withheld (default +46701740612)
  --say      what the caller says, in Swedish, by a synthetic voice; said again and again from the answer on
  --tone     a tone instead, in Hz (100–3400)
  --play     a sound file instead (wav)
  --seconds  the caller hangs up so long after dialling (default 60, at most 3600)
  --record   what the caller hears, from before the answer on, as wav
  --json     the report as one JSON object on standard output`;

interface Options {
  to: string;
  from: string | null;
  say: string | null;
  tone: number | null;
  play: string | null;
  seconds: number;
  record: string | null;
  json: boolean;
}

function readOptions(args: string[]): Options {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        to: { type: 'string' },
        from: { type: 'string' },
        say: { type: 'string' },
        tone: { type: 'string' },
        play: { type: 'string' },
        seconds: { type: 'string' },
        record: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' }
      }
    }));
  } catch (error) {
    throw new Problem(`${(error as Error).message}\n\n${usage}`);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : null);
  const to = text('to')?.replace(/[\s()-]/g, '');
  if (!to) throw new Problem(`--to is missing: which number to call.\n\n${usage}`);
  if (!/^\+?[0-9]{2,20}$/.test(to)) throw new Problem(`--to ${to} is no number: digits, with + in front or without.`);
  const from = text('from') ?? '+46701740612';
  const caller = readNumber(from, plainTrunk);
  if (from !== 'withheld' && !caller.ok) throw new Problem(`--from ${from} is neither a number nor withheld.`);
  if (['say', 'tone', 'play'].filter((name) => values[name] !== undefined).length > 1)
    throw new Problem('Give one of --say, --tone and --play.');
  return {
    to,
    from: caller.ok ? caller.number : null,
    say: text('say'),
    tone: whole(text('tone'), '--tone', 100, 3400),
    play: text('play'),
    seconds: whole(text('seconds'), '--seconds', 1, 3600) ?? 60,
    record: text('record'),
    json: values.json === true
  };
}

function whole(text: string | null, name: string, least: number, most: number): number | null {
  if (text === null) return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Problem(`${name} ${text}: a whole number from ${least} to ${most}.`);
  return value;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const paths = startPaths();
  const state = await readState(paths);
  if (!state || !(await isAlive(state)))
    throw new Problem('Växel is not running here. Start it with npm start, then call.');
  const { environment } = state;
  const tools = join(paths.tools, 'telephony');
  const work = await mkdtemp(join(tmpdir(), 'vaxel-call-'));
  const say = options.json ? () => undefined : (text: string) => console.log(text);
  try {
    const play = await soundFor(options, tools, work);
    const carrier = await connectCarrier({
      url: environment.VAXEL_CARRIER_ARI ?? '',
      password: environment.VAXEL_CARRIER_ARI_PASSWORD ?? '',
      recordings: environment.VAXEL_CARRIER_RECORDINGS ?? ''
    });
    say(`${options.from ?? 'withheld'} calls ${options.to}`);
    const call = await carrier.call({
      to: options.to,
      from: options.from,
      ...(play ? { play } : {}),
      ...(options.record ? { record: resolve(process.env.INIT_CWD ?? '.', options.record) } : {}),
      progress: ({ code, afterMs }) => say(`  ${String(afterMs).padStart(8)} ms  ${code} ${names[code] ?? ''}`)
    });
    const timer = setTimeout(() => void call.hangUp(), options.seconds * 1000);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void call.hangUp());
    const report = await call.ended;
    clearTimeout(timer);
    carrier.close();
    if (options.json) console.log(JSON.stringify(report));
    else say(sentence(report, options.record));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const names: Record<number, string> = { 180: 'Ringing', 182: 'Queued', 183: 'Session Progress', 200: 'OK' };

/** A file that Asterisk can play at 8 kHz, given without its ending; null: the caller is silent. */
async function soundFor(options: Options, tools: string, work: string): Promise<string | null> {
  const base = join(work, 'caller');
  if (options.tone !== null) await writeTone(`${base}.wav`, options.tone, 60);
  else if (options.say !== null) {
    await speak(tools, 'sv', options.say.slice(0, 2_000), join(work, 'said.wav'));
    await convert(tools, join(work, 'said.wav'), 8_000, `${base}.wav`);
  } else if (options.play !== null) {
    const file = resolve(process.env.INIT_CWD ?? '.', options.play);
    await convert(tools, file, 8_000, `${base}.wav`).catch((error: unknown) => {
      throw new Problem(`--play ${file} cannot be read as sound: ${(error as Error).message.split('\n').at(-1) ?? ''}`);
    });
  } else return null;
  return base;
}

function sentence(report: CallReport, record: string | null): string {
  const who = { caller: 'the caller', called: 'the other side', network: 'the network' }[report.endedBy];
  const refused = report.sipCode ? `, SIP ${report.sipCode}` : '';
  const lines = [
    report.answered
      ? `Answered; ended by ${who} after ${report.seconds.toFixed(1)} s (cause ${report.cause}, ${report.causeText})`
      : `Not answered; ended by ${who} (cause ${report.cause}, ${report.causeText}${refused})`
  ];
  if (record) lines.push(`What the caller heard: ${record}`);
  return lines.join('\n');
}

main().catch((error: unknown) => {
  const problem = asProblem(error);
  console.error(problem ? `✗ ${problem.message}` : error);
  process.exitCode = 1;
});
