/** Reads the audit log. */
import type { FilterQuery } from '@mikro-orm/core'
import { type EntityManager, raw } from '@mikro-orm/postgresql'
import { type Caller, identifierLikes } from '../callers/caller.js'
import type { Context } from '../context.js'
import { badInput } from '../errors.js'
import { toTypeId } from '../ids.js'
import { findPage, likeEscaped, type Page, type PageArgs } from '../page.js'
import type { AuditEventFilter } from './audit-event.input.js'
import { AuditEvent } from './audit-event.js'
import { utc } from './chain.js'

/**
 * Lists events, newest first. A caller that is bound to connections or identifiers gets only their events.
 *
 * @param filter conditions that all have to hold; null means every event
 * @throws {ValetkeyError} FORBIDDEN; BAD_USER_INPUT for an invalid page
 */
export async function listAuditEvents(
  context: Context,
  filter: AuditEventFilter | null,
  page: PageArgs,
): Promise<Page<AuditEvent>> {
  await context.authorize('Query.auditEvents')
  return findPage(context.em, AuditEvent, { $and: await conditionsOf(context.em, context.caller, filter) }, page)
}

/** One event as it is exported, and where to go on after it. */
export interface ExportedEvent {
  id: string
  at: string
  action: string
  outcome: string
  actor: string
  connection: string | null
  identifier: string | null
  purpose: string | null
  ipAddress: string | null
  details: Record<string, unknown>
  cursor: string
}

/** Events that are read at once for an export. */
const EXPORTED_AT_ONCE = 500
const BEGINNING = '0.0001-01-01T00:00:00.000Z.00000000-0000-0000-0000-000000000000'

/**
 * Reads events for an export, in the order in which they were stored. What a cursor was given for is complete: no event
 * appears before it later. A caller that is bound to connections or identifiers gets only their events.
 *
 * @param after the cursor of the last event that the caller has; null to begin with the first
 * @returns pages of events, each read when it is asked for; the first is read already
 * @throws {ValetkeyError} FORBIDDEN; BAD_USER_INPUT for an invalid cursor
 */
export async function exportAuditEvents(
  context: Context,
  filter: Pick<AuditEventFilter, 'since' | 'until'>,
  after: string | null,
): Promise<AsyncGenerator<ExportedEvent[]>> {
  await context.authorize('GET /audit/export')
  let place = readPlace(after)
  const next = async () => {
    const events = (place[0] === '0' && (await nextOf(context, filter, place, true))) || []
    return events.length > 0 ? events : nextOf(context, filter, place, false)
  }
  const first = await next()
  return (async function* pages() {
    for (let events = first; events.length > 0; events = await next()) {
      place = readPlace((events.at(-1) as ExportedEvent).cursor)
      yield events
    }
  })()
}

/** @param before whether those from before transactions were stored with them, which come first */
async function nextOf(
  { em, caller }: Context,
  filter: Pick<AuditEventFilter, 'since' | 'until'>,
  [tx, at, id]: Place,
  before: boolean,
): Promise<ExportedEvent[]> {
  const beyond = before
    ? raw('event.tx = 0 and (event.at, event.id) > (?::timestamptz, ?::uuid)', [at, id])
    : raw(
        // Of a transaction that is under way, events may still come.
        `event.tx > 0 and event.tx >= ? and (event.tx, event.at, event.id) > (?::bigint, ?::timestamptz, ?::uuid)
        and event.tx < (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + tx_offset from audit_setting)`,
        [tx, tx, at, id],
      )
  const { sql, params } = em
    .createQueryBuilder(AuditEvent, 'event')
    .select(raw(`event.*, ${utc('event.at')} as utc, event.tx::text as tx_text`))
    .where({ $and: await conditionsOf(em, caller, filter) } as never)
    .andWhere(beyond)
    .toQuery()
  const rows: Row[] = await em.execute(`${sql} order by event.tx, event.at, event.id limit ${EXPORTED_AT_ONCE}`, [
    ...params,
  ])
  return rows.map(({ id, utc: at, tx_text: tx, action, outcome, actor, connection, identifier, purpose, ...row }) => ({
    ...{ id: toTypeId('evt', id), at, action, outcome, actor, connection, identifier, purpose },
    ipAddress: row.ip_address,
    details: row.details,
    cursor: Buffer.from(`${tx}.${at}.${id}`).toString('base64url'),
  }))
}

interface Row extends Omit<ExportedEvent, 'at' | 'ipAddress' | 'cursor'> {
  utc: string
  tx_text: string
  ip_address: string | null
}

type Place = [tx: string, at: string, id: string]

function readPlace(cursor: string | null): Place {
  const text = cursor === null ? BEGINNING : Buffer.from(cursor, 'base64url').toString()
  const [, tx, at, id] =
    /^(\d{1,18})\.(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
      text,
    ) ?? []
  if (!tx || !at || !id || Number.isNaN(Date.parse(at)))
    throw badInput('This is not a cursor of this export.', ['after'])
  return [tx, at, id]
}

/** The conditions of a filter, and of what the caller is bound to. */
async function conditionsOf(
  em: EntityManager,
  caller: Caller,
  filter: AuditEventFilter | null,
): Promise<FilterQuery<AuditEvent>[]> {
  const where: FilterQuery<AuditEvent>[] = []
  if (filter?.action)
    where.push({ action: filter.action.endsWith('.') ? { $like: `${likeEscaped(filter.action)}%` } : filter.action })
  if (filter?.connection) where.push({ connection: filter.connection })
  if (filter?.identifier) where.push({ identifier: filter.identifier })
  if (filter?.actor) where.push({ actor: filter.actor })
  if (filter?.since) where.push({ createdAt: { $gte: storableTime(filter.since) } })
  if (filter?.until) where.push({ createdAt: { $lt: storableTime(filter.until) } })
  if (caller.connections.length > 0) where.push({ $or: await eventsOf(em, caller.connections) })
  if (caller.identifiers.length > 0)
    where.push({ $or: identifierLikes(caller).map((like) => ({ identifier: { $like: like } })) })
  return where
}

/** Events name a connection, and a name may have been another connection's before. */
async function eventsOf(em: EntityManager, uuids: readonly string[]): Promise<FilterQuery<AuditEvent>[]> {
  const rows = await em.execute<{ name: string; created_at: string }[]>(
    `select name, created_at from connection where id in (${uuids.map(() => '?').join()})`,
    [...uuids],
  )
  if (rows.length === 0) return [{ connection: null, action: '' }]
  return rows.map(({ name, created_at }) => ({ connection: name, createdAt: { $gte: new Date(created_at) } }))
}

/** PostgreSQL takes no year before 1 as JavaScript writes it. No event is older than 1970. */
function storableTime(time: Date): Date {
  return new Date(Math.max(0, time.getTime()))
}
