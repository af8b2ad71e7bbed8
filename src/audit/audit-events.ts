/** Reads the audit log. */
import type { FilterQuery } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { identifierLikes } from '../callers/caller.js'
import type { Context } from '../context.js'
import { findPage, likeEscaped, type Page, type PageArgs } from '../page.js'
import type { AuditEventFilter } from './audit-event.input.js'
import { AuditEvent } from './audit-event.js'

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
  const { caller, em } = context
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
  return findPage(em, AuditEvent, { $and: where }, page)
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
