/**
 * Pages of a list, newest first, with keyset cursors over (createdAt, id) that are opaque to callers. They are not
 * Relay connections, since Connection is a type of the domain.
 */
import type { EntityName, FilterQuery, QueryOrderMap } from '@mikro-orm/core'
import { type EntityManager, raw } from '@mikro-orm/postgresql'
import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql'
import { badInput } from './errors.js'

/** Items of a page, where its size is not asked for. */
export const USUAL_PAGE = 50
/** Items that a page may have. */
export const LARGEST_PAGE = 200

/** The argument of a list that is no page: its first items. */
@ArgsType()
export class FirstArgs {
  @Field(() => Int, { nullable: true, defaultValue: USUAL_PAGE })
  first?: number | null
}

/** Arguments of a list: number of items, and the cursor of the page before. */
@ArgsType()
export class PageArgs extends FirstArgs {
  @Field(() => String, { nullable: true })
  after?: string | null
}

/** One page of a list. */
export interface Page<T> {
  items: T[]
  /** Counted only when it is read. */
  readonly totalCount: Promise<number>
  endCursor: string | null
  hasNextPage: boolean
}

/** The base class of a page's GraphQL type; the class that extends it sets the type's name. */
export function pageOf<T extends object>(Item: ClassType<T>) {
  @ObjectType()
  abstract class PageType {
    @Field(() => [Item])
    readonly items!: T[]
    @Field(() => Int)
    readonly totalCount!: number
    @Field(() => String, { nullable: true })
    readonly endCursor!: string | null
    @Field(() => Boolean)
    readonly hasNextPage!: boolean
  }
  return PageType
}

interface Keyed {
  uuid: string
  createdAt: Date
}

/**
 * Reads one page of rows.
 *
 * @param where condition for the rows that the caller requests and may see
 * @param args `first` from 1 to 200; `after` a cursor of an earlier page
 * @throws {ValetkeyError} BAD_USER_INPUT for an invalid size or cursor
 */
export async function findPage<T extends Keyed>(
  em: EntityManager,
  entity: EntityName<T>,
  where: FilterQuery<T>,
  args: PageArgs,
): Promise<Page<T>> {
  const first = checkedSize(args)
  const rows = await em.find(entity, within(where, args), { orderBy: newestFirst<T>(), limit: first + 1 })
  return pageFrom(rows as T[], first, () => em.count(entity, where))
}

/** Rows that belong to parents: how to find the parents, and the rows of one. */
export interface Children<T> {
  /**
   * What the parents are read from, as SQL: it has one parameter, the JSON list of their keys, and calls itself
   * `parent` with a column `id`.
   */
  parents: string
  /** The condition that makes an `item` a child of a `parent`, as SQL. */
  belong: string
  /** Condition for the rows that the caller requests and may see. */
  where: FilterQuery<T>
}

/** Reads one page of the rows of each parent, in one statement. @throws {ValetkeyError} as `findPage` */
export async function findPages<T extends Keyed>(
  em: EntityManager,
  entity: EntityName<T>,
  children: Children<T>,
  keys: readonly string[],
  args: PageArgs,
): Promise<Page<T>[]> {
  const first = checkedSize(args)
  const where = within(children.where, args)
  const lists = await findLists(em, entity, { ...children, where }, keys, newestFirst<T>(), first + 1)
  let counts: Promise<number[]> | null = null
  return lists.map((rows, index) =>
    pageFrom(rows, first, async () => {
      counts ??= countEach(em, entity, children, keys)
      return (await counts)[index] ?? 0
    }),
  )
}

/** Reads the first rows of each parent, in one statement. @returns a list for each key, in their order */
export async function findLists<T extends object>(
  em: EntityManager,
  entity: EntityName<T>,
  { parents, belong, where }: Children<T>,
  keys: readonly string[],
  orderBy: QueryOrderMap<T>,
  limit: number,
): Promise<T[][]> {
  const item = em
    .createQueryBuilder(entity, 'item')
    .where(where as never)
    .andWhere(raw(belong))
    .orderBy(orderBy)
    .limit(limit)
  const rows = await perParent(em, parents, item.select('*'), keys)
  const byParent = Map.groupBy(rows, ({ parent_key: key }) => key)
  return keys.map((key) => (byParent.get(key) ?? []).map(({ parent_key: _, ...row }) => em.map(entity, row as never)))
}

