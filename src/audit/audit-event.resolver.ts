import { Arg, Args, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql'
import type { Context } from '../context.js'
import { type Page, PageArgs } from '../page.js'
import { AuditEventFilter } from './audit-event.input.js'
import { AuditEvent } from './audit-event.js'
import { listAuditEvents } from './audit-events.js'

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
  @Query(() => AuditEventPage)
  auditEvents(
    @Arg('filter', () => AuditEventFilter, { nullable: true }) filter: AuditEventFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Page<AuditEvent>> {
    return listAuditEvents(context, filter, page)
  }
}
