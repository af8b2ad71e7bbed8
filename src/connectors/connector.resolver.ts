import { Arg, Args, Ctx, ID, ObjectType, Query, Resolver } from 'type-graphql'
import type { Context } from '../context.js'
import { type Page, PageArgs, pageOf } from '../page.js'
import { ConnectorFilter } from './connector.input.js'
import { Connector } from './connector.js'
import type { Connectors } from './connectors.js'

@ObjectType()
export class ConnectorPage extends pageOf(Connector) {}

@Resolver(() => Connector)
export class ConnectorResolver {
  constructor(private readonly all: Connectors) {}

  @Query(() => ConnectorPage)
  connectors(
    @Arg('filter', () => ConnectorFilter, { nullable: true }) filter: ConnectorFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Page<Connector>> {
    return this.all.list(context, filter, page)
  }

  @Query(() => Connector, { nullable: true })
  connector(@Arg('key', () => ID) key: string, @Ctx() context: Context): Promise<Connector | null> {
    return this.all.one(context, key)
  }
}
