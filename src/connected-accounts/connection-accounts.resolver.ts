import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql'
import { Permission } from '../callers/permission.js'
import { Connection } from '../connections/connection.js'
import type { Connections } from '../connections/connections.js'
import type { Context } from '../context.js'
import { ValetkeyError } from '../errors.js'
import { findPage, type Page, PageArgs } from '../page.js'
import { ConnectedAccountFilter } from './connected-account.input.js'
import { AccountStatus, ConnectedAccount } from './connected-account.js'
import { ConnectedAccountPage } from './connected-account.resolver.js'
import type { ConnectedAccounts } from './connected-accounts.js'

/** What a connection has because accounts are on it. */
@Resolver(() => Connection)
export class ConnectionAccountsResolver {
  constructor(
    private readonly all: Connections,
    private readonly connectedAccounts: ConnectedAccounts,
  ) {}

  @FieldResolver(() => Int)
  accountCount(@Root() connection: Connection, @Ctx() { em, caller }: Context): Promise<number> {
    return em.count(ConnectedAccount, {
      $and: [{ connection: connection.uuid }, this.connectedAccounts.matching(caller, null)],
    })
  }

  @Authorized(Permission.ACCOUNTS_READ)
  @FieldResolver(() => ConnectedAccountPage)
  accounts(
    @Root() connection: Connection,
    @Arg('filter', () => ConnectedAccountFilter, { nullable: true }) filter: ConnectedAccountFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { em, caller }: Context,
  ): Promise<Page<ConnectedAccount>> {
    return findPage(
      em,
      ConnectedAccount,
      { $and: [{ connection: connection.uuid }, this.connectedAccounts.matching(caller, filter)] },
      page,
    )
  }

  @Authorized(Permission.ACCOUNTS_READ)
  @FieldResolver(() => ConnectedAccountPage, {
    description: 'Active accounts that lack a scope the connection now asks for.',
  })
  accountsNeedingConsent(
    @Root() connection: Connection,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { em, caller }: Context,
  ): Promise<Page<ConnectedAccount>> {
    const lacking = { $not: { grantedScopes: { $contains: connection.scopes } } }
    return findPage(
      em,
      ConnectedAccount,
      {
        $and: [
          { connection: connection.uuid, status: AccountStatus.ACTIVE },
          lacking,
          this.connectedAccounts.matching(caller, null),
        ],
      },
      page,
    )
  }

  @Authorized(Permission.CONNECTIONS_WRITE)
  @Mutation(() => Boolean, { description: 'Refused while accounts exist, unless disconnectAccounts is true.' })
  async deleteConnection(
    @Arg('connection', () => ID) nameOrId: string,
    @Arg('disconnectAccounts', () => Boolean, { nullable: true, defaultValue: false }) disconnectAccounts:
      | boolean
      | null,
    @Ctx() { em, caller, audit }: Context,
  ): Promise<boolean> {
    const connection = await this.all.find(em, caller, nameOrId)
    if (disconnectAccounts) {
      if (!caller.permissions.has(Permission.ACCOUNTS_WRITE) || caller.identifiers.length > 0)
        throw new ValetkeyError(
          'FORBIDDEN',
          'Disconnecting every account needs the permission ACCOUNTS_WRITE, and a key that is not bound to identifiers.',
        )
      // No new account while the old ones go.
      await em.transactional(async (em) => (await this.all.find(em, caller, nameOrId, true)).disabled(new Date()))
      for (const { id } of await em.find(ConnectedAccount, { connection: connection.uuid }, { fields: ['uuid'] })) {
        await this.connectedAccounts.end(em, caller, id, true, (em, account) =>
          audit.record(em, { action: 'account.deleted', connection: connection.name, identifier: account.identifier }),
        )
      }
    }
    await em.fork().transactional(async (em) => {
      const connection = await this.all.find(em, caller, nameOrId, true)
      const accounts = await em.count(ConnectedAccount, { connection: connection.uuid })
      if (accounts > 0)
        throw new ValetkeyError(
          'CONFLICT',
          `${accounts} connected ${accounts === 1 ? 'account is' : 'accounts are'} on ${connection.name}. Disconnect them first, or set disconnectAccounts to true.`,
        )
      audit.record(em, { action: 'connection.deleted', connection: connection.name })
      em.remove(connection)
    })
    return true
  }
}
