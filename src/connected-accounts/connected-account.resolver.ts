import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
  Subscription,
} from 'type-graphql'
import { Permission } from '../callers/permission.js'
import { Connection } from '../connections/connection.js'
import type { Connections } from '../connections/connections.js'
import type { FieldValueInput } from '../connectors/form.input.js'
import { FieldValue, fieldValues } from '../connectors/form.js'
import type { Context, WatchingContext } from '../context.js'
import { badInput, ValetkeyError } from '../errors.js'
import { toTypeId } from '../ids.js'
import { findPage, type Page, PageArgs, pageOf } from '../page.js'
import type { Refresher } from '../refresh/refresh.js'
import { assertFirstRead, type Tokens } from '../tokens/token.js'
import { type TokenAnswer, TokenResult } from '../tokens/token-result.js'
import {
  ConnectedAccountFilter,
  CreateConnectedAccountInput,
  UpdateConnectedAccountInput,
} from './connected-account.input.js'
import { ConnectedAccount } from './connected-account.js'
import type { ConnectedAccounts } from './connected-accounts.js'

@ObjectType()
export class ConnectedAccountPage extends pageOf(ConnectedAccount) {}

export enum Revocation {
  REVOKED = 'REVOKED',
  NOT_SUPPORTED = 'NOT_SUPPORTED',
  FAILED = 'FAILED',
  NOTHING_TO_REVOKE = 'NOTHING_TO_REVOKE',
}
registerEnumType(Revocation, {
  name: 'Revocation',
  valuesConfig: {
    NOT_SUPPORTED: {
      description: "The provider offers no way to revoke; the user can remove the app in the provider's settings.",
    },
    FAILED: { description: 'Tried, and refused or unreachable.' },
  },
})

@ObjectType({ description: 'What became of the tokens of an account that was ended.' })
export class DisconnectedAccount {
  @Field(() => ID)
  readonly id!: string
  @Field(() => String)
  readonly identifier!: string
  @Field(() => Revocation)
  readonly revocation!: Revocation
  @Field(() => String, { nullable: true })
  readonly message!: string | null
}

/** Seconds that a token lasts at the least when a query says nothing. */
const USUAL_VALIDITY = 60

@Resolver(() => ConnectedAccount)
export class ConnectedAccountResolver {
  constructor(
    private readonly accounts: ConnectedAccounts,
    private readonly connections: Connections,
    private readonly tokens: Tokens,
    private readonly refresher: Refresher,
  ) {}

  @Authorized(Permission.ACCOUNTS_READ)
  @Query(() => ConnectedAccountPage)
  connectedAccounts(
    @Arg('filter', () => ConnectedAccountFilter, { nullable: true }) filter: ConnectedAccountFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { em, caller }: Context,
  ): Promise<Page<ConnectedAccount>> {
    return findPage(em, ConnectedAccount, this.accounts.matching(caller, filter), page)
  }

  @Authorized(Permission.ACCOUNTS_READ, Permission.TOKENS_READ)
  @Query(() => ConnectedAccount, {
    nullable: true,
    description: 'By connection (name or id) and identifier, or by id alone.',
  })
  async connectedAccount(
    @Arg('connection', () => ID, { nullable: true }) connection: string | null,
    @Arg('identifier', () => String, { nullable: true }) identifier: string | null,
    @Arg('id', () => ID, { nullable: true }) id: string | null,
    @Ctx() { em, caller }: Context,
  ): Promise<ConnectedAccount | null> {
    if (id == null && (connection == null || identifier == null))
      throw badInput('Give a connection and an identifier, or an id.', [
        connection == null ? 'connection' : 'identifier',
      ])
    try {
      if (id == null) return await this.accounts.byIdentifier(em, caller, connection as string, identifier as string)
      const account = await this.accounts.byId(em, caller, id)
      const { name, id: connectionId } = account.connection.unwrap()
      if (identifier != null && identifier !== account.identifier)
        throw badInput('The id and the identifier belong to different accounts; give one of them.', ['identifier'])
      if (connection != null && connection !== name && connection !== connectionId)
        throw badInput('The account with this id is on another connection; give one of them.', ['connection'])
      return account
    } catch (error) {
      return nullWhereNotFound(error)
    }
  }

