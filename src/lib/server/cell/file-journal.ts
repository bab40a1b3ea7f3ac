import { constants } from 'node:fs';
import { mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Journal } from './journal.ts';
import type { Commit } from './store.ts';

/** At 10 calls a second this is some hours of Redis being away. */
const limitBytes = 512 * 1024 * 1024;
/** One read: a part of the journal that the store takes in some 10 ms. */
const partBytes = 256 * 1024;
/** After a write that failed, the disk is left alone for so long. */
const retryMs = 1_000;
const newline = 0x0a;

export interface FileJournalOptions {
  path: string;
  /** For tests. */
  limitBytes?: number;
  onError: (error: unknown) => void;
}

/**
 * A journal in a file, a commit per line as JSON. Written line by line, so that a worker that is killed loses none;
 * synced when told to (once a second), so that a power cut costs a second, as in Redis. A line cut short by a
 * crash is the last one and is left out. It holds tokens, no numbers; nobody else may read it all the same.
 */
export function createFileJournal(options: FileJournalOptions): Journal {
  const { path, onError } = options;
  const limit = options.limitBytes ?? limitBytes;
  let opened: Promise<FileHandle> | null = null;
  /** The end of the last line written; of a file just opened, of what there is. */
  let end = 0;
  let full = false;
  let broken = false;
  let writing = false;
  let torn = false;
  let failedAtMs = -Infinity;
  let syncing: Promise<void> | null = null;
  let unsynced = false;

  function handle(): Promise<FileHandle> {
    opened ??= openFile().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  }

  async function openFile(): Promise<FileHandle> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    end = (await file.stat()).size;
    return file;
  }

  async function write(line: Buffer): Promise<void> {
    const file = await handle();
    // What a failed write left behind must not stand between two lines.
    if (torn) await file.truncate(end);
    torn = true;
    for (let done = 0; done < line.length;) {
      const { bytesWritten } = await file.write(line, done, line.length - done, end + done);
      done += bytesWritten;
    }
    torn = false;
    end += line.length;
    unsynced = true;
  }

  const ready = () => !broken && !writing && !full && performance.now() - failedAtMs >= retryMs;

  return {
    async append(commit) {
      if (!ready()) return false;
      const line = Buffer.from(`${JSON.stringify(commit)}\n`);
      full = end + line.length > limit;
      if (full) return false;
      writing = true;
      try {
        await write(line);
        return true;
      } catch (error) {
        failedAtMs = performance.now();
        onError(error);
        return false;
      } finally {
        writing = false;
      }
    },
    async read(from) {
      const file = await handle();
      const commits: Commit[] = [];
      if (from >= end) return { commits, next: from };
      for (let most = partBytes; ; most *= 2) {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(most, end - from)), 0, undefined, from);
        let next = 0;
        for (let at = buffer.indexOf(newline); at >= 0 && at < bytesRead; at = buffer.indexOf(newline, next)) {
          const commit = parsed(buffer.toString('utf8', next, at));
          if (!commit) {
            onError(new Error(`journal-broken at ${from + next}`));
            return { commits, next: from + next };
          }
          commits.push(commit);
          next = at + 1;
        }
        // A line longer than a part: the whole state of a big cell.
        if (commits.length > 0 || bytesRead < most) return { commits, next: from + next };
      }
    },
    async end() {
      await handle();
      return end;
    },
    async clear() {
      const file = await handle();
      await file.truncate(0);
      end = 0;
      torn = false;
      full = false;
      // An old state must not come back with the power.
      await file.sync();
    },
    async setAside() {
      try {
        if (opened) await (await opened).close();
        opened = null;
        await rename(path, `${path}.aside`);
      } catch (error) {
        // What is written after the old would be taken for the old one's.
        broken = true;
        onError(error);
      }
    },
    async sync() {
      if (!unsynced || !opened) return;
      const file = await opened;
      unsynced = false;
      syncing ??= file.datasync().finally(() => (syncing = null));
      await syncing;
    },
    get ready() {
      return ready();
    },
    get filled() {
      return full ? 1 : end / limit;
    },
    async close() {
      if (opened) await (await opened).close();
      opened = null;
    }
  };
}

/** null: no line of ours. */
function parsed(line: string): Commit | null {
  try {
    return JSON.parse(line) as Commit;
  } catch {
    return null;
  }
}
