/**
 * The worker: the single writer of its cell. Composition only: store, PBX, cell, configuration, hours. It ends itself
 * when it is fenced or at fault (calls go on in Asterisk); its parent starts the next, which goes on from the state.
 */
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createCell } from '#lib/server/cell/cell.ts';
import { systemClock } from '#lib/server/cell/clock.ts';
import { createFileJournal } from '#lib/server/cell/file-journal.ts';
import { createPhoneCodes } from '#lib/server/cell/phone-codes.ts';
import { createRedisStore } from '#lib/server/cell/redis-store.ts';
import {
  createDays,
  createHours,
  createSoundFiles,
  readAll,
  readDevices,
  readSoundContent,
  startConfigurationReader,
  type ConfigurationChange
} from '#lib/server/configuration/index.ts';
import { connect } from '#lib/server/db/index.ts';
import { readIntents } from '#lib/server/history/intents.ts';
import { readPlaces } from '#lib/server/history/places.ts';
import { healthKeys, type WorkerHealth } from '#lib/server/health.ts';
import { createAsteriskPbx } from '#lib/server/pbx/asterisk/adapter.ts';
import { createOperations, switchByPhone } from '#lib/server/operations/index.ts';
import type { CommandResult } from '#lib/server/pbx/port.ts';
import { startNudgeWorker } from '#lib/server/redis/nudge.ts';
import { createLog } from '#lib/server/log.ts';
import { readCallsMost, readPbxSettings, readSettings, readWorkerFolder } from '#lib/server/settings.ts';

const beatEveryMs = 250;
const healthEveryMs = 500;
/** Postgres is asked for the last known epoch and for configuration; calls that wait do not wait for it. */
const postgresWithinMs = 500;
/** With no state there is nothing to take calls by until the configuration is there. */
const firstConfigurationWithinMs = 5_000;
const applyAgainMs = 1_000;
/** Of a phone code; with the time to connect it is less than whoever dialled it waits (`cell/phone-codes.ts`). */
const codeTransactionMs = 4_000;

const settings = readSettings();
const pbxSettings = readPbxSettings();
const log = createLog('worker');
const warn = (error: unknown, where: string) => log.warn({ err: error, where });

// The parent kills a worker that does not beat: frozen becomes dead, and dead is restarted.
// Its waiting callers go to the dialplan's fallback when none has led for some time.
let leads = () => false;
const beat = setInterval(() => process.send?.({ type: 'beat', leads: leads() }), beatEveryMs);

function die(reason: string, error?: unknown): never {
  log.fatal({ err: error }, reason);
  process.exit(1);
}

// As a standby it has loaded everything, and waits for its turn.
if (process.env.VAXEL_STANDBY === '1') {
  process.once('disconnect', () => process.exit(0)); // nobody is left who could give the order
  await new Promise<void>((resolve) =>
    process.on('message', (order: { type?: string }) => order.type === 'lead' && resolve())
  );
  process.removeAllListeners('disconnect');
}

