import type { Pool, PoolClient } from 'pg'
import { type Place, SealBroken, type Vault } from './vault.js'

/** A table with sealed values, for those who open all of them: to seal them anew, or to see whether they open. */
export interface SealedTable {
  table: string
  /** Columns of the primary key, with their types. */
  key: Readonly<Record<string, 'uuid' | 'integer'>>
  columns: readonly string[]
  /** Other columns that `place` needs. */
  also?: readonly string[]
  /** @param row the columns of `key` and `also` */
  place(row: Readonly<Record<string, unknown>>, column: string): Place
}

/** A sealed value with where it is. */
export interface SealedValue {
  key: unknown[]
  column: string
  place: Place
  sealed: Buffer
}

/** How far a reading of a table has come: the primary key of the last row; null at the beginning. */
export type Cursor = readonly unknown[] | null

/** A value that cannot be opened. */
export interface BrokenValue {
  table: string
  row: string
  column: string
  reason: string
}

/** The id of the data key that a value is sealed with, as SQL. */
const keyIdOf = (column: string) => `encode(substring(${column} from 2 for 16), 'hex')`
const hex = (id: string) => id.replaceAll('-', '')

/**
 * Reads the next values of a table, in the order of its primary key.
 *
 * @param options `otherThan`: only rows with a value that another data key than this one sealed; `lock`: locks the rows
 *   until the transaction ends, and leaves out those that others have locked
 * @returns the values, and where to go on; null at the end
 */
export async function nextValues(
  client: Pool | PoolClient,
  { table, key, columns, also = [], place }: SealedTable,
  after: Cursor,
  atOnce: number,
  { otherThan, lock = false }: { otherThan?: string; lock?: boolean } = {},
): Promise<{ values: SealedValue[]; cursor: Cursor }> {
  const keys = Object.keys(key)
  const places = Object.values(key).map((type, i) => `$${i + 2}::${type}`)
  const conditions = [
    after && `(${keys.join(', ')}) > (${places.join(', ')})`,
    otherThan && `(${columns.map((column) => `${keyIdOf(column)} <> $1`).join(' or ')})`,
  ].filter(Boolean)
  const { rows } = await client.query(
    `select ${[...keys, ...also, ...columns].join(', ')} from ${table}
     where $1::text is not null ${conditions.map((condition) => `and ${condition}`).join(' ')}
     order by ${keys.join(', ')} limit ${atOnce} ${lock ? 'for no key update skip locked' : ''}`,
    [hex(otherThan ?? ''), ...(after ?? [])],
  )
  const values = rows.flatMap((row) =>
    columns
      .filter((column) => row[column] !== null)
      .map((column) => ({
        key: keys.map((name) => row[name]),
        column,
        place: place(row, column),
        sealed: row[column] as Buffer,
      })),
  )
  const last = rows.at(-1)
  return { values, cursor: last && rows.length === atOnce ? keys.map((name) => last[name]) : null }
}

/** Replaces values of rows that the transaction has locked. */
export async function putValues(
  client: PoolClient,
  { table, key, columns }: SealedTable,
  values: readonly SealedValue[],
) {
  const keys = Object.keys(key)
  for (const column of columns) {
    const ofColumn = values.filter((value) => value.column === column)
    if (ofColumn.length === 0) continue
    const arrays = Object.values(key).map((type, i) => `$${i + 2}::${type}[]`)
    await client.query(
      `update ${table} set ${column} = new.sealed
       from unnest($1::bytea[], ${arrays.join(', ')}) as new (sealed, ${keys.join(', ')})
       where ${keys.map((name) => `${table}.${name} = new.${name}`).join(' and ')}`,
      [ofColumn.map(({ sealed }) => sealed), ...keys.map((_, i) => ofColumn.map((value) => value.key[i]))],
    )
  }
}

/** Counts values by the data key that sealed them. @returns numbers by the key's id and the table's name */
export async function countByDataKey(client: Pool | PoolClient, tables: readonly SealedTable[]) {
  const counts = new Map<string, Record<string, number>>()
  for (const { table, columns } of tables)
    for (const column of columns) {
      const { rows } = await client.query(
        `select ${keyIdOf(column)}::uuid::text as id, count(*)::int as count from ${table}
         where length(${column}) > 17 group by 1`,
      )
      for (const { id, count } of rows) {
        const ofKey = counts.get(id) ?? {}
        ofKey[table] = (ofKey[table] ?? 0) + count
        counts.set(id, ofKey)
      }
    }
  return counts
}

/** Opens a value. @returns the plaintext, or why it cannot be opened */
export function tryOpen(vault: Vault, table: string, { column, place, sealed }: SealedValue): string | BrokenValue {
  try {
    return vault.open(sealed, place)
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    return { table, row: place.row, column, reason: error.message }
  }
}
