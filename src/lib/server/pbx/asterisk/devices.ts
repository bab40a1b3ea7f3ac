import type { DeviceConfiguration } from '../port.ts';
import type { AriAnswer, AriClient } from './ari-client.ts';

export type AriRequest = AriClient['request'];

const path = (kind: 'auth' | 'aor' | 'endpoint', name: string) => `asterisk/config/dynamic/res_pjsip/${kind}/${name}`;

/** A browser speaks WebRTC over a WebSocket; a desk phone plain SIP, from behind whatever router it has. */
const ways = {
  softphone: { webrtc: 'yes' },
  'desk-phone': { rtp_symmetric: 'yes', force_rport: 'yes', rewrite_contact: 'yes' }
} satisfies Record<DeviceConfiguration['kind'], Record<string, string>>;

/**
 * Makes or changes one SIP device by ARI's dynamic configuration (memory only: no password file). Order matters: auth
 * and aor before the endpoint that names them.
 */
export async function putDevice(request: AriRequest, device: DeviceConfiguration): Promise<AriAnswer> {
  const name = device.deviceId;
  const put = (kind: 'auth' | 'aor' | 'endpoint', fields: Record<string, string>) =>
    request(
      'PUT',
      path(kind, name),
      {},
      { fields: Object.entries(fields).map(([attribute, value]) => ({ attribute, value })) }
    );
  const auth = await put('auth', { auth_type: 'userpass', username: device.username, password: device.password });
  if (auth.status >= 300 || auth.status === 0) return auth;
  const aor = await put('aor', {
    // A page that comes back replaces its former contact instead of ringing twice.
    max_contacts: '1',
    remove_existing: 'yes',
    // B9: a browser that sleeps is unreachable within 10 s.
    qualify_frequency: '5',
    qualify_timeout: '3.0',
    minimum_expiration: '30',
    default_expiration: '60',
    maximum_expiration: '120'
  });
  if (aor.status >= 300 || aor.status === 0) return aor;
  return put('endpoint', {
    context: 'from-device',
    aors: name,
    auth: name,
    ...ways[device.kind],
    disallow: 'all',
    // No transcoding between trunk and browser, and no silent loss of audio when a bridge shrinks (telephony.md).
    allow: 'alaw,ulaw',
    direct_media: 'no',
    timers: 'no',
    trust_id_outbound: 'yes',
    send_pai: 'no',
    // A tab closed in a call, or a telephone unplugged, sends no audio any more: its leg ends within 10 s.
    rtp_timeout: '5',
    rtp_timeout_hold: '120',
    dtmf_mode: 'rfc4733'
  });
}

export async function removeDevice(request: AriRequest, device: DeviceConfiguration): Promise<void> {
  for (const kind of ['endpoint', 'aor', 'auth'] as const) await request('DELETE', path(kind, device.deviceId));
}
