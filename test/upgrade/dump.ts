/**
 * A database as SQL that `pg` alone can restore: what pg_dump does, for as much of PostgreSQL as the
 * schema uses. What it does not know it refuses, so that no dump is short of anything.
 */
import pg from 'pg'
import { newDatabase } from '../support/world.js'

type Database = Pick<pg.Pool, 'query'>

const OURS = "'public'::regnamespace"
/** Partitions are made with their table, and depend on the month: what is in them is read through it. */
const PARTITIONS = 'select oid from pg_class where relispartition'
const WITH_DATA = `table_schema = 'public' and table_name not in (select relname from pg_class where relispartition)`

/** @param withData false: the schema alone, to compare two databases */
export async function dumpOf(database: Database, withData = true): Promise<string> {
  await assertKnown(database)
  const texts = async (sql: string) => (await database.query<{ text: string }>(sql)).rows.map(({ text }) => text)
  const functions = await texts(
    `select pg_get_functiondef(oid) || ';' as text from pg_proc where pronamespace = ${OURS} order by proname`,
  )
  const sequences = await texts(`
    select format('create sequence %I;', relname) as text from pg_class
    where relkind = 'S' and relnamespace = ${OURS} order by relname`)
  const tables = await texts(`
    select format(E'create table %I (\\n  %s\\n)%s;', c.relname, string_agg(format('%I %s%s%s',
      a.attname, format_type(a.atttypid, a.atttypmod),
      case when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end,
      case when a.attnotnull then ' not null' else '' end), E',\\n  ' order by a.attnum),
      ' partition by ' || pg_get_partkeydef(c.oid)) as text
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relkind in ('r', 'p') and c.oid not in (${PARTITIONS}) and c.relnamespace = ${OURS}
    group by c.oid, c.relname order by c.relname`)
  const partitions = await texts(`
    select format('create table %I partition of %s %s;', relname, inhparent::regclass, pg_get_expr(relpartbound, oid))
      as text
    from pg_class join pg_inherits on inhrelid = oid where relkind = 'r' and relnamespace = ${OURS} order by relname`)
  // Keys before what refers to them.
  const constraints = await texts(`
    select format('alter table %s add constraint %I %s;',
      conrelid::regclass, conname, pg_get_constraintdef(oid)) as text
    from pg_constraint where connamespace = ${OURS} and contype in ('p', 'u', 'c', 'f')
      and conrelid not in (${PARTITIONS})
    order by contype = 'f', conrelid::regclass::text, conname`)
  const indexes = await texts(`
    select pg_get_indexdef(indexrelid) || ';' as text from pg_index join pg_class c on c.oid = indexrelid
    where c.relnamespace = ${OURS} and indrelid not in (${PARTITIONS})
      and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
    order by c.relname`)
  const triggers = await texts(`
    select pg_get_triggerdef(t.oid) || ';' as text from pg_trigger t join pg_class c on c.oid = tgrelid
    where c.relnamespace = ${OURS} and not tgisinternal and tgparentid = 0
    order by tgname`)
  const data = withData ? [...partitions, ...(await dataOf(database)), ...(await countersOf(database))] : []
  return `${[...functions, ...sequences, ...tables, ...data, ...constraints, ...indexes, ...triggers].join('\n\n')}\n`
}

async function assertKnown(database: Database) {
  const { rows } = await database.query<{ what: string }>(`
    select 'relation ' || relname as what from pg_class
      where relnamespace = ${OURS} and relkind not in ('r', 'p', 'i', 'I', 'S')
    union all select 'type ' || typname from pg_type t
      where typnamespace = ${OURS} and typtype <> 'c' and typcategory <> 'A'
    union all select 'extension ' || extname from pg_extension where extname <> 'plpgsql'
    union all select 'column ' || attname from pg_attribute a join pg_class c on c.oid = attrelid
      where relnamespace = ${OURS} and relkind = 'r' and attnum > 0 and (attidentity <> '' or attgenerated <> '')
    union all select 'constraint ' || conname from pg_constraint
      where connamespace = ${OURS} and contype not in ('p', 'u', 'c', 'f', 'n')
    union all select 'row security of ' || relname from pg_class where relnamespace = ${OURS} and relrowsecurity`)
  if (rows.length > 0)
    throw new Error(`dump.ts does not know how to write these yet: ${rows.map(({ what }) => what).join(', ')}.`)
}

