import { Arg, Args, Authorized, ID, ObjectType, Query, Resolver } from 'type-graphql'
import { type Page, PageArgs, pageOf, slicePage } from '../page.js'
import type { Catalogue } from './catalogue.js'
import { ConnectorFilter } from './connector.input.js'
import { Connector } from './connector.js'

@ObjectType()
export class ConnectorPage extends pageOf(Connector) {}

@Resolver(() => Connector)
export class ConnectorResolver {
  constructor(private readonly catalogue: Catalogue) {}

  @Authorized()
  @Query(() => ConnectorPage)
  connectors(
    @Arg('filter', () => ConnectorFilter, { nullable: true }) filter: ConnectorFilter | null,
    @Args(() => PageArgs) page: PageArgs,
  ): Page<Connector> {
    const search = filter?.search?.toLowerCase()
    const found = this.catalogue
      .all()
      .filter(
        (connector) =>
          (!search ||
            [connector.key, connector.name.toLowerCase(), connector.description?.toLowerCase() ?? ''].some((text) =>
              text.includes(search),
            )) &&
          (!filter?.category || connector.categories.includes(filter.category)) &&
          (!filter?.authType || connector.authMethods.some(({ type }) => type === filter.authType)) &&
          (!filter?.origin || connector.origin === filter.origin),
      )
    return slicePage(found, page)
  }

  @Authorized()
  @Query(() => Connector, { nullable: true })
  connector(@Arg('key', () => ID) key: string): Connector | null {
    return this.catalogue.get(key) ?? null
  }
}
