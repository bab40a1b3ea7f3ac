import { id, type DeviceId } from '#lib/acd/ids.ts';
import { createAsteriskPbx } from '#lib/server/pbx/asterisk/adapter.ts';
import type { DeviceConfiguration } from '#lib/server/pbx/port.ts';
import { createFallback } from '../../src/runtime/fallback.ts';
import { startProxy } from '../support/cut.ts';
import { testCarrier } from '../support/environment.ts';
import { startSoftphone, type TestInvitation, type TestSoftphone } from '../support/softphone.ts';
import type { DeviceInHand, Harness, PlacedCall } from './harness.ts';
import { describeForwards } from './forwards-suite.ts';
import { describeCodes } from './codes-suite.ts';
import { describeMobiles } from './mobiles-suite.ts';
import { describePbx } from './suite.ts';

describePbx('Asterisk', makeHarness);
describeForwards('Asterisk', makeHarness);
describeCodes('Asterisk', makeHarness);
describeMobiles('Asterisk', makeHarness);

async function makeHarness(): Promise<Harness> {
  const {
    VAXEL_ARI: ari = '',
    VAXEL_ARI_PASSWORD: ariPassword = '',
    VAXEL_AMI: ami = '',
    VAXEL_AMI_PASSWORD: amiPassword = '',
    VAXEL_ANNOUNCEMENTS: announcements = '',
    VAXEL_SOUNDS: sounds = ''
  } = process.env;
  // The adapter speaks through a relay of ours, so that its connection can be cut while Asterisk goes on.
  const proxy = await startProxy(Number(new URL(ari).port));
  const pbx = createAsteriskPbx({
    ari: `http://127.0.0.1:${proxy.port}`,
    ariPassword,
    ami,
    amiPassword,
    announcements,
    sounds
  });
  const carrier = await testCarrier();
  let made = 0;
  const phones = new Map<DeviceId, { phone: TestSoftphone; current: TestInvitation | null }>();
  const devices = {
    anna: id.device('conformance-anna'),
    bo: id.device('conformance-bo'),
    nobody: id.device('conformance-nobody')
  };
  const password = 'conformance-only';
  const all: DeviceConfiguration[] = Object.values(devices).map((deviceId) => ({
    deviceId,
    kind: 'softphone',
    username: deviceId,
    password
  }));
  const register = async (deviceId: DeviceId) => {
    const phone = await startSoftphone({ url: `${ari.replace('http', 'ws')}/ws`, username: deviceId, password });
    phones.set(deviceId, { phone, current: null });
  };
  const original = pbx.start.bind(pbx);
  pbx.start = async (listener) => {
    await original(listener);
    const configured = await pbx.configureDevices(all);
    if (!configured.ok) throw new Error(configured.detail);
    await register(devices.anna);
    await register(devices.bo);
  };

  return {
    pbx,
    devices,
    number: '+46846500999',
    media: { short: 'first', long: 'long', missing: 'there-is-no-such-file' },
    async call(from): Promise<PlacedCall> {
      const call = await carrier.call({ to: '+46846500999', from: from === 'withheld' ? null : from.number });
      let gaveUp = false;
      return {
        async answered() {
          if (!(await call.answered)) throw new Error('ended without an answer');
        },
        hangUp() {
          gaveUp = true;
          return call.hangUp();
        },
        async ended() {
          const report = await call.ended;
          if (report.answered) return 'bye';
          return gaveUp ? 'cancelled' : (report.sipCode ?? 0);
        }
      };
    },
    device(deviceId): DeviceInHand {
      const entry = () => {
        const found = phones.get(deviceId);
        if (!found) throw new Error(`${deviceId} has no phone`);
        return found;
      };
      const ringing = async () => {
        const one = entry();
        one.current = await one.phone.invitation(8_000);
        return one.current;
      };
      return {
        answer: async () => (await ringing()).answer(),
        decline: async () => (await ringing()).reject(603),
        busy: async () => (await ringing()).reject(486),
        hangUp: async () => entry().current?.hangUp(),
        hold: async (held) => entry().current?.hold(held),
        dial: (digits) => entry().phone.dial(digits).ended,
        async register(present) {
          if (present) return register(deviceId);
          await entry().phone.stop();
          phones.delete(deviceId);
        }
      };
    },
    async outside(behaviour) {
      made += 1;
      const telephone = await carrier.telephone(`+4685000999${made}`, behaviour);
      let received: ReturnType<typeof telephone.next> | null = null;
      const call = () => (received ??= telephone.next());
      return {
        number: telephone.number,
        press: async (digit) => (await call()).press(digit),
        hangUp: async () => (await call()).hangUp()
      };
    },
    async sendAway(callId) {
      const parent = createFallback({ ari, password: process.env.VAXEL_ARI_PARENT_PASSWORD ?? '' });
      await parent.sendAway(callId, true);
    },
    cutConnection: () => proxy.cut(),
    async close() {
      for (const { phone } of phones.values()) await phone.stop();
      carrier.close();
      await proxy.close();
    }
  };
}
