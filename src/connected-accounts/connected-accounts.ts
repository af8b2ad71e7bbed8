/** What can be done with connected accounts, whoever asks: found, made, changed and ended. */
import { type FilterQuery, LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { assertMayUse, type Caller, identifierLikes, mayUseIdentifier } from '../callers/caller.js'
import { type Connection, ConnectionStatus } from '../connections/connection.js'
import { byNameOrId, type Connections } from '../connections/connections.js'
import type { FieldValueInput } from '../connectors/form.input.js'
import { missingFields, readFields, templateValues } from '../connectors/form.js'
import { badInput, notFound, ValetkeyError } from '../errors.js'
import { fromTypeId } from '../ids.js'
import { withoutSecrets } from '../oauth/answer/provider-text.js'
import { NO_TOKENS, type Provider, type RevocationOutcome } from '../oauth/provider.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { TokenSet } from '../oauth/token-endpoint/token-set.js'
import type {
  ConnectedAccountFilter,
  OAuth2TokenInput,
  UpdateConnectedAccountInput,
} from './connected-account.input.js'
import { AccountStatus, ConnectedAccount } from './connected-account.js'
import type { Grants, NewGrant } from './grant.js'
import type { StoredCredentials } from './stored-credential.js'

const LONGEST_IDENTIFIER = 256
/** Bytes of metadata as JSON, and how deep it may be. */
const LARGEST_METADATA = 16 * 1024
const DEEPEST_METADATA = 10

export class ConnectedAccounts {
  constructor(
    private readonly connections: Connections,
    private readonly credentials: StoredCredentials,
    private readonly grants: Grants,
    private readonly provider: Provider,
  ) {}

  /** @throws {ValetkeyError} NOT_FOUND, also for what the caller is not bound to */
  async byId(em: EntityManager, caller: Caller, id: string, lock = false): Promise<ConnectedAccount> {
    const uuid = fromTypeId('acct', id)
    const account =
      uuid && (await em.findOne(ConnectedAccount, { uuid }, lock ? { lockMode: LockMode.PESSIMISTIC_WRITE } : {}))
    if (!account) throw notFound('This connected account')
    const { name } = await account.connection.loadOrFail()
    assertMayUse(caller, 'This connected account', name, account.identifier)
    return account
  }

  /** @throws {ValetkeyError} NOT_FOUND */
  async byIdentifier(
    em: EntityManager,
    caller: Caller,
    connectionNameOrId: string,
    identifier: string,
  ): Promise<ConnectedAccount> {
    const account = await this.credentials.find(em, connectionNameOrId, identifier)
    if (!account) throw notFound('This connected account')
    assertMayUse(caller, 'This connected account', account.connection.unwrap().name, account.identifier)
    return account
  }

  /** The rows that a filter wants and a caller may see. */
  matching(caller: Caller, filter: ConnectedAccountFilter | null): FilterQuery<ConnectedAccount> {
    const where: FilterQuery<ConnectedAccount>[] = []
    if (filter?.search) where.push({ identifier: { $ilike: `%${filter.search.replace(/[\\%_]/g, '\\$&')}%` } })
    if (filter?.connection) where.push({ connection: byNameOrId(filter.connection) })
    if (filter?.identifier) where.push({ identifier: filter.identifier })
    if (filter?.status) where.push({ status: { $in: filter.status } })
    if (caller.connections.length > 0) where.push({ connection: { name: { $in: [...caller.connections] } } })
    if (caller.identifiers.length > 0)
      where.push({ $or: identifierLikes(caller).map((like) => ({ identifier: { $like: like } })) })
    return where.length > 0 ? { $and: where } : {}
  }

  /**
   * The account of `identifier`, made when there is none: one row, however many ask at once.
   *
   * @returns the account, locked by `em`'s transaction, and whether it is new
   * @throws {ValetkeyError} BAD_USER_INPUT for an identifier that is none; NOT_FOUND for one that the caller is not bound to
   */
  async findOrCreate(
    em: EntityManager,
    caller: Caller,
    connection: Connection,
    identifier: string,
  ): Promise<{ account: ConnectedAccount; created: boolean }> {
    if (
      identifier === '' ||
      identifier.length > LONGEST_IDENTIFIER ||
      identifier.trim() !== identifier ||
      /\p{Cc}/u.test(identifier)
    ) {
      throw badInput(
        `An identifier is your own name for the user: 1 to ${LONGEST_IDENTIFIER} characters, no control characters, no white space at its ends. Upper and lower case differ.`,
        ['input', 'identifier'],
      )
    }
    if (!mayUseIdentifier(caller, identifier)) throw notFound('This identifier')
    const fresh = new ConnectedAccount(connection, identifier)
    const inserted = await em.execute<{ id: string }[]>(
      'insert into connected_account (id, connection_id, identifier, status, status_changed_at, requested_scopes, granted_scopes, "values", secrets_set, metadata, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (connection_id, identifier) do nothing returning id',
      [
        fresh.uuid,
        connection.uuid,
        identifier,
        fresh.status,
        fresh.statusChangedAt,
        `{${connection.scopes.map((scope) => JSON.stringify(scope)).join(',')}}`,
        '{}',
        '{}',
        '{}',
        '{}',
        fresh.createdAt,
        fresh.updatedAt,
      ],
    )
    const account = await em.findOneOrFail(
      ConnectedAccount,
      { connection: connection.uuid, identifier },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    )
    return { account, created: inserted.length > 0 }
  }

  /**
   * Reads the keys and passwords that a user brings along, fetches a token with them where the auth
   * type does so, and tries them at the provider, before anything is stored and while no transaction
   * is open. What the account has already and is not given again stays.
   *
   * @returns null where the connection's users are sent to the provider instead, or nothing is given that is needed
   * @throws {ValetkeyError} BAD_USER_INPUT; PROVIDER_REJECTED with the provider's words; PROVIDER_UNAVAILABLE where it did not say
   */
  async tryFields(
    em: EntityManager,
    connection: Connection,
    account: ConnectedAccount | null,
    inputs: readonly FieldValueInput[] | null | undefined,
  ): Promise<TriedFields | null> {
    if (!this.connections.offers(connection)) return null
    const { method } = this.connections.kind(connection)
    if (method.redirects) return null
    const form = method.accountFields
    // An account that needs nothing is connected by being there; one that needs something waits for it.
    if (
      inputs == null &&
      (account?.status === AccountStatus.ACTIVE || form.some((field) => field.required && field.default === null))
    )
      return null
    const path = ['input', 'fields']
    const values = { ...account?.values }
    const fields = account ? await this.grants.secretFields(em, account) : {}
    for (const [key, value] of readFields(form, inputs ?? [], path)) {
      const target = form.find((field) => field.key === key)?.secret ? fields : values
      if (value === null) delete target[key]
      else target[key] = value
    }
    const missing = missingFields(
      form,
      (key) => values[key] !== undefined || fields[key] !== undefined,
      (key) => values[key],
    )
    if (missing.length > 0) throw badInput(`Still needed: ${missing.map(({ key }) => key).join(', ')}.`, path)
    if (
      method.fetches &&
      connection.status !== ConnectionStatus.ACTIVE &&
      connection.status !== ConnectionStatus.MISCONFIGURED
    )
      throw new ValetkeyError(
        'CONNECTION_UNAVAILABLE',
        `${connection.name} cannot be used yet: its status is ${connection.status}. ${connection.problem ?? ''}`.trim(),
        ['input', 'connection'],
      )
    return this.tryCredential(em, connection, { values, fields }, path)
  }

  private async tryCredential(
    em: EntityManager,
    connection: Connection,
    { values, fields }: Pick<TriedFields, 'values' | 'fields'>,
    path: string[],
  ): Promise<TriedFields> {
    const { connector, method } = this.connections.kind(connection)
    const registration = await this.connections.registration(em, connection)
    let scope = templateValues(method.accountFields, { ...values, ...fields })
    try {
      const tokens = method.fetches ? await this.provider.fetch(registration, scope) : NO_TOKEN_SET
      const found = await this.provider.lookUp(registration, tokens, scope)
      scope = { ...scope, ...found }
      const narrow = (await this.provider.verify(registration, tokens, scope)) === 'narrow'
      const identity = await this.provider.identity(registration, tokens, scope).catch((error) => {
        // Who it is may need more rights than the key has: a good key is kept without that.
        if (error instanceof TokenFailure && (method.runs.verify || method.fetches)) return null
        throw error
      })
      const note = narrow
        ? `${connector.name} takes this credential, and did not let it do all that was tried: it may be restricted.`
        : null
      return {
        values,
        fields,
        tokens,
        found,
        requestedScopes: method.fetches ? [...connection.scopes] : [],
        identity,
        note,
      }
    } catch (error) {
      if (!(error instanceof TokenFailure)) throw error
      const words = withoutSecrets(error.message, Object.values(fields))
      if (error.kind === 'grant' || error.kind === 'client')
        throw new ValetkeyError('PROVIDER_REJECTED', `${connector.name} did not take this credential: ${words}`, path)
      throw new ValetkeyError(
        'PROVIDER_UNAVAILABLE',
        `The credential could not be tried, and was not stored: ${words}`,
        path,
      )
    }
  }

  /**
   * @param account locked by `em`'s transaction
   * @param tried what tryFields gave for the same input
   * @throws {ValetkeyError} BAD_USER_INPUT
   */
  async update(
    em: EntityManager,
    account: ConnectedAccount,
    connection: Connection,
    input: UpdateConnectedAccountInput,
    tried: TriedFields | null,
    now: Date,
  ) {
    if (input.metadata != null) account.metadata = checkedMetadata(input.metadata)
    if (tried) {
      account.values = tried.values
      await this.grants.accept(em, account, connection, tried, now)
    } else if (input.fields != null) this.fill(account, connection, input.fields, ['input', 'fields'])
    if (input.oauth2 != null) {
      if (
        tried ||
        this.connections.kind(connection).method.runs.type !== 'oauth2' ||
        this.connections.kind(connection).method.fetches
      )
        throw badInput('Accounts of this connection bring keys, not OAuth tokens; give fields instead.', [
          'input',
          'oauth2',
        ])
      const tokens = importedTokens(input.oauth2, now)
      const requestedScopes = input.oauth2.scopes ?? connection.scopes
      await this.grants.accept(
        em,
        account,
        connection,
        { tokens, requestedScopes, identity: null, found: {}, fields: {} },
        now,
      )
    }
  }

  /** Account form values that are known before the user comes. @throws {ValetkeyError} BAD_USER_INPUT */
  fill(account: ConnectedAccount, connection: Connection, inputs: readonly FieldValueInput[], path: readonly string[]) {
    const form = this.connections.kind(connection).method.accountFields
    const values = { ...account.values }
    for (const [key, value] of readFields(form, inputs, path)) {
      if (form.find((field) => field.key === key)?.secret)
        throw badInput('This field is a secret, and OAuth 2.0 accounts have none.', path)
      if (value === null) delete values[key]
      else values[key] = value
    }
    account.values = values
  }

  /**
   * Ends an account: its credentials are erased here first, whatever the provider says afterwards.
   *
   * @param remove remove the record too
   * @returns what became of the tokens at the provider
   */
  async end(
    em: EntityManager,
    caller: Caller,
    id: string,
    remove: boolean,
    record: (em: EntityManager, account: ConnectedAccount) => void,
  ): Promise<{ account: ConnectedAccount; revocation: RevocationOutcome }> {
    const erased = await em.fork().transactional(async (em) => {
      const account = await this.byId(em, caller, id, true)
      const connection = account.connection.unwrap()
      const credential = await this.grants.erase(em, account)
      const form = this.connections.offers(connection) ? this.connections.kind(connection).method.accountFields : []
      const scope = { ...templateValues(form, account.values), ...credential?.known }
      const registration =
        credential && this.connections.offers(connection) ? await this.connections.registration(em, connection) : null
      account.disconnected(new Date())
      record(em, account)
      if (remove) em.remove(account)
      return { account, credential, registration, scope }
    })
    const { account, credential, registration, scope } = erased
    if (!credential) return { account, revocation: { outcome: 'NOTHING_TO_REVOKE' } }
    return {
      account,
      revocation: registration
        ? await this.provider.revoke(registration, credential.tokens, scope)
        : { outcome: 'NOT_SUPPORTED' },
    }
  }
}

/** Credentials that a user brought along, found good. */
export interface TriedFields extends NewGrant {
  values: Record<string, string>
}

const NO_TOKEN_SET: TokenSet = { ...NO_TOKENS, tokenType: '', scopes: [], expiresAt: null, refreshExpiresAt: null }

function importedTokens(input: OAuth2TokenInput, now: Date): TokenSet {
  const path = ['input', 'oauth2']
  for (const key of ['accessToken', 'refreshToken'] as const) {
    const token = input[key]
    if (token != null && (token.length > 64 * 1024 || !/^[\x21-\x7e]+$/.test(token)))
      throw badInput('A token is visible ASCII without white space.', [...path, key])
  }
  const scopes = input.scopes ?? null
  scopes?.forEach((scope, index) => {
    if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/.test(scope))
      throw badInput('A scope is visible ASCII without space, quote or backslash.', [...path, 'scopes', index])
  })
  if (input.expiresAt && input.expiresAt <= now && !input.refreshToken)
    throw badInput('This access token has expired, and without a refresh token it cannot be renewed.', [
      ...path,
      'expiresAt',
    ])
  return {
    accessToken: input.accessToken,
    tokenType: 'Bearer',
    refreshToken: input.refreshToken ?? null,
    scopes,
    expiresAt: input.expiresAt ?? null,
    refreshExpiresAt: null,
    named: {},
    captured: {},
  }
}

function checkedMetadata(metadata: Record<string, unknown>): Record<string, unknown> {
  const path = ['input', 'metadata']
  const json = JSON.stringify(metadata)
  if (Buffer.byteLength(json) > LARGEST_METADATA)
    throw badInput(`Metadata is up to ${LARGEST_METADATA / 1024} KiB of JSON.`, path)
  if (json.includes('\\u0000')) throw badInput('Metadata cannot hold the character U+0000.', path)
  if (!shallow(metadata, DEEPEST_METADATA))
    throw badInput(`Metadata is nested up to ${DEEPEST_METADATA} deep, and has no key __proto__.`, path)
  return metadata
}

function shallow(value: unknown, depth: number): boolean {
  if (value === null || typeof value !== 'object') return true
  return depth > 0 && Object.entries(value).every(([key, inner]) => key !== '__proto__' && shallow(inner, depth - 1))
}
