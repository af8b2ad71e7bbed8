/** The audit log as its readers see it. */
import type { FilterQuery } from '@mikro-orm/core'
import { identifierLikes } from '../callers/caller.js'
import type { Context } from '../context.js'
import { findPage, likeEscaped, type Page, type PageArgs } from '../page.js'
import type { AuditEventFilter } from './audit-event.input.js'
import { AuditEvent } from './audit-event.js'

/**
 * Events that a filter names, newest first, as far as the caller is bound to what they are about.
 *
 * @throws {ValetkeyError} FORBIDDEN; BAD_USER_INPUT for a page that cannot be
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
  if (filter?.since) where.push({ createdAt: { $gte: filter.since } })
  if (filter?.until) where.push({ createdAt: { $lt: filter.until } })
  if (caller.connections.length > 0) where.push({ connection: { $in: [...caller.connections] } })
  if (caller.identifiers.length > 0)
    where.push({ $or: identifierLikes(caller).map((like) => ({ identifier: { $like: like } })) })
  return findPage(em, AuditEvent, { $and: where }, page)
}
