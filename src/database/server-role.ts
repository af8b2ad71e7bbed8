/**
 * The role that the server works as: it reads and writes rows, and owns nothing. Some tables it may only add to, or
 * only read, whatever SQL somebody makes it run.
 *
 *   owner of the tables ──migrations, at the start──▶ grants ──▶ the role of the server
 *
 * Whose login it is decides how much that holds:
 *
 *   a login of its own      DATABASE_URL, with VALETKEY_MIGRATION_DATABASE_URL for the owner; the embedded database
 *   `role` at the connect   where DATABASE_URL is the owner's: SQL could go back to it with SET ROLE NONE
 */
import pg, { type Pool, type PoolClient } from 'pg'
import connectionString from 'pg-connection-string'

/** The name of the role, where the server makes it. */
export const SERVER_ROLE = 'valetkey_server'

/** What the role may do to a table; every other one it may read, insert into, update and delete from. */
export interface Rights {
  /** Insert and read. */
  append: readonly string[]
  /** Read. */
  read: readonly string[]
  /** Functions that it may call, with the types of their arguments, which act as the owner. */
  call: readonly string[]
  /** Schemas that it owns, with everything in them; made where they do not exist. */
  own: readonly string[]
}

/**
 * Lets the role in, as the owner of the tables. To be called after each migration: new tables need grants.
 *
 * @param client a session of the owner
 * @param role that exists; null for SERVER_ROLE, which is made where the owner may
 * @returns null where it is let in; otherwise why not
 */
export async function letIn(client: PoolClient, role: string | null, rights: Rights): Promise<string | null> {
  await client.query('begin')
  try {
    if (role === null) await makeRole(client)
    const name = client.escapeIdentifier(role ?? SERVER_ROLE)
    const tables = await tablesOf(client)
    const granted = (rights: string, some: readonly string[]) =>
      some.length > 0
        ? `grant ${rights} on ${some.map((table) => client.escapeIdentifier(table)).join(', ')} to ${name};`
        : ''
    const others = tables.filter((table) => !rights.append.includes(table) && !rights.read.includes(table))
    await client.query(`
      grant usage on schema public to ${name};
      ${granted('select, insert, update, delete', others)}
      ${granted('select, insert', rights.append)}
      ${granted('select', rights.read)}
      grant usage on all sequences in schema public to ${name};
      ${rights.call.map((call) => `grant execute on function ${call} to ${name};`).join('\n')}`)
    if (role !== null) for (const schema of rights.own) await handOver(client, schema, role)
    await client.query('commit')
    return null
  } catch (error) {
    await client.query('rollback')
    return (error as Error).message
  }
}

async function makeRole(client: PoolClient) {
  const { rows } = await client.query('select from pg_roles where rolname = $1', [SERVER_ROLE])
  if (rows.length === 0)
    await client.query(`
      do $$ begin create role ${SERVER_ROLE};
      exception when duplicate_object or unique_violation then null; end $$`)
  const { rows: member } = await client.query(`select pg_has_role($1, 'member') as already`, [SERVER_ROLE])
  if (!member[0].already) await client.query(`grant ${SERVER_ROLE} to current_user`)
}

/** Tables of the schema public; partitions are reached through theirs. */
async function tablesOf(client: PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
      and pg_has_role(relowner, 'usage')`)
  return rows.map(({ name }) => name)
}

/** Makes the role the owner of a schema and of what is in it, which a version before may have made as the owner. */
async function handOver(client: PoolClient, schema: string, role: string) {
  const { rows } = await client.query<{ statement: string }>(
    `with of_schema as (select oid, nspowner from pg_namespace where nspname = $1)
    select format('create schema %I authorization %I', $1::text, $2::text) as statement
      where not exists (select from of_schema)
    union all select format('alter schema %I owner to %I', $1::text, $2::text) from of_schema
      where pg_get_userbyid(nspowner) <> $2
    union all select format('alter table %s owner to %I', c.oid::regclass, $2::text) from pg_class c, of_schema
      where relnamespace = of_schema.oid and relkind in ('r', 'p', 'v') and pg_get_userbyid(relowner) <> $2
    union all select format('alter routine %s owner to %I', p.oid::regprocedure, $2::text) from pg_proc p, of_schema
      where pronamespace = of_schema.oid and pg_get_userbyid(proowner) <> $2
    union all select format('alter type %s owner to %I', t.oid::regtype, $2::text) from pg_type t, of_schema
      where typnamespace = of_schema.oid and typtype = 'e' and pg_get_userbyid(typowner) <> $2`,
    [schema, role],
  )
  for (const { statement } of rows) await client.query(statement)
}

/** How well a table is guarded against the server itself. */
export type Guard =
  /** The login itself has no such right. */
  | 'own-login'
  /** The server gave the right up when it connected, and SQL could take it back. */
  | 'set-role'
  /** The server owns the table. */
  | 'none'

/** How well `table` is guarded against being changed by the sessions of `pool`. */
export async function guardOf(pool: Pool, table: string): Promise<Guard> {
  const may = (user: string) =>
    ['update', 'delete', 'truncate'].map((right) => `has_table_privilege(${user}, $1, '${right}')`).join(' or ')
  const { rows } = await pool.query(
    `select ${may('current_user')} as role, ${may('session_user')}
      or pg_has_role(session_user, (select relowner from pg_class where oid = $1::regclass), 'member') as login`,
    [table],
  )
  return rows[0].role ? 'none' : rows[0].login ? 'set-role' : 'own-login'
}

/**
 * How `pg` connects to a database.
 *
 * @param role that sessions work as from their first statement on; undefined for the login itself
 */
export function connectionOptions(databaseUrl: string, role?: string): pg.ClientConfig {
  if (role === undefined) return { connectionString: databaseUrl }
  const parsed = connectionString.parseIntoClientConfig(databaseUrl)
  return { ...parsed, options: [parsed.options, `-c role=${role}`].filter(Boolean).join(' ') }
}

/** Whether the login of `databaseUrl` may work as SERVER_ROLE, and that role has been let in to see `table`. */
export async function mayWorkAsServer(databaseUrl: string, table: string): Promise<boolean> {
  const client = new pg.Client({ ...connectionOptions(databaseUrl, SERVER_ROLE), connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query(
      "select current_user = $1 and has_table_privilege(to_regclass($2), 'insert') as may",
      [SERVER_ROLE, table],
    )
    return rows[0].may === true
  } catch {
    // There is no such role, it is not for this login, or what is between does not pass it on.
    return false
  } finally {
    await client.end().catch(() => {})
  }
}
