/**
 * Pages of a list, newest first: keyset cursors over (createdAt, id), opaque to callers. Not Relay
 * connections: a domain type already owns that word.
 */
import type { EntityName, FilterQuery, QueryOrderMap } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql'
import { badInput } from './errors.js'

const USUAL_PAGE = 50
const LARGEST_PAGE = 200

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: USUAL_PAGE })
  first?: number | null

  @Field(() => String, { nullable: true })
  after?: string | null
}

export interface Page<T> {
  items: T[]
  /** Counted only when it is asked for. */
  readonly totalCount: Promise<number>
  endCursor: string | null
  hasNextPage: boolean
}

/** The GraphQL type of a page of `Item`s; a class that extends it gives it its name. */
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
 * @param where which rows the caller may and wants to see
 * @param args `first` from 1 to 200; `after` a cursor of an earlier page
 * @throws {ValetkeyError} BAD_USER_INPUT for a size or a cursor that is none
 */
export async function findPage<T extends Keyed>(
  em: EntityManager,
  entity: EntityName<T>,
  where: FilterQuery<T>,
  args: PageArgs,
): Promise<Page<T>> {
  const first = checkedSize(args)
  const cursor = args.after ? readCursor(args.after) : null
  const beyond =
    cursor &&
    ({
      $or: [{ createdAt: { $lt: cursor.createdAt } }, { createdAt: cursor.createdAt, uuid: { $lt: cursor.uuid } }],
    } as FilterQuery<T>)
  const rows = await em.find(entity, (beyond ? { $and: [where, beyond] } : where) as FilterQuery<T>, {
    orderBy: { createdAt: 'desc', uuid: 'desc' } as QueryOrderMap<T>,
    limit: first + 1,
  })
  const items = rows.slice(0, first) as T[]
  const last = items.at(-1)
  return {
    items,
    get totalCount() {
      return em.count(entity, where)
    },
    endCursor: last ? Buffer.from(`${last.createdAt.getTime()}.${last.uuid}`).toString('base64url') : null,
    hasNextPage: rows.length > first,
  }
}

/** A page of a list that is in memory as a whole; the cursor is the key of the last item. */
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

function checkedSize(args: PageArgs): number {
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

/** A text as a part of a LIKE pattern: `%`, `_` and `\` mean themselves. */
export function likeEscaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** The LIKE pattern of everything that contains what a person searches for. */
export function containing(search: string): string {
  return `%${likeEscaped(search)}%`
}
