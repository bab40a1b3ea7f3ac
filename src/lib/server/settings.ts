/**
 * What a process is told by its surroundings. This is the only file that reads `process.env` for them, so that every
 * process names the same things and a missing one is said once, in one sentence.
 */
export interface Settings {
  /** Postgres as `vaxel_owner`: migrations, worker, jobs. Bypasses row-level security as the tables' owner. */
  database: string;
  /** Postgres as `vaxel_web`: everything a browser's request does. */
  databaseWeb: string;
  /** A socket path (begins with `/`) or a `redis://` address. */
  redis: string;
  /** Hex, at least 32 bytes. Never used as it is: `deriveKey` makes one key per purpose of it. */
  secret: string;
  /** The cell this process belongs to: one Asterisk and the organizations on it. */
  cell: number;
  host: string;
  port: number;
  /** The address browsers use; null: taken from the request. */
  origin: string | null;
}

export class SettingsError extends Error {
  readonly code = 'setting-missing';
  readonly setting: string;
  constructor(setting: string, why: string) {
    super(`${setting} ${why}`);
    this.name = 'SettingsError';
    this.setting = setting;
  }
}

/** Reads all settings. Throws {@link SettingsError} for the first that is absent or malformed. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const secret = needed(env, 'VAXEL_SECRET');
  if (!/^(?:[0-9a-f]{2}){32,}$/i.test(secret))
    throw new SettingsError('VAXEL_SECRET', 'must be hex, at least 32 bytes');
  return {
    database: needed(env, 'VAXEL_DATABASE'),
    databaseWeb: needed(env, 'VAXEL_DATABASE_WEB'),
    redis: needed(env, 'VAXEL_REDIS'),
    secret,
    cell: whole(env, 'VAXEL_CELL', 1),
    host: env.HOST || '127.0.0.1',
    port: whole(env, 'PORT', 3000),
    origin: env.ORIGIN || null
  };
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new SettingsError(name, 'is not set');
  return value;
}

function whole(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = env[name];
  if (!value) return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new SettingsError(name, `must be a whole number, not "${value}"`);
  return number;
}

/** How the worker reaches its Asterisk. */
export interface PbxSettings {
  /** `http://127.0.0.1:PORT` */
  ari: string;
  ariPassword: string;
  /** `host:port` */
  ami: string;
  amiPassword: string;
  /** Folder of the announcements, one folder per language. */
  announcements: string;
  /** Folder of the organizations' own, which the worker fills. */
  sounds: string;
}

export function readPbxSettings(env: NodeJS.ProcessEnv = process.env): PbxSettings {
  return {
    ari: needed(env, 'VAXEL_ARI'),
    ariPassword: needed(env, 'VAXEL_ARI_PASSWORD'),
    ami: needed(env, 'VAXEL_AMI'),
    amiPassword: needed(env, 'VAXEL_AMI_PASSWORD'),
    announcements: readAnnouncementsFolder(env),
    sounds: needed(env, 'VAXEL_SOUNDS')
  };
}

/** Folder of the announcements: the PBX plays them, and pages let them be heard. */
export function readAnnouncementsFolder(env: NodeJS.ProcessEnv = process.env): string {
  return needed(env, 'VAXEL_ANNOUNCEMENTS');
}

/** Calls that Asterisk's ports for audio allow, with room for the legs of those who answer; see `runtime/stack.ts`. */
export function readCallsMost(env: NodeJS.ProcessEnv = process.env): number {
  return whole(env, 'VAXEL_CALLS_MOST', 500);
}

/** The address of a trunk of the installation; `trunk` is the one that is always there, whose address only the PBX knows. */
export interface TrunkAddress {
  name: string;
  host: string;
  port: number;
}

/** Trunks beside the one that is always there: `name=host:port`, apart by spaces. */
export function readTrunks(env: NodeJS.ProcessEnv = process.env): TrunkAddress[] {
  return (env.VAXEL_TRUNKS ?? '')
    .split(' ')
    .filter(Boolean)
    .map((text) => {
      const [, name, host, port] = /^([a-z0-9-]{1,20})=([0-9a-z.-]+):(\d{1,5})$/.exec(text) ?? [];
      if (!name || !host || !port) throw new SettingsError('VAXEL_TRUNKS', `must be name=host:port, not "${text}"`);
      return { name, host, port: Number(port) };
    });
}

/** `host:port` that desk phones are told to register with. */
export function readPhoneServer(env: NodeJS.ProcessEnv = process.env): string {
  return env.VAXEL_PHONE_SERVER ?? `127.0.0.1:${whole(env, 'VAXEL_SIP_PORT', 5060)}`;
}

/** The folder of what the worker keeps by itself: what it decides while Redis is away. */
export function readWorkerFolder(env: NodeJS.ProcessEnv = process.env): string {
  return needed(env, 'VAXEL_WORKER_DATA');
}

/** Where `web` takes browsers' SIP: Asterisk's WebSocket. */
export function readSipAddress(env: NodeJS.ProcessEnv = process.env): string {
  return `${needed(env, 'VAXEL_ARI').replace(/^http/, 'ws')}/ws`;
}
