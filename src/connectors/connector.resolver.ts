import { Arg, Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql'
import type { Context } from '../context.js'
import { type Page, PageArgs, pageOf } from '../page.js'
import { GraphQLURL } from '../scalars.js'
import { ConnectorFilter } from './connector.input.js'
import { Connector } from './connector.js'
import type { Connectors } from './connectors.js'

/** A page of connectors. */
@ObjectType()
export class ConnectorPage extends pageOf(Connector) {}

/** GraphQL queries of the catalogue. */
@Resolver(() => Connector)
export class ConnectorResolver {
  /** @param base the path of this server's addresses */
  constructor(
    private readonly all: Connectors,
    private readonly base: string,
  ) {}

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

  @FieldResolver(() => GraphQLURL)
  iconUrl(@Root() { iconUrl }: Connector): string {
    return `${this.base}${iconUrl}`
  }
}
