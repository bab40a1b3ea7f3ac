/** Where a Postgres is, as postgres.js wants it. */
export interface DatabaseAddress {
  /** Absolute path of the socket; then host and port are not used. */
  path?: string;
  host?: string;
  port?: number;
  username: string;
  password: string | undefined;
  database: string;
}

/**
 * Reads a libpq address. A Unix socket is named by its folder, as `postgres://user@/name?host=/run/folder&port=5432` or
 * with the folder percent-encoded as the host (`postgres://user@%2Frun%2Ffolder:5432/name`). postgres.js itself reads
 * neither form, so we take the address apart and hand it the socket's path.
 *
 * @throws TypeError when the address names no user or no database
 */
export function databaseAddress(url: string): DatabaseAddress {
  const match = /^postgres(?:ql)?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^:/?]*)(?::(\d+))?\/([^?]*)(?:\?(.*))?$/.exec(url);
  if (!match) throw new TypeError('not a Postgres address: expected postgres://user@host:port/database');
  const [, username = '', password, authority = '', authorityPort, database = '', query = ''] = match;
  const parameters = new URLSearchParams(query);
  if (!username || !database) throw new TypeError('the Postgres address names no user or no database');
  const host = parameters.get('host') ?? (decodeURIComponent(authority) || 'localhost');
  const port = Number(parameters.get('port') ?? authorityPort ?? 5432);
  const common = {
    username: decodeURIComponent(username),
    password: password === undefined ? undefined : decodeURIComponent(password),
    database: decodeURIComponent(database)
  };
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}`, ...common } : { host, port, ...common };
}
