import type { FilterQuery } from '@mikro-orm/core'
import { Arg, Args, Authorized, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql'
import { identifierLikes } from '../callers/caller.js'
import { Permission } from '../callers/permission.js'
import type { Context } from '../context.js'
import { findPage, type Page, PageArgs } from '../page.js'
import { AuditEventFilter } from './audit-event.input.js'
import { AuditEvent } from './audit-event.js'

@ObjectType()
export class AuditEventPage {
  @Field(() => [AuditEvent])
  readonly items!: AuditEvent[]
  @Field(() => String, { nullable: true })
  readonly endCursor!: string | null
  @Field(() => Boolean)
  readonly hasNextPage!: boolean
}

@Resolver()
export class AuditEventResolver {
  @Authorized(Permission.AUDIT_READ)
  @Query(() => AuditEventPage)
  auditEvents(
    @Arg('filter', () => AuditEventFilter, { nullable: true }) filter: AuditEventFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { em, caller }: Context,
  ): Promise<Page<AuditEvent>> {
    const where: FilterQuery<AuditEvent>[] = []
    if (filter?.action)
      where.push({
        action: filter.action.endsWith('.') ? { $like: `${filter.action.replace(/[\\%_]/g, '\\$&')}%` } : filter.action,
      })
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
}
