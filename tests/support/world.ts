import { randomInt, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { ClosingSettings, Distribution, QueueValue, TrunkSettings } from '#lib/acd/configuration.ts';
import { neverClosing, plainTrunk } from '#lib/acd/upgrade.ts';
import type { Click } from '#lib/acd/events.ts';
import type { Fact } from '#lib/acd/facts.ts';
import { id, type DeviceId, type SoundId } from '#lib/acd/ids.ts';
import type { Actor } from '#lib/server/auth/can.ts';
import { softphonePassword } from '#lib/server/auth/softphone.ts';
import { cellKeys } from '#lib/server/cell/keys.ts';
import type { Reply } from '#lib/server/cell/store.ts';
import { connect } from '#lib/server/db/index.ts';
import { createClicks } from '#lib/server/live/clicks.ts';
import {
  addDeskPhone,
  addMember,
  changeSoftphonePassword,
  createNumber,
  createOperations,
  createOrganization,
  createQueue,
  createSchedule,
  createSkill,
  createTemporary,
  createUser,
  importSound,
  removeDeskPhone,
  removeMember,
  setAgentSkill,
  switchOnTemporary,
  setMobile,
  updateQueue,
  type Outcome
} from '#lib/server/operations/index.ts';
import { updatePauseReasons } from '#lib/server/operations/pauses.ts';
import { updateTrunk } from '#lib/server/operations/trunk.ts';
import { createNudgeSender } from '#lib/server/redis/nudge.ts';
import type { SoundKind, SoundLanguage } from '#lib/sounds.ts';
import { toneWav } from '../../pbx/carrier/tone.ts';
import type { CarrierCall, CarrierCallOptions } from '../../pbx/carrier/carrier.ts';
import type { Behaviour, Telephone } from '../../pbx/carrier/telephones.ts';
import { env, testCarrier } from './environment.ts';
import { startSoftphone, type TestSoftphone } from './softphone.ts';

export const testPassword = 'correct-horse-battery';

export interface World {
  organizationId: string;
  administrator: Actor & { email: string };
  /** Short ring and wrap-up unless told otherwise; no announcements unless asked for. */
  queue(settings?: QueueSettings): Promise<TestQueue>;
  /** Imports a tone in each of the languages; its id, when it is in force. */
  sound(kind: SoundKind, tones: Partial<Record<SoundLanguage, { hz: number; seconds: number }>>): Promise<SoundId>;
  /** Pauses for the first of the reasons are over their limit after so many seconds: less than a page would take. */
  shortenPauses(seconds: number): Promise<void>;
  /** As when a folder is lost: Asterisk has the music no more, though a queue has it. */
  loseMusic(soundId: string): Promise<void>;
  agent(name: string, queues?: TestQueue[]): Promise<TestAgent>;
  user(role: 'administrator' | 'supervisor', name: string): Promise<{ userId: string; email: string }>;
  join(agent: TestAgent, queue: TestQueue, settings?: { tier?: number; wrapUpSeconds?: number }): Promise<void>;
  /** Makes a skill and gives it to the agents at their levels; its id. */
  skill(levels: [agent: TestAgent, level: number][], name?: string): Promise<string>;
  leave(agent: TestAgent, queue: TestQueue): Promise<void>;
  change(queue: TestQueue, settings: QueueSettings): Promise<void>;
  /** The id of a temporary schedule that closes all queues, and is off; not to be switched by phone unless told. */
  temporary(name: string, phone?: { phoneNumber: number; phoneAgents: boolean }): Promise<string>;
  /** What agents choose from when they pause; in force. */
  pauseReasons(reasons: { name: string; minutes: number | null }[]): Promise<void>;
  /** Until that moment, epoch ms; when it is in force. */
  switchOn(temporaryId: string, untilMs: number): Promise<void>;
  /** E4, E5: how the organization's calls come and go; what is left out is the plain way. */
  trunk(settings: Partial<TrunkSettings>): Promise<void>;
  /** The id of a schedule that is never open. */
  neverOpen(): Promise<string>;
  call(queue: Pick<TestQueue, 'number'>, options?: Partial<CarrierCallOptions>): Promise<CarrierCall>;
  /** A telephone of the public network, with a number of its own. */
  telephone(behaviour: Behaviour): Promise<Telephone>;
  /** The first fact of this organization that fits, past or to come. */
  fact<T extends Fact['type']>(
    type: T,
    fits?: (fact: Extract<Fact, { type: T }>) => boolean,
    withinMs?: number
  ): Promise<Extract<Fact, { type: T }>>;
  facts(): Fact[];
  /** Reads no more of them, for one who measures what the reading would be part of. */
  leaveFacts(): void;
  close(): Promise<void>;
}

export interface QueueSettings {
  ringSeconds?: number;
  wrapUpSeconds?: number;
  repeatEverySeconds?: number;
  logoutAfterUnanswered?: number;
  welcome?: { media: string; mustBeHeard: boolean } | null;
  first?: { media: string; mustBeHeard: boolean } | null;
  repeated?: { media: string; mustBeHeard: boolean } | null;
  closed?: { media: string; mustBeHeard: boolean } | null;
  closedBy?: QueueValue['closedBy'];
  position?: { media: string; mustBeHeard: boolean } | null;
  positionEverySeconds?: number;
  positionMost?: number;
  waitingTime?: { media: string; mustBeHeard: boolean } | null;
  waitingTimeEverySeconds?: number;
  music?: SoundId | null;
  scheduleId?: string | null;
  distribution?: Distribution;
  parallelAgents?: number;
  needs?: { afterSeconds: number; skills: { skillId: string; level: number }[] }[];
  bestSkillFirst?: boolean;
  creditSeconds?: number;
  strict?: boolean;
  keepPlaceSeconds?: number;
  closing?: Partial<ClosingSettings>;
}
export interface TestQueue {
  id: string;
  name: string;
  number: string;
  numberId: string;
}
export interface TestAgent {
  userId: string;
  email: string;
  name: string;
  deviceId: string;
  /** Registers a softphone without media and starts the shift. */
  start(): Promise<TestSoftphone>;
  phone: TestSoftphone | null;
  /** Registers a softphone without media, and nothing more; with its first password unless another `version` is named. */
  register(version?: number): Promise<TestSoftphone>;
  /** By the administrator; resolves when it is in force. */
  changePassword(): Promise<void>;
  click(click: Click): Promise<Reply>;
  /** Gives them a mobile with this number; resolves when it is in force, with the device's id. */
  mobile(number: string): Promise<DeviceId>;
  /** The account of a desk phone of theirs, in force; made anew, it has another password. */
  deskPhone(): Promise<{ deviceId: DeviceId; server: string; username: string; password: string }>;
  dropDeskPhone(): Promise<void>;
}

/** An organization of this test's own, with numbers of its own, in the one running stack. */
export async function createWorld(): Promise<World> {
  const cell = Number(env('VAXEL_CELL'));
  const redis = env('VAXEL_REDIS');
  const onError = (error: unknown) => console.error(error);
  const connection = connect(env('VAXEL_DATABASE'), { max: 3, name: 'test' });
  const nudges = createNudgeSender({ redis, cell, onError });
  const clicks = createClicks({ redis, cell, onError });
  const carrier = await testCarrier();
  const operations = createOperations({
    db: connection.db,
    nowMs: () => Date.now(),
    onConfigurationWritten: (organization) => nudges.nudge(organization)
  });
  const mark = randomUUID().slice(0, 8);
  const email = (name: string) => `${name.toLowerCase().replace(/[^a-z]/g, '')}.${mark}@test.example`;
  const actor = await createOrganization(
    connection.db,
    {
      name: `Test ${mark}`,
      timeZone: 'Europe/Stockholm',
      country: 'SE',
      language: 'sv',
      cell,
      administrator: { name: 'Ada Admin', email: email('ada'), password: testPassword }
    },
    Date.now()
  );
  const { organizationId } = actor;
  const phones: TestSoftphone[] = [];
  const calls: CarrierCall[] = [];
  const reader = await followFacts(redis, cell, organizationId);

  /** Other worlds of the same stack choose from the same ten thousand (the last one is nobody's): where two meet, the next. */
  async function freeNumber(queueId: string): Promise<{ number: string; numberId: string }> {
    for (let at = randomInt(9_998); ; at = (at + 1) % 9_998) {
      const number = `+4684650${String(at).padStart(4, '0')}`;
      const made = await operations.run(createNumber, actor, { number, queueId, language: 'sv' });
      if (made.ok) return { number, numberId: made.result.id };
      if (made.code !== 'number-taken') await done(Promise.resolve(made));
    }
  }

  async function done<T>(outcome: Promise<Outcome<T>>): Promise<T> {
    const settled = await outcome;
    if (!settled.ok) throw new Error(`${settled.code} at ${settled.field}`);
    return settled.result;
  }

  /** Until everything written is in force: what forms show as *live*. */
  async function live(): Promise<void> {
    nudges.nudge(organizationId);
    for (let tries = 0; tries < 400; tries++) {
      const [row] =
        await connection.sql`select count(*)::int as waiting from configuration_version where organization_id = ${organizationId} and applied_at is null and entity <> 'user'`;
      if (row?.waiting === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('the configuration did not come live within 10 s');
  }

  const world: World = {
    organizationId,
    administrator: { ...actor, email: email('ada') },
    async queue(settings = {}) {
      const name = `Kö ${randomUUID().slice(0, 6)}`;
      const queueId = (await done(operations.run(createQueue, actor, { name, kind: 'plus', scheduleId: '' }))).id;
      await done(operations.run(updateQueue, actor, { id: queueId, ...quiet, ...whole(settings) }));
      const { number, numberId } = await freeNumber(queueId);
      await live();
      return { id: queueId, name, number, numberId };
    },
    async sound(kind, tones) {
      const files = Object.entries(tones).map(([language, { hz, seconds }]) => ({
        language: language as SoundLanguage,
        content: new Uint8Array(toneWav(hz, seconds))
      }));
      const name = `Ljud ${randomUUID().slice(0, 6)}`;
      const { id: soundId } = await done(operations.run(importSound, actor, { name, kind, files }));
      await live();
      return id.sound(soundId);
    },
    async shortenPauses(seconds) {
      await connection.sql`
        insert into configuration_version (organization_id, entity, id, version, value, operation)
        select organization_id, entity, id, version + 1,
          jsonb_set(value, '{pauseReasons,0,minutes}', to_jsonb(${seconds}::float8 / 60)), 'test'
        from configuration_version where entity = 'organization' and id = ${organizationId}
        order by version desc limit 1`;
      await live();
    },
    async loseMusic(soundId) {
      const classes = join(env('VAXEL_SOUNDS'), 'music.conf');
      const text = await readFile(classes, 'utf8');
      await writeFile(classes, text.replace(`[${soundId}]`, '[lost]'));
      const authorization = `Basic ${Buffer.from(`vaxel:${env('VAXEL_ARI_PASSWORD')}`).toString('base64')}`;
      const address = `${env('VAXEL_ARI')}/ari/asterisk/modules/res_musiconhold.so`;
      const told = await fetch(address, { method: 'PUT', headers: { authorization } });
      if (!told.ok) throw new Error(`reload: ${told.status}`);
    },
    async agent(name, queues = []) {
      const input = {
        name,
        email: email(name),
        role: 'agent' as const,
        plan: 'pro' as const,
        language: 'sv' as const,
        password: testPassword
      };
      const userId = (await done(operations.run(createUser, actor, input))).id;
      for (const queue of queues) await done(operations.run(addMember, actor, { queueId: queue.id, userId }));
      await live();
      const [device] = await connection.sql`select id from device where user_id = ${userId} and kind = 'softphone'`;
      const deviceId = String(device?.id);
      const agent: TestAgent = {
        userId,
        name,
        deviceId,
        email: input.email,
        phone: null,
        click: (click) => clicks.send(id.agent(userId), click),
        async register(version = 1) {
          const phone = await startSoftphone({
            url: `${env('VAXEL_ARI').replace('http', 'ws')}/ws`,
            username: deviceId,
            password: softphonePassword(env('VAXEL_SECRET'), deviceId, version)
          });
          phones.push(phone);
          agent.phone = phone;
          return phone;
        },
        async changePassword() {
          await done(operations.run(changeSoftphonePassword, actor, { id: userId }));
          await live();
        },
        async mobile(number) {
          await done(operations.run(setMobile, actor, { id: userId, number }));
          await live();
          const [mobile] = await connection.sql`select id from device where user_id = ${userId} and kind = 'mobile'`;
          return id.device(String(mobile?.id));
        },
        async deskPhone() {
          const made = await done(operations.run(addDeskPhone, actor, { id: userId }));
          await live();
          const password = softphonePassword(env('VAXEL_SECRET'), made.deviceId, made.passwordVersion);
          const server = `127.0.0.1:${env('VAXEL_SIP_PORT')}`;
          return { deviceId: id.device(made.deviceId), server, username: made.deviceId, password };
        },
        async dropDeskPhone() {
          await done(operations.run(removeDeskPhone, actor, { id: userId }));
          await live();
        },
        async start() {
          const phone = await agent.register();
          const reply = await agent.click({ type: 'start-shift', deviceId: id.device(deviceId) });
          if (!reply.ok) throw new Error(`the shift did not start: ${reply.code}`);
          if (queues.length > 0)
            // A call that waits is offered in the same moment.
            await reader.fact(
              'agent-state',
              (fact) => fact.agentId === userId && (fact.state === 'free' || fact.state === 'offered'),
              5_000
            );
          return phone;
        }
      };
      return agent;
    },
    async user(role, name) {
      const input = {
        name,
        email: email(name),
        role,
        plan: 'pro' as const,
        language: 'sv' as const,
        password: testPassword
      };
      return { userId: (await done(operations.run(createUser, actor, input))).id, email: input.email };
    },
    async join(agent, queue, settings = {}) {
      await done(operations.run(addMember, actor, { queueId: queue.id, userId: agent.userId, ...settings }));
      await live();
    },
    async skill(levels, name = `Kunskap ${randomUUID().slice(0, 6)}`) {
      const { id: skillId } = await done(operations.run(createSkill, actor, { name }));
      for (const [agent, level] of levels)
        await done(operations.run(setAgentSkill, actor, { userId: agent.userId, skillId, level }));
      await live();
      return skillId;
    },
    async leave(agent, queue) {
      await done(operations.run(removeMember, actor, { queueId: queue.id, userId: agent.userId }));
      await live();
    },
    async change(queue, settings) {
      await done(operations.run(updateQueue, actor, { id: queue.id, ...whole(settings) }));
      await live();
    },
    async trunk(settings) {
      await done(operations.run(updateTrunk, actor, { ...plainTrunk, ...settings }));
      await live();
    },
    async temporary(name, phone) {
      const target = { all: true, queueIds: [], tags: [], kinds: [] };
      const input = { name, effect: 'closed' as const, waiting: 'stay' as const, minutes: 120, target, ...phone };
      return (await done(operations.run(createTemporary, actor, input))).id;
    },
    async pauseReasons(reasons) {
      const input = { reasons: reasons.map((reason) => ({ id: '', ...reason })) };
      await done(operations.run(updatePauseReasons, actor, input));
      await live();
    },
    async switchOn(temporaryId, untilMs) {
      const until = new Date(untilMs).toISOString();
      await done(operations.run(switchOnTemporary, actor, { id: temporaryId, until }));
      await live();
    },
    async neverOpen() {
      const name = `Stängt ${randomUUID().slice(0, 6)}`;
      return (await done(operations.run(createSchedule, actor, { name, timeZone: 'Europe/Stockholm', rules: [] }))).id;
    },
    async call(queue, options = {}) {
      const call = await carrier.call({
        to: queue.number,
        from: `+46701${String(randomInt(1_000_000)).padStart(6, '0')}`,
        ...options
      });
      calls.push(call);
      return call;
    },
    telephone: (behaviour) => carrier.telephone(`+468500${String(randomInt(100_000)).padStart(5, '0')}`, behaviour),
    fact: (...args) => reader.fact(...args),
    facts: () => reader.facts(),
    leaveFacts: () => reader.close(),
    async close() {
      for (const call of calls) await call.hangUp();
      for (const phone of phones) await phone.stop();
      reader.close();
      carrier.close();
      clicks.close();
      await nudges.close();
      await connection.close();
    }
  };
  return world;
}

/** Closing settings are saved all at once. */
const whole = ({ closing, ...settings }: QueueSettings) => ({
  ...settings,
  ...(closing && { closing: { ...neverClosing, ...closing } })
});

const quiet = { ringSeconds: 5, wrapUpSeconds: 0, welcome: null, first: null, repeated: null, closed: null };

async function followFacts(address: string, cell: number, organizationId: string) {
  const redis = new Redis(address);
  const facts: Fact[] = [];
  const waiting = new Set<() => void>();
  const [last] = await redis.xrevrange(cellKeys(cell).facts, '+', '-', 'COUNT', 1);
  let at = last?.[0] ?? '0-0';
  let closed = false;
  const follow = async () => {
    while (!closed) {
      const answer = await redis.xread('BLOCK', 1_000, 'STREAMS', cellKeys(cell).facts, at).catch(() => null);
      for (const [streamId, fields] of answer?.[0]?.[1] ?? []) {
        at = streamId;
        const fact = JSON.parse(fields[1] ?? 'null') as Fact;
        if (fact.organizationId === organizationId) facts.push(fact);
      }
      for (const wake of waiting) wake();
    }
  };
  void follow();
  return {
    facts: () => facts,
    fact<T extends Fact['type']>(
      type: T,
      fits: (fact: Extract<Fact, { type: T }>) => boolean = () => true,
      withinMs = 10_000
    ): Promise<Extract<Fact, { type: T }>> {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = facts.find(
            (fact): fact is Extract<Fact, { type: T }> => fact.type === type && fits(fact as Extract<Fact, { type: T }>)
          );
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(
            new Error(
              `no ${type} within ${withinMs} ms; the last facts: ${facts
                .slice(-8)
                .map((fact) => JSON.stringify(fact))
                .join('\n')}`
            )
          );
        }, withinMs);
        waiting.add(look);
        look();
      });
    },
    close() {
      closed = true;
      redis.disconnect();
    }
  };
}
