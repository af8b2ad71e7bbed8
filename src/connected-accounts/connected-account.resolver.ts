import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql'
import { ofJson } from '../complexity.js'
import { Connection } from '../connections/connection.js'
import type { Setups } from '../connections/setups.js'
import { FieldValue, fieldValues } from '../connectors/form.js'
import type { Context } from '../context.js'
import { type Page, PageArgs, pageOf } from '../page.js'
import { JSONObject } from '../scalars.js'
import type { AccountChange, WatchingContext } from './account-changes.js'
import { ConnectedAccountFilter } from './connected-account.input.js'
import { ConnectedAccount, ProviderIdentity } from './connected-account.js'
import type { ConnectedAccounts } from './connected-accounts.js'
import { LARGEST_METADATA } from './metadata.js'

/** A page of connected accounts. */
@ObjectType()
export class ConnectedAccountPage extends pageOf(ConnectedAccount) {}

/** GraphQL operations of connected accounts that need no credential. */
@Resolver(() => ConnectedAccount)
export class ConnectedAccountResolver {
  constructor(
    private readonly accounts: ConnectedAccounts,
    private readonly setups: Setups,
  ) {}

  @Query(() => ConnectedAccountPage)
  connectedAccounts(
    @Arg('filter', () => ConnectedAccountFilter, { nullable: true }) filter: ConnectedAccountFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Page<ConnectedAccount>> {
    return this.accounts.list(context, filter, page)
  }

  @Query(() => ConnectedAccount, {
    nullable: true,
    description: 'By connection (name or id) and identifier, or by id alone.',
  })
  connectedAccount(
    @Arg('connection', () => ID, { nullable: true }) connection: string | null,
    @Arg('identifier', () => String, { nullable: true }) identifier: string | null,
    @Arg('id', () => ID, { nullable: true }) id: string | null,
    @Ctx() context: Context,
  ): Promise<ConnectedAccount | null> {
    return this.accounts.one(context, {
      connection: connection ?? null,
      identifier: identifier ?? null,
      id: id ?? null,
    })
  }

  @Mutation(() => ConnectedAccount)
  suspendConnectedAccount(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<ConnectedAccount> {
    return this.accounts.suspend(context, id)
  }

  @Mutation(() => ConnectedAccount)
  resumeConnectedAccount(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<ConnectedAccount> {
    return this.accounts.resume(context, id)
  }

  @FieldResolver(() => Connection)
  connection(@Root() account: ConnectedAccount, @Ctx() context: Context): Promise<Connection> {
    return this.accounts.connectionOf(context, account)
  }

  @FieldResolver(() => JSONObject, {
    description: "The application's own notes on the account; replaced as a whole.",
    complexity: ofJson(LARGEST_METADATA),
  })
  metadata(@Root() account: ConnectedAccount, @Ctx() context: Context): Promise<Record<string, unknown>> {
    return this.accounts.metadataOf(context, account)
  }

  @FieldResolver(() => ProviderIdentity, { nullable: true, description: 'Who the provider says this is.' })
  providerIdentity(@Root() account: ConnectedAccount, @Ctx() context: Context): Promise<ProviderIdentity | null> {
    return this.accounts.identityOf(context, account)
  }

  @FieldResolver(() => [String], {
    description: 'Scopes that were asked for, or that the connection asks for by now, and that are not granted.',
  })
  async missingScopes(@Root() account: ConnectedAccount): Promise<string[]> {
    const { scopes } = await account.connection.loadOrFail()
    return account.missingOf([...new Set([...account.requestedScopes, ...scopes])])
  }

  @FieldResolver(() => [FieldValue], {
    description: 'Values of the account form. For secret ones only isSet is returned.',
  })
  async fields(@Root() account: ConnectedAccount): Promise<FieldValue[]> {
    const { accountFields } = this.setups.methodOf(await account.connection.loadOrFail())
    return fieldValues(accountFields, account.values, account.secretsSet)
  }

  @Subscription(() => ConnectedAccount, {
    description:
      'Sends the account at once, and again after every change of its status or granted scopes. Served at ' +
      '/graphql/stream as server-sent events; ends after fifteen minutes, and the client then subscribes again.',
    subscribe: ({ args, context }) => watch(context as WatchingContext, args),
  })
  connectedAccountChanged(
    @Arg('connection', () => ID) _connection: string,
    @Arg('identifier', () => String) _identifier: string,
    @Root() change: AccountChange,
    @Ctx() context: WatchingContext,
  ): Promise<ConnectedAccount> {
    return context.changes.latest(context, change)
  }
}

function watch(context: WatchingContext, args: Record<string, unknown>) {
  return context.changes.watch(context, String(args.connection), String(args.identifier))
}