/** One statement for each table that holds something. */
async function dataOf(database: Database): Promise<string[]> {
  const { rows: tables } = await database.query<{
    name: string
    columns: string[]
    values: string[]
    keys: string | null
  }>(`
    select table_name::text as name, array_agg(quote_ident(column_name) order by ordinal_position) as columns,
      array_agg(case when udt_name = 'bytea'
        then format('case when %1$I is null then ''null'' else '
          || 'format(''decode(%%L, ''''base64'''')'', translate(encode(%1$I, ''base64''), E''\\n'', '''')) end',
          column_name)
        else format('quote_nullable(%I::text)', column_name) end order by ordinal_position) as values,
      (select string_agg(quote_ident(attname), ', ' order by array_position(indkey::int2[], attnum))
        from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
        where indisprimary and indrelid = format('%I', table_name)::regclass) as keys
    from information_schema.columns where ${WITH_DATA} group by table_name order by table_name`)
  const statements: string[] = []
  for (const { name, columns, values, keys } of tables) {
    const { rows } = await database.query<{ row: string }>(
      `select '(' || ${values.join(` || ', ' || `)} || ')' as row from "${name}" order by ${keys ?? 1}`,
    )
    if (rows.length > 0)
      statements.push(
        `insert into "${name}" (${columns.join(', ')}) values\n${rows.map(({ row }) => row).join(',\n')};`,
      )
  }
  return statements
}

async function countersOf(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ sequencename: string; last_value: string | null }>(
    "select sequencename, last_value from pg_sequences where schemaname = 'public' order by sequencename",
  )
  return rows
    .filter(({ last_value }) => last_value !== null)
    .map(({ sequencename, last_value }) => `select setval('${sequencename}', ${last_value});`)
}

/** @returns the address of a new database without any schema */
export async function emptyDatabase(): Promise<string> {
  const url = await newDatabase()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('drop schema public cascade; create schema public')
  await client.end()
  return url
}

/** Seconds since 1970 in what the playground's provider remembers. */
const PLAYGROUND_TIMES = ['exp', 'iat', 'iiat', 'loginTs', 'authTime']

/**
 * Restores a dump into an empty database, as if it had been made `ago` milliseconds before this moment:
 * what was open at its time, such as links and sessions, is open for as long again.
 *
 * @returns the milliseconds by which every time in it is later
 */
export async function restore(database: Database, sql: string, dumpedAt: Date, ago: number): Promise<number> {
  await database.query(sql)
  const shift = Date.now() - ago - dumpedAt.getTime()
  const { rows } = await database.query<{ table_name: string; columns: string[] }>(`
    select table_name, array_agg(column_name::text) as columns from information_schema.columns
    where ${WITH_DATA} and data_type = 'timestamp with time zone'
      -- What is sealed with its time stays as it is.
      and not exists (select from pg_trigger where tgname = table_name || '_append_only')
    group by table_name`)
  for (const { table_name, columns } of rows) {
    const changes = columns.map((column) => `"${column}" = "${column}" + make_interval(secs => $1::float8 / 1000)`)
    await database.query(`update "${table_name}" set ${changes.join(', ')}`, [shift])
  }
  await database.query(
    `update playground_record set payload = payload || coalesce(
      (select jsonb_object_agg(key, value::bigint + $1::bigint) from jsonb_each(payload) where key = any($2)), '{}')`,
    [Math.round(shift / 1000), PLAYGROUND_TIMES],
  )
  return shift
}
