/** The use cases of an account's credentials: import, replace, disconnect and delete. */
import type { EntityManager } from '@mikro-orm/postgresql'
import { clock } from '../clock.js'
import type {
  CreateConnectedAccountInput,
  UpdateConnectedAccountInput,
} from '../connected-accounts/connected-account.input.js'
import type { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { ConnectedAccounts } from '../connected-accounts/connected-accounts.js'
import { checkedMetadata } from '../connected-accounts/metadata.js'
import type { Connection } from '../connections/connection.js'
import type { Connections } from '../connections/connections.js'
import type { Setups } from '../connections/setups.js'
import type { FieldValueInput } from '../connectors/form.input.js'
import { readFields } from '../connectors/form.js'
import type { Context } from '../context.js'
import { badInput, nullWhereNotFound, ValetkeyError } from '../errors.js'
import type { RevocationOutcome } from '../oauth/api/revocation.js'
import type { CheckedCredential, CredentialCheck } from './credential-check.js'
import type { Disconnections } from './disconnections.js'
import type { Grants } from './grant.js'
import { importedTokens } from './imported-tokens.js'

/** Creates, updates, disconnects and deletes connected accounts together with their credentials. */
export class AccountCredentials {
  constructor(
    private readonly connections: Connections,
    private readonly accounts: ConnectedAccounts,
    private readonly setups: Setups,
    private readonly grants: Grants,
    private readonly credentialCheck: CredentialCheck,
    private readonly disconnections: Disconnections,
  ) {}

  /**
   * Returns the account of an identifier, and creates it when there is none. With credentials in the
   * input it is ACTIVE at once. The provider checks entered fields before the transaction begins.
   *
   * @throws {ValetkeyError} FORBIDDEN; NOT_FOUND; BAD_USER_INPUT; PROVIDER_REJECTED with the provider's
   *   message; PROVIDER_UNAVAILABLE. After an error nothing is stored
   */
  async create(context: Context, input: CreateConnectedAccountInput): Promise<ConnectedAccount> {
    await context.authorize('Mutation.createConnectedAccount')
    const { em, caller, audit } = context
    const checked = input.oauth2 == null ? await this.checkedFields(context, input) : null
    return em.fork().transactional(async (em) => {
      const connection = await this.connections.find(em, caller, input.connection)
      const { account, created } = await this.accounts.findOrCreate(em, caller, connection, input.identifier)
      await this.apply(em, account, connection, input, checked)
      const about = { connection: connection.name, identifier: account.identifier }
      if (created) audit.record(em, { action: 'account.created', ...about })
      if (input.oauth2 || checked) audit.record(em, { action: 'account.imported', ...about })
      return account
    })
  }

  /**
   * Changes metadata, form values or tokens of an account.
   *
   * @param id the account's public id
   * @throws {ValetkeyError} as `create`
   */
  async update(context: Context, id: string, input: UpdateConnectedAccountInput): Promise<ConnectedAccount> {
    await context.authorize('Mutation.updateConnectedAccount')
    const existing = await this.accounts.byId(context.em, context.caller, id)
    const checked =
      input.fields == null
        ? null
        : await this.credentialCheck.check(context.em, existing.connection.unwrap(), existing, input.fields)
    const action = input.oauth2 || checked ? 'account.imported' : 'account.updated'
    return this.accounts.change(context, id, action, (account, em) =>
      this.apply(em, account, account.connection.unwrap(), input, checked),
    )
  }

  /**
   * Erases the credentials, revokes them at the provider where that is possible, and keeps the record.
   *
   * @param id the account's public id
   * @throws {ValetkeyError} FORBIDDEN; NOT_FOUND
   */
  async disconnect(context: Context, id: string): Promise<Ended> {
    await context.authorize('Mutation.disconnectConnectedAccount')
    return this.end(context, id, false)
  }

  /** Disconnects as `disconnect` does, and deletes the record too. @throws {ValetkeyError} FORBIDDEN; NOT_FOUND */
  async remove(context: Context, id: string): Promise<Ended> {
    await context.authorize('Mutation.deleteConnectedAccount')
    return this.end(context, id, true)
  }

  private async end({ em, caller, audit }: Context, id: string, remove: boolean): Promise<Ended> {
    const find = (em: EntityManager) => this.accounts.byId(em, caller, id, true)
    return this.disconnections.end(em, find, remove, audit)
  }

  private async checkedFields({ em, caller }: Context, input: CreateConnectedAccountInput) {
    const connection = await this.connections.find(em, caller, input.connection)
    const existing = await this.accounts
      .byIdentifier(em, caller, input.connection, input.identifier)
      .catch(nullWhereNotFound)
    return this.credentialCheck.check(em, connection, existing, input.fields)
  }

  /**
   * @param account locked by `em`'s transaction
   * @param checked the result of the credential check of the same input; null where it had nothing to check
   */
  private async apply(
    em: EntityManager,
    account: ConnectedAccount,
    connection: Connection,
    input: UpdateConnectedAccountInput,
    checked: CheckedCredential | null,
  ) {
    const now = clock.now()
    if (input.metadata != null) account.metadata = checkedMetadata(input.metadata)
    if (checked) {
      if (!this.setups.isRegistered(connection, checked.registration))
        throw new ValetkeyError('CONFLICT', `${connection.name} was changed meanwhile; send this again.`)
      account.values = checked.values
      await this.grants.accept(em, account, connection, checked, now)
    } else if (input.fields != null) {
      const before = account.values
      this.fill(account, connection, input.fields)
      // Tokens go where they were given for: to another place the user takes new ones along.
      const isElsewhere = input.oauth2 == null && this.setups.isElsewhere(connection, before, account.values)
      if (isElsewhere && (await this.grants.has(em, account)))
        throw badInput(
          "This changes where the account's tokens are sent, and they are not for there: start an authorization " +
            'with these fields, or give the tokens for it in oauth2.',
          ['input', 'fields'],
        )
    }
    if (input.oauth2 == null) return
    const method = this.setups.methodOf(connection)
    if (checked || method.runs.type !== 'oauth2' || method.fetches)
      throw badInput('Accounts of this connection bring keys, not OAuth tokens; give fields instead.', [
        'input',
        'oauth2',
      ])
    const tokens = importedTokens(input.oauth2, now)
    const requestedScopes = input.oauth2.scopes ?? connection.scopes
    const grant = { tokens, requestedScopes, identity: null, found: {}, fields: {} }
    await this.grants.accept(em, account, connection, grant, now)
  }

  /** Stores account form values before the user authorizes. @throws {ValetkeyError} BAD_USER_INPUT */
  private fill(account: ConnectedAccount, connection: Connection, inputs: readonly FieldValueInput[]) {
    const path = ['input', 'fields']
    const form = this.setups.methodOf(connection).accountFields
    const values = { ...account.values }
    for (const [key, value] of readFields(form, inputs, path)) {
      if (form.find((field) => field.key === key)?.secret)
        throw badInput('This field is a secret, and OAuth 2.0 accounts have none.', path)
      if (value === null) delete values[key]
      else values[key] = value
    }
    account.values = values
  }
}

/** A disconnected or deleted account, and the outcome of the revocation at the provider. */
export interface Ended {
  account: ConnectedAccount
  revocation: RevocationOutcome
}
