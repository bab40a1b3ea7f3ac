import { connectCarrier, type Carrier } from '../../pbx/carrier/carrier.ts';

/** What `npm test` tells its stages (the same names as every process of ours gets). A missing one is a mistake of the caller. */
export function env(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this by npm test -- STAGE -- FILE, which brings the stack`);
  return value;
}

/** A carrier of this test file's own. */
export function testCarrier(): Promise<Carrier> {
  return connectCarrier({
    url: env('VAXEL_CARRIER_ARI'),
    password: env('VAXEL_CARRIER_ARI_PASSWORD'),
    recordings: env('VAXEL_CARRIER_RECORDINGS')
  });
}