const connection = connect(settings.database, { max: 4, name: 'vaxel-worker' });
// What people do by phone, with their rights and no more: as from a page.
const asWeb = connect(settings.databaseWeb, { max: 2, name: 'vaxel-worker-codes', transactionMs: codeTransactionMs });
const operations = createOperations({ db: asWeb.db, nowMs: () => Date.now() });
const health = new Redis(settings.redis, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
health.on('error', () => undefined); // the store says so once, and health shows it

const pbx = createAsteriskPbx({ ...pbxSettings, log: (level, text) => log[level](text) });
let asterisk = false;
const start = pbx.start.bind(pbx);
pbx.start = (listener) =>
  start({
    ...listener,
    connected(snapshot) {
      asterisk = true;
      listener.connected(snapshot);
    },
    disconnected(reason) {
      asterisk = false;
      listener.disconnected(reason);
    }
  });

const store = createRedisStore({ address: settings.redis, cell: settings.cell });
const cell = createCell({
  cell: settings.cell,
  pbx,
  store,
  clock: systemClock,
  journal: createFileJournal({
    path: join(readWorkerFolder(), `cell-${settings.cell}.journal`),
    onError: (error) => warn(error, 'journal')
  }),
  knownEpoch: await knownEpoch(),
  // The parent starts a worker only after the one before has ended: its lease need not run out.
  takeOver: process.env.VAXEL_TAKE_OVER === '1',
  onFenced: (reason) => die(`fenced: ${reason}`),
  onFatal: (error) => die('a fault of ours', error),
  onViolation: (rule, subject) => log.error({ rule, subject }, 'a rule of the matcher does not hold'),
  onCode: (dialled) => void phoneCodes.take(dialled).catch((error: unknown) => warn(error, 'phone codes')),
  log: (level, text) => log[level](text)
});
const phoneCodes = createPhoneCodes({
  state: () => cell.engine.state,
  click: (...click) => cell.click(...click),
  async switchTemporary({ id, organizationId }, { phoneNumber, on }) {
    const person = { organizationId, userId: id };
    const outcome = await switchByPhone({ db: asWeb.db, operations }, person, { phoneNumber, on });
    if (outcome.ok) await reader.nudge();
    return outcome.ok ? null : outcome.code;
  },
  end: (...code) => pbx.endCode(...code),
  clock: systemClock,
  log: (text) => log.warn(text)
});
leads = () => {
  const { lease, reconciled } = cell.health();
  return asterisk && lease && reconciled;
};
const hours = createHours({
  emit: (event) => void cell.tell(event).catch((error: unknown) => warn(error, 'hours')),
  nowMs: () => Date.now()
});
const days = createDays({
  emit: (event) => void cell.tell(event).catch((error: unknown) => warn(error, 'days')),
  nowMs: () => Date.now()
});

const sounds = createSoundFiles(pbxSettings.sounds, (soundId, language) =>
  readSoundContent(connection.sql, soundId, language)
);

await cell.open();
await cell.tell({ type: 'capacity-known', calls: readCallsMost() });
/** Until Asterisk has been told, also when that has to be tried again. */
let newMusic = false;
const stopping = new AbortController();
// With Postgres away the engine has its configuration in the state: calls are taken, and it is applied when it can be.
const known = cell.engine.state.configuration.size > 0;
await Promise.race([applyAllPatiently(), later(known ? postgresWithinMs : firstConfigurationWithinMs)]);
await cell.connect();
const reader = startConfigurationReader({
  sql: connection.sql,
  cell: settings.cell,
  apply,
  everyMs: 5_000,
  onError: (error) => warn(error, 'configuration')
});
const nudges = startNudgeWorker({
  redis: settings.redis,
  cell: settings.cell,
  nudged: () => void reader.nudge(),
  onError: (error) => warn(error, 'nudge')
});
const telling = setInterval(tellHealth, healthEveryMs);
tellHealth();
log.info({ epoch: cell.health().epoch }, 'in charge');

/** What was stored is told to the engine; what is older than the engine's own changes nothing there. */
async function applyAll(): Promise<void> {
  const all = await readAll(connection.sql, settings.cell);
  await apply(all);
  await sounds.keepOnly(new Set(all.flatMap((change) => (change.entity === 'sound' ? [change.id] : []))));
  // For those whom the state knows nothing of: all, when it was lost.
  await cell.tell({ type: 'intents-known', intents: await readIntents(connection.sql, settings.cell) });
  await pbx.configureDevices(await readDevices(connection.sql, { cell: settings.cell, secret: settings.secret }));
  if (!cell.engine.state.cell.placesKnown) await tellPlaces();
}

/** To a state that was lost. Tokens were lost with it: whoever has rung since has another, and their place is gone. */
async function tellPlaces(): Promise<void> {
  const kept = await readPlaces(connection.sql, settings.cell);
  const tokens = await Promise.all(
    kept.map(({ place, person }) => store.callerToken(place.organizationId, person, place.caller))
  );
  const places = kept.flatMap(({ place }, at) => (tokens[at] === place.caller ? [place] : []));
  await cell.tell({ type: 'places-known', places });
}

async function apply(changes: ConfigurationChange[]): Promise<void> {
  let devices = false;
  for (const change of changes) {
    if (change.entity === 'schedule') {
      if (change.value) hours.set(change.value);
      else hours.remove(change.id);
      continue;
    }
    if (change.entity === 'sound') {
      const changed = change.value ? await sounds.put(change.value) : await sounds.remove(change.id);
      newMusic ||= changed;
      continue;
    }
    devices ||= change.entity === 'agent';
    const { entity, id, version, value } = change;
    if (value?.type === 'organization') days.set(value.id, value.timeZone);
    await cell.tell({ type: 'configuration-changed', entity, id, version, value });
  }
  if (newMusic) inForce('music', await pbx.reloadMusic());
  newMusic = false;
  if (!devices || !asterisk) return;
  const configured = await pbx.configureDevices(
    await readDevices(connection.sql, { cell: settings.cell, secret: settings.secret })
  );
  inForce('devices', configured);
}

/** Not marked as applied otherwise, and so tried again: *live* is shown for nothing less. */
function inForce(what: string, result: CommandResult): void {
  if (!result.ok) throw new Error(`${what}: ${result.code} ${result.detail}`);
}

async function knownEpoch(): Promise<number> {
  const asked = connection.sql<{ epoch: string }[]>`select epoch from history_cursor where cell = ${settings.cell}`;
  const rows = await Promise.race([asked.catch(() => null), later(postgresWithinMs)]);
  return Number(rows?.[0]?.epoch ?? 0);
}

/** Until it has been done once: the devices of the adapter come from here only. */
async function applyAllPatiently(): Promise<void> {
  while (!stopping.signal.aborted) {
    try {
      return await applyAll();
    } catch (error) {
      warn(error, 'the first configuration');
      await later(applyAgainMs);
    }
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function tellHealth(): void {
  const { lease, epoch, reconciled, durable } = cell.health();
  const broken = hours.broken();
  const state: WorkerHealth = { lease: lease ? epoch : null, reconciled, durable, asterisk, hoursBroken: broken };
  health.set(healthKeys.worker(settings.cell), JSON.stringify(state), 'PX', 3_000).catch(() => undefined);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    stopping.abort();
    clearInterval(telling);
    clearInterval(beat);
    Promise.all([reader.stop(), nudges.close()])
      .then(() => cell.stop())
      .then(() => Promise.all([connection.close(), asWeb.close()]))
      .then(
        () => process.exit(0),
        (error: unknown) => die('could not stop in order', error)
      );
  });