  @Authorized(Permission.ACCOUNTS_WRITE)
  @Mutation(() => ConnectedAccount, {
    description:
      'Creates the account, or returns the one that is already there. With credentials it is ACTIVE at once.',
  })
  async createConnectedAccount(
    @Arg('input', () => CreateConnectedAccountInput) input: CreateConnectedAccountInput,
    @Ctx() context: Context,
  ): Promise<ConnectedAccount> {
    const { em, caller, audit } = context
    const tried =
      input.oauth2 == null ? await this.tryFields(context, input.connection, input.identifier, input.fields) : null
    return em.fork().transactional(async (em) => {
      const connection = await this.connections.find(em, caller, input.connection)
      const { account, created } = await this.accounts.findOrCreate(em, caller, connection, input.identifier)
      await this.accounts.update(em, account, connection, input, tried, new Date())
      const about = { connection: connection.name, identifier: account.identifier }
      if (created) audit.record(em, { action: 'account.created', ...about })
      if (input.oauth2 || tried) audit.record(em, { action: 'account.imported', ...about })
      return account
    })
  }

  @Authorized(Permission.ACCOUNTS_WRITE)
  @Mutation(() => ConnectedAccount)
  async updateConnectedAccount(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateConnectedAccountInput) input: UpdateConnectedAccountInput,
    @Ctx() context: Context,
  ): Promise<ConnectedAccount> {
    const existing = await this.accounts.byId(context.em, context.caller, id)
    const tried =
      input.fields == null
        ? null
        : await this.accounts.tryFields(context.em, existing.connection.unwrap(), existing, input.fields)
    return this.change(context, id, input.oauth2 || tried ? 'account.imported' : 'account.updated', (account, em) =>
      this.accounts.update(em, account, account.connection.unwrap(), input, tried, new Date()),
    )
  }

  @Authorized(Permission.ACCOUNTS_WRITE)
  @Mutation(() => ConnectedAccount)
  suspendConnectedAccount(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<ConnectedAccount> {
    return this.change(context, id, 'account.suspended', (account) => account.suspended(new Date()))
  }

  @Authorized(Permission.ACCOUNTS_WRITE)
  @Mutation(() => ConnectedAccount)
  resumeConnectedAccount(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<ConnectedAccount> {
    return this.change(context, id, 'account.resumed', (account) => account.resumed(new Date()))
  }

  @Authorized(Permission.ACCOUNTS_WRITE)
  @Mutation(() => ConnectedAccount, {
    description:
      'Refreshes now, whatever the token still lasts. A grant that the provider refuses is seen in the status; a provider that cannot be reached is an error.',
  })
  async refreshConnectedAccount(
    @Arg('id', () => ID) id: string,
    @Ctx() { em, caller, audit }: Context,
  ): Promise<ConnectedAccount> {
    const account = await this.accounts.byId(em, caller, id)
    const about = { connection: account.connection.unwrap().name, identifier: account.identifier }
    const [row] = await em.execute<{ version: number }[]>('select version from credential where account_id = ?', [
      account.uuid,
    ])
    if (!row || account.status !== 'ACTIVE')
      throw new ValetkeyError('CONFLICT', `There is nothing to refresh: the account's status is ${account.status}.`)
    const result = await this.refresher.refresh(account.uuid, account.connection.unwrap(), row.version)
    audit.record(em, { action: 'account.refreshed', ...about, details: { result: result.kind } })
    await em.flush()
    if (result.kind === 'unavailable')
      throw new ValetkeyError(
        'PROVIDER_UNAVAILABLE',
        `${result.reason} Try again in ${result.retryAfter} s; the account is untouched.`,
      )
    if (result.kind === 'misconfigured') throw new ValetkeyError('CONNECTION_UNAVAILABLE', result.problem)
    return em.refreshOrFail(account)
  }

  @Authorized(Permission.ACCOUNTS_WRITE)
  @Mutation(() => DisconnectedAccount, {
    description: 'Revokes at the provider where it can, erases the credentials, keeps the record.',
  })
  disconnectConnectedAccount(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<DisconnectedAccount> {
    return this.end(context, id, false)
  }

  @Authorized(Permission.ACCOUNTS_WRITE)
  @Mutation(() => DisconnectedAccount, { description: 'Disconnects, and removes the record.' })
  deleteConnectedAccount(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<DisconnectedAccount> {
    return this.end(context, id, true)
  }

  @Authorized(Permission.CONNECTIONS_READ)
  @FieldResolver(() => Connection)
  connection(@Root() account: ConnectedAccount): Promise<Connection> {
    return account.connection.loadOrFail()
  }

  @FieldResolver(() => [FieldValue], {
    description: 'Values of the account form. Secret ones say only that they are set.',
  })
  async fields(@Root() account: ConnectedAccount): Promise<FieldValue[]> {
    const connection = await account.connection.loadOrFail()
    return fieldValues(this.connections.kind(connection).method.accountFields, account.values, account.secretsSet)
  }

  @Authorized(Permission.TOKENS_READ)
  @FieldResolver(() => TokenResult, {
    description:
      'The credential to call the provider with, refreshed first when it would not last minValidity seconds.',
  })
  async token(
    @Root() account: ConnectedAccount,
    @Arg('minValidity', () => Int, { nullable: true, defaultValue: USUAL_VALIDITY, description: 'Seconds.' })
    minValidity: number | null,
    @Arg('scopes', () => [String], { nullable: true, description: 'Scopes that the token must have.' }) scopes:
      | string[]
      | null,
    @Arg('rejected', () => String, {
      nullable: true,
      description:
        'The access token that the provider has just refused with 401. If it is still the current one it is renewed first; if not, the current one is the answer.',
    })
    rejected: string | null,
    @Arg('purpose', () => String, { nullable: true, description: 'What for, in your words; kept in the audit log.' })
    purpose: string | null,
    @Ctx() context: Context,
  ): Promise<TokenAnswer> {
    assertFirstRead(context)
    const connection = await account.connection.loadOrFail()
    return this.tokens.read(
      context.em,
      account,
      connection,
      {
        minValidity: minValidity ?? USUAL_VALIDITY,
        scopes: scopes ?? null,
        rejected: rejected ?? null,
        purpose: purpose ?? null,
      },
      context.audit,
    )
  }

  @Authorized(Permission.ACCOUNTS_READ)
  @Subscription(() => ConnectedAccount, {
    description:
      'Every change of status, at once; the account as it is now comes first. Served at /graphql/stream as server-sent events; ends after fifteen minutes, to be asked for again.',
    subscribe: ({ args, context }) =>
      (context as WatchingContext).watchAccount(String(args.connection), String(args.identifier)),
  })
  async connectedAccountChanged(
    @Arg('connection', () => ID) _connection: string,
    @Arg('identifier', () => String) _identifier: string,
    @Root() { account }: { account: string },
    @Ctx() { em, caller }: Context,
  ): Promise<ConnectedAccount> {
    return this.accounts.byId(em.fork(), caller, toTypeId('acct', account))
  }

  private async tryFields(
    { em, caller }: Context,
    nameOrId: string,
    identifier: string,
    fields: FieldValueInput[] | null | undefined,
  ) {
    const connection = await this.connections.find(em, caller, nameOrId)
    const existing = await this.accounts.byIdentifier(em, caller, nameOrId, identifier).catch(nullWhereNotFound)
    return this.accounts.tryFields(em, connection, existing, fields)
  }

  private async change(
    { em, caller, audit }: Context,
    id: string,
    action: string,
    act: (account: ConnectedAccount, em: Context['em']) => void | Promise<void>,
  ): Promise<ConnectedAccount> {
    return em.fork().transactional(async (em) => {
      const account = await this.accounts.byId(em, caller, id, true)
      await act(account, em)
      audit.record(em, { action, connection: account.connection.unwrap().name, identifier: account.identifier })
      return account
    })
  }

  private async end({ em, caller, audit }: Context, id: string, remove: boolean): Promise<DisconnectedAccount> {
    const { account, revocation } = await this.accounts.end(em, caller, id, remove, (em, account) =>
      audit.record(em, {
        action: remove ? 'account.deleted' : 'account.disconnected',
        connection: account.connection.unwrap().name,
        identifier: account.identifier,
      }),
    )
    return {
      id: account.id,
      identifier: account.identifier,
      revocation: Revocation[revocation.outcome],
      message: revocation.outcome === 'FAILED' ? revocation.message : null,
    }
  }
}

function nullWhereNotFound(error: unknown): null {
  if (error instanceof ValetkeyError && error.code === 'NOT_FOUND') return null
  throw error
}
