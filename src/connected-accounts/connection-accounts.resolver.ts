import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { Connection } from '../connections/connection.js'
import type { Context } from '../context.js'
import { type Page, PageArgs } from '../page.js'
import { ConnectedAccountFilter } from './connected-account.input.js'
import type { ConnectedAccount } from './connected-account.js'
import { ConnectedAccountPage } from './connected-account.resolver.js'
import type { ConnectedAccounts } from './connected-accounts.js'

/** What a connection has because accounts are on it. */
@Resolver(() => Connection)
export class ConnectionAccountsResolver {
  constructor(private readonly all: ConnectedAccounts) {}

  @FieldResolver(() => Int)
  accountCount(@Root() connection: Connection, @Ctx() context: Context): Promise<number> {
    return this.all.count(context, connection)
  }

  @FieldResolver(() => ConnectedAccountPage)
  accounts(
    @Root() connection: Connection,
    @Arg('filter', () => ConnectedAccountFilter, { nullable: true }) filter: ConnectedAccountFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Page<ConnectedAccount>> {
    return this.all.ofConnection(context, connection, filter, page)
  }

  @FieldResolver(() => ConnectedAccountPage, {
    description: 'Active accounts that lack a scope the connection now asks for.',
  })
  accountsNeedingConsent(
    @Root() connection: Connection,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Page<ConnectedAccount>> {
    return this.all.needingConsent(context, connection, page)
  }
}
