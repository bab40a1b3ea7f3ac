import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectAri } from '#lib/server/pbx/asterisk/ari-client.ts';
import { putDevice, type AriRequest } from '#lib/server/pbx/asterisk/devices.ts';
import type { DeviceConfiguration } from '#lib/server/pbx/port.ts';
import { writeTone } from '../../pbx/carrier/tone.ts';
import { asteriskChild } from '../../src/runtime/asterisk.ts';
import { stackPaths } from '../../src/runtime/paths.ts';
import { freeTcpPort } from '../../src/runtime/ports.ts';
import { readSecrets } from '../../src/runtime/secrets.ts';
import { createSupervisor } from '../../src/runtime/supervisor.ts';
import { musicTone } from '../support/sounds.ts';

export interface AppQueue {
  devicesUrl: string;
  processes(): { name: string; pid: number }[];
  stop(): Promise<void>;
}

/**
 * The engine to beat: the same Asterisk build with the same files, trunk and devices, but Asterisk's own queue
 * (leastrecent, autofill, one offer at a time, no wrap-up, the shortest retry it knows) instead of the worker.
 */
export async function startAppQueue(options: {
  tools: string;
  sipPort: number;
  trunkPort: number;
  devices: DeviceConfiguration[];
  note: (line: string) => void;
}): Promise<AppQueue> {
  const paths = stackPaths('test-bench-app-queue');
  const music = join(paths.data, 'music');
  await mkdir(music, { recursive: true });
  await writeTone(join(music, 'music.wav'), musicTone, 120);
  const secrets = await readSecrets(paths.data);
  const [httpPort, amiPort] = await Promise.all([freeTcpPort(), freeTcpPort()]);
  const child = await asteriskChild(paths, options.tools, {
    name: 'pbx',
    httpPort,
    amiPort,
    sipPort: options.sipPort,
    trunkPort: options.trunkPort,
    rtpStart: 30_000,
    rtpEnd: 31_999,
    ariPassword: secrets.ari,
    ariParentPassword: secrets.ariParent,
    amiPassword: secrets.ami,
    announcements: music,
    music,
    sounds: join(paths.data, 'sounds'),
    fallbackSeconds: 30
  });
  const etc = join(paths.run, 'pbx', 'etc');
  await appendFile(join(etc, 'modules.conf'), '\nload=app_queue.so\n');
  await writeFile(
    join(etc, 'queues.conf'),
    [
      '[general]',
      'autofill=yes',
      '[bench]',
      'strategy=leastrecent',
      'autofill=yes',
      'ringinuse=no',
      'timeout=20',
      'retry=1',
      'wrapuptime=0',
      ...options.devices.map(({ deviceId }) => `member=PJSIP/${deviceId}`),
      ''
    ].join('\n')
  );
  await writeFile(
    join(etc, 'extensions.conf'),
    '[from-trunk]\nexten => _[+0-9].,1,Answer()\n same => n,Queue(bench)\n same => n,Hangup()\n[from-device]\nexten => _.,1,Hangup(21)\n'
  );
  const supervisor = createSupervisor({ log: paths.log, report: options.note, changed: () => undefined });
  await supervisor.start(child);
  const ari = await connectAri({
    url: `http://127.0.0.1:${httpPort}`,
    user: 'vaxel',
    password: secrets.ari,
    app: 'bench',
    event: () => undefined,
    closed: () => undefined
  });
  const request: AriRequest = (...args) => ari.request(...args);
  for (const device of options.devices) {
    const answer = await putDevice(request, device);
    if (answer.status >= 300) throw new Error(`device ${device.deviceId}: ${answer.status}`);
    await asDeskPhone(request, device.deviceId);
  }
  ari.close();
  return {
    devicesUrl: `ws://127.0.0.1:${httpPort}/ws`,
    processes: () => supervisor.pids(),
    stop: () => supervisor.stopAll()
  };
}

/**
 * Makes a softphone's endpoint a desk phone's: plain SIP and RTP, as WebRTC's set-up of each leg would cost more than all
 * of both queues. The rig sends no audio, and its legs must not end for that.
 */
export async function asDeskPhone(request: AriRequest, deviceId: string): Promise<void> {
  const path = `asterisk/config/dynamic/res_pjsip/endpoint/${deviceId}`;
  const off = [
    'webrtc',
    'media_encryption',
    'ice_support',
    'use_avpf',
    'rtcp_mux',
    'bundle',
    'dtls_auto_generate_cert'
  ];
  const fields = [
    ...off.map((attribute) => ({ attribute, value: 'no' })),
    { attribute: 'media_use_received_transport', value: 'no' },
    { attribute: 'rtp_timeout', value: '0' }
  ];
  const answer = await request('PUT', path, {}, { fields });
  if (answer.status >= 300) throw new Error(`device ${deviceId}: ${answer.status} ${JSON.stringify(answer.body)}`);
}
