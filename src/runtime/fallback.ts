import { fallback } from '#lib/server/pbx/asterisk/fallback.ts';
import type { Bridge, Channel } from '#lib/server/pbx/asterisk/ari-types.ts';

/** The callers nobody looks after, and how to hand them to the dialplan; by HTTP, with an ARI user of the parent's own. */
export interface Fallback {
  /** Sends every caller who is with the application and in no talk. Gives how many were sent. */
  sendWaiting(): Promise<number>;
  /** `answered`: with music; else it rings on. False: the caller is gone. */
  sendAway(channelId: string, answered: boolean): Promise<boolean>;
}

const requestWithinMs = 2_000;

/** There is no engine in it, and no state: it looks at what Asterisk has now. */
export function createFallback(options: { ari: string; password: string; app?: string }): Fallback {
  const { app = 'vaxel' } = options;
  const authorization = `Basic ${Buffer.from(`vaxel-parent:${options.password}`).toString('base64')}`;

  async function ask(method: 'GET' | 'POST', path: string): Promise<Response> {
    const signal = AbortSignal.timeout(requestWithinMs);
    return fetch(`${options.ari}/ari/${path}`, { method, headers: { authorization }, signal });
  }

  async function list<T>(what: string): Promise<T[]> {
    const answer = await ask('GET', what);
    if (!answer.ok) throw new Error(`Asterisk does not list its ${what}: ${answer.status}`);
    return (await answer.json()) as T[];
  }

  async function sendAway(channelId: string, answered: boolean): Promise<boolean> {
    const to = new URLSearchParams({
      context: fallback.context,
      extension: answered ? fallback.waiting : fallback.fresh,
      priority: '1'
    });
    const answer = await ask('POST', `channels/${encodeURIComponent(channelId)}/continue?${to}`);
    // 404: hung up; 409: no longer with the application.
    if (!answer.ok && answer.status !== 404 && answer.status !== 409)
      throw new Error(`Asterisk does not let ${channelId} go on: ${answer.status}`);
    return answer.ok;
  }

  return {
    sendAway,
    async sendWaiting() {
      const [channels, bridges] = await Promise.all([list<Channel>('channels'), list<Bridge>('bridges')]);
      // One left alone in a talk's bridge hears nothing any more: it waits like the others.
      const talking = new Set(bridges.flatMap((bridge) => (bridge.channels.length > 1 ? bridge.channels : [])));
      const waiting = channels.filter(
        ({ id, dialplan }) =>
          dialplan.app_name === 'Stasis' && dialplan.app_data.startsWith(`${app},call,`) && !talking.has(id)
      );
      const sent = await Promise.all(waiting.map(({ id, state }) => sendAway(id, state === 'Up')));
      return sent.filter(Boolean).length;
    }
  };
}

export interface LeaderWatch {
  /** A sign of life of the worker, and whether it leads: has the lease, is connected, and has compared its state. */
  beat(leads: boolean): void;
  stop(): void;
}

const lookEveryMs = 1_000;

/** With no leader for so long the callers are sent to the fallback; and again each second, as talks end. */
export function watchLeader(options: {
  fallback: Fallback;
  withoutLeaderSeconds: number;
  report: (line: string) => void;
  nowMs?: () => number;
}): LeaderWatch {
  const nowMs = options.nowMs ?? (() => performance.now());
  let ledAtMs = nowMs();
  let lookedAtMs = nowMs();
  let sending = false;
  let told = false;

  async function look(): Promise<void> {
    const now = nowMs();
    // When this process itself was held up, signs of life wait unread in the pipe: judged at the next look.
    const late = now - lookedAtMs > lookEveryMs * 2;
    lookedAtMs = now;
    if (late || sending || now - ledAtMs < options.withoutLeaderSeconds * 1_000) return;
    sending = true;
    try {
      const count = await options.fallback.sendWaiting();
      if (count > 0)
        options.report(`no worker leads: ${count} waiting ${count === 1 ? 'caller' : 'callers'} sent to the fallback`);
      told = false;
    } catch (error) {
      // Asterisk is away too, and is brought back by others: told once, tried again at the next look.
      if (!told) options.report(`no worker leads, and ${error instanceof Error ? error.message : String(error)}`);
      told = true;
    } finally {
      sending = false;
    }
  }

  const timer = setInterval(() => void look(), lookEveryMs);
  return {
    beat(leads) {
      if (leads) ledAtMs = nowMs();
    },
    stop: () => clearInterval(timer)
  };
}
