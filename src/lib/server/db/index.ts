export {
  connect,
  withOrganization,
  withSnapshot,
  type Connection,
  type ConnectOptions,
  type Database,
  type Snapshot,
  type Transaction
} from './connect.ts';
export { databaseAddress, type DatabaseAddress } from './address.ts';
export { DataIsNewer, migrate } from './migrate.ts';
export { newId } from './id.ts';
export * as schema from './schema/index.ts';