/** Counts the rows of each parent, in one statement. @returns a number for each key, in their order */
export async function countEach<T extends object>(
  em: EntityManager,
  entity: EntityName<T>,
  { parents, belong, where }: Children<T>,
  keys: readonly string[],
): Promise<number[]> {
  const item = em
    .createQueryBuilder(entity, 'item')
    .where(where as never)
    .andWhere(raw(belong))
  const rows = await perParent(em, parents, item.select(raw('count(*)::int as count')), keys)
  const byParent = new Map(rows.map((row) => [row.parent_key, Number(row.count)]))
  return keys.map((key) => byParent.get(key) ?? 0)
}

function perParent(
  em: EntityManager,
  parents: string,
  items: { toQuery(): { sql: string; params: readonly unknown[] } },
  keys: readonly string[],
): Promise<({ parent_key: string } & Record<string, unknown>)[]> {
  const { sql, params } = items.toQuery()
  return em.execute(
    `select parent.id::text as parent_key, item.*
     from (select * from ${parents}) as parent cross join lateral (${sql}) as item`,
    [JSON.stringify([...new Set(keys)]), ...params],
  )
}

function newestFirst<T>(): QueryOrderMap<T> {
  return { createdAt: 'desc', uuid: 'desc' } as QueryOrderMap<T>
}

/** The condition for what comes after the cursor. @throws {ValetkeyError} BAD_USER_INPUT */
function within<T>(where: FilterQuery<T>, { after }: PageArgs): FilterQuery<T> {
  if (!after) return where
  const cursor = readCursor(after)
  const beyond = [{ createdAt: { $lt: cursor.createdAt } }, { createdAt: cursor.createdAt, uuid: { $lt: cursor.uuid } }]
  return { $and: [where, { $or: beyond }] } as FilterQuery<T>
}

/** @param rows one more than the page has, where there are more */
function pageFrom<T extends Keyed>(rows: readonly T[], first: number, count: () => Promise<number>): Page<T> {
  const items = rows.slice(0, first)
  const last = items.at(-1)
  return {
    items,
    get totalCount() {
      return count()
    },
    endCursor: last ? Buffer.from(`${last.createdAt.getTime()}.${last.uuid}`).toString('base64url') : null,
    hasNextPage: rows.length > first,
  }
}

/** One page of a list in memory; the cursor is the key of the last item. @throws {ValetkeyError} BAD_USER_INPUT */
export function slicePage<T extends { key: string }>(all: readonly T[], args: PageArgs): Page<T> {
  const first = checkedSize(args)
  const after = args.after
    ? all.findIndex(({ key }) => key === Buffer.from(args.after ?? '', 'base64url').toString())
    : -1
  if (args.after && after < 0) throw badInput('This is not a cursor of this list.', ['after'])
  const items = all.slice(after + 1, after + 1 + first)
  const last = items.at(-1)
  return {
    items,
    totalCount: Promise.resolve(all.length),
    endCursor: last ? Buffer.from(last.key).toString('base64url') : null,
    hasNextPage: after + 1 + first < all.length,
  }
}

/** @returns how many items are asked for @throws {ValetkeyError} BAD_USER_INPUT */
export function checkedSize(args: FirstArgs): number {
  const first = args.first ?? USUAL_PAGE
  if (first < 1 || first > LARGEST_PAGE) throw badInput(`A page has 1 to ${LARGEST_PAGE} items.`, ['first'])
  return first
}

function readCursor(cursor: string): { createdAt: Date; uuid: string } {
  const [, time, uuid] =
    /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(Buffer.from(cursor, 'base64url').toString()) ??
    []
  if (!time || !uuid) throw badInput('This is not a cursor of this list.', ['after'])
  return { createdAt: new Date(Number(time)), uuid }
}

/** Escapes `%`, `_` and `\` for a LIKE pattern. */
export function likeEscaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** The LIKE pattern of all texts that contain `search`. */
export function containing(search: string): string {
  return `%${likeEscaped(search)}%`
}
