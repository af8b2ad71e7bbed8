/** What can be done with connections, whoever asks: found, made, changed, and turned into what `oauth/` needs. */
import { createHash } from 'node:crypto'
import { type FilterQuery, LockMode, UniqueConstraintViolationException } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { renameInKeys } from '../callers/api-keys.js'
import { assertMayUse, type Caller, mayUseConnection } from '../callers/caller.js'
import type { AuthMethod } from '../connectors/auth-method.js'
import type { Catalogue } from '../connectors/catalogue.js'
import type { Connector } from '../connectors/connector.js'
import type { Use } from '../connectors/custom-connectors.js'
import { apiOf } from '../connectors/definition.js'
import { missingFields, readFields, templateValues } from '../connectors/form.js'
import { badInput, notFound, ValetkeyError } from '../errors.js'
import { fromTypeId } from '../ids.js'
import type { ClientCard } from '../oauth/discovery/client-registration.js'
import { type Discovered, needsDiscovery } from '../oauth/discovery.js'
import type { Provider, Registration } from '../oauth/provider.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { Vault } from '../vault/vault.js'
import type { CreateConnectionInput, UpdateConnectionInput } from './connection.input.js'
import { Connection, ConnectionStatus, UserVerification } from './connection.js'
import { ConnectionSecret } from './connection.secret.js'

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/
const MOST_SCOPES = 100

export class Connections {
  constructor(
    private readonly orm: MikroORM,
    private readonly catalogue: Catalogue,
    private readonly provider: Provider,
    private readonly vault: Vault,
    readonly publicUrl: string,
    private readonly applicationName: string,
  ) {}

  /**
   * @param nameOrId as callers address connections
   * @throws {ValetkeyError} NOT_FOUND for what is not there, and alike for what the caller is not bound to
   */
  async find(em: EntityManager, caller: Caller, nameOrId: string, lock = false): Promise<Connection> {
    const connection = await em.findOne(
      Connection,
      byNameOrId(nameOrId),
      lock ? { lockMode: LockMode.PESSIMISTIC_WRITE } : {},
    )
    if (!connection) throw notFound('This connection')
    assertMayUse(caller, 'This connection', connection.name)
    return connection
  }

  /** @throws {ValetkeyError} BAD_USER_INPUT, CONFLICT for a name that is taken; nothing is stored then */
  async create(em: EntityManager, caller: Caller, input: CreateConnectionInput, now: Date): Promise<Connection> {
    const connector = this.catalogue.get(input.connector)
    if (!connector)
      throw badInput(`There is no connector ${JSON.stringify(input.connector.slice(0, 64))}; connectors lists them.`, [
        'input',
        'connector',
      ])
    const method = input.authMethod == null ? connector.authMethods[0] : connector.method(input.authMethod)
    if (!method)
      throw badInput(
        `${connector.name} has no auth method ${JSON.stringify((input.authMethod ?? '').slice(0, 64))}; it has ${connector.authMethods.map(({ id }) => id).join(', ')}.`,
        ['input', 'authMethod'],
      )
    const name = input.name == null ? await freeName(em, connector.key) : checkedName(input.name)
    if (!mayUseConnection(caller, name))
      throw new ValetkeyError('FORBIDDEN', 'This API key is bound to connections, and this name is not one of them.', [
        'input',
        'name',
      ])
    const connection = new Connection({
      name,
      connectorKey: connector.key,
      methodId: method.id,
      scopes: checkedScopes(input.scopes ?? method.defaultScopes, method, ['input', 'scopes']),
      userVerification: input.userVerification ?? UserVerification.CONFIRM,
    })
    const secret = new ConnectionSecret(connection, this.vault)
    this.fill(connection, secret, method, input.fields ?? [], now)
    em.persist([connection, secret])
    return connection
  }

  /**
   * @param connection locked by the caller's transaction
   * @throws {ValetkeyError} BAD_USER_INPUT
   */
  async update(em: EntityManager, caller: Caller, connection: Connection, input: UpdateConnectionInput, now: Date) {
    const { method } = this.kind(connection)
    if (input.name != null && input.name !== connection.name) {
      const name = checkedName(input.name)
      if (caller.connections.length > 0)
        throw new ValetkeyError('FORBIDDEN', 'An API key that is bound to connections cannot rename them.', [
          'input',
          'name',
        ])
      await renameInKeys(em, connection.name, name)
      connection.name = name
    }
    if (input.scopes != null) connection.scopes = checkedScopes(input.scopes, method, ['input', 'scopes'])
    if (input.userVerification != null) connection.userVerification = input.userVerification
    const secret = await em.findOneOrFail(
      ConnectionSecret,
      { connection: connection.uuid },
      { populate: ['connection'] },
    )
    this.fill(connection, secret, method, input.fields ?? [], now)
  }

  enable(connection: Connection, now: Date) {
    connection.enabled(this.missing(connection), now)
  }

  /** The connector and method of a connection. @throws {ValetkeyError} CONNECTION_UNAVAILABLE where this server no longer offers them */
  kind(connection: Pick<Connection, 'connectorKey' | 'methodId' | 'values'>): {
    connector: Connector
    method: AuthMethod
  } {
    const connector = this.catalogue.get(connection.connectorKey)
    const own = connector?.method(connection.methodId)
    const method = own?.fetches && connection.values.client_id !== undefined ? own.sharing() : own
    if (!connector || !method)
      throw new ValetkeyError(
        'CONNECTION_UNAVAILABLE',
        `This server's catalogue has no connector ${connection.connectorKey} with the auth method ${connection.methodId}.`,
      )
    return { connector, method }
  }

  /** The connections that a connector has, for whoever wants to change or delete it. */
  async usesOf(em: EntityManager, connectorKey: string): Promise<Use[]> {
    return (await em.find(Connection, { connectorKey })).map(({ name, methodId }) => ({ connection: name, methodId }))
  }

  /** Whether this server's catalogue still has the connection's connector: it may have been started with fewer. */
  offers(connection: Pick<Connection, 'connectorKey' | 'methodId'>): boolean {
    return this.catalogue.get(connection.connectorKey)?.method(connection.methodId) !== undefined
  }

  /**
   * Makes a connection ready: what only the provider's server can say is found out, and where the
   * server registers clients by itself this one is registered. Done once; done again where the
   * connection does not work. No transaction is open meanwhile.
   *
   * @returns the connection as it is afterwards; what went wrong is its `problem`
   */
  async ready(connection: Connection): Promise<Connection> {
    if (!this.offers(connection) || !needsDiscovery(this.kind(connection).method.definition)) return connection
    if (connection.status === ConnectionStatus.DISABLED) return connection
    const em = this.orm.em.fork()
    const secret = await em.findOneOrFail(
      ConnectionSecret,
      { connection: connection.uuid },
      { populate: ['connection'] },
    )
    const { discovered, values } = secret.open(this.vault)
    if (discovered && connection.status !== ConnectionStatus.MISCONFIGURED) return connection
    if (connection.status === ConnectionStatus.DRAFT && this.missing(connection).length > 0) return connection
    const { method } = this.kind(connection)
    const registration = this.describe(connection, values)
    let found: Discovered | TokenFailure
    try {
      found = await this.provider.discover(method.definition, registration, this.clientCard(connection))
    } catch (error) {
      if (error instanceof TokenFailure) found = error
      else if (error instanceof ValetkeyError) found = new TokenFailure('client', error.message)
      else throw error
    }
    return em.transactional(async (em) => {
      const locked = await em.findOneOrFail(
        Connection,
        { uuid: connection.uuid },
        { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
      )
      if (locked.version !== connection.version) return locked
      if (found instanceof TokenFailure) locked.misconfigured(found.message, new Date())
      else {
        const kept = await em.findOneOrFail(ConnectionSecret, { connection: locked.uuid }, { populate: ['connection'] })
        kept.keep(kept.open(this.vault).values, found, this.vault)
        const nobody = found.client === null && !registration.client.id
        locked.discovered(
          nobody
            ? 'This server registers no clients by itself: register one with the provider, and enter its Client ID.'
            : null,
          new Date(),
        )
      }
      return locked
    })
  }

  /** Everything that `oauth/` needs to speak for this connection, its client secret included. */
  async registration(em: EntityManager, connection: Connection): Promise<Registration> {
    const secret = await em.findOneOrFail(
      ConnectionSecret,
      { connection: connection.uuid },
      { populate: ['connection'] },
    )
    const { values, discovered } = secret.open(this.vault)
    return this.describe(connection, values, discovered)
  }

  /** The same without secrets: enough to apply most credentials. */
  describe(
    connection: Pick<Connection, 'connectorKey' | 'methodId' | 'id' | 'values' | 'scopes'>,
    secrets: Record<string, string> = {},
    discovered: Discovered | null = null,
  ): Registration {
    const { connector, method } = this.kind(connection)
    const { definition } = method
    const values = templateValues(method.connectionFields, { ...connection.values, ...secrets })
    const own = { id: String(values.client_id ?? ''), secret: String(values.client_secret ?? '') }
    return {
      method: method.runs,
      api: apiOf(connector.definition, definition),
      client:
        own.id === '' && discovered?.client
          ? discovered.client
          : definition.type === 'mcp' && own.secret !== ''
            ? { ...own, auth: 'basic' }
            : own,
      redirectUri: this.redirectUri(connection),
      trustHosts: connector.definition.trustHosts,
      scopes: connection.scopes.length > 0 ? connection.scopes : (discovered?.scopes ?? []),
      scope: {
        connection: { ...values, scopes: connection.scopes },
        env: connector.definition.environments?.[String(values.environment ?? '')] ?? {},
        server: {
          public_url: this.publicUrl,
          callback_url: this.redirectUri(connection),
          callback_host: new URL(this.publicUrl).host,
          name: this.applicationName,
        },
        discovered: discovered?.values ?? {},
      },
    }
  }

  /** How this server presents itself to authorization servers, for one connection. */
  clientCard(connection: Pick<Connection, 'id'>): ClientCard {
    return {
      name: this.applicationName,
      uri: this.publicUrl,
      redirectUri: this.redirectUri(connection),
      metadataUrl: this.publicUrl.startsWith('https://') ? `${this.publicUrl}/oauth/client/${connection.id}` : null,
    }
  }

  redirectUri({ id }: Pick<Connection, 'id'>): string {
    return `${this.publicUrl}/oauth/callback/${id}`
  }

  /** What a refresh token is tied to: it is not sent on behalf of another app, or to another address. */
  fingerprint(connection: Pick<Connection, 'connectorKey' | 'methodId' | 'values'>): string {
    const values = Object.entries(connection.values).sort(([a], [b]) => (a < b ? -1 : 1))
    return createHash('sha256')
      .update(JSON.stringify([connection.connectorKey, connection.methodId, values]))
      .digest('base64url')
  }

  private fill(
    connection: Connection,
    secret: ConnectionSecret,
    method: AuthMethod,
    inputs: Parameters<typeof readFields>[1],
    now: Date,
  ) {
    const form = method.connectionFields
    const changes = readFields(form, inputs, ['input', 'fields'])
    const values = { ...connection.values }
    const { values: secrets, discovered } = secret.open(this.vault)
    for (const [key, value] of changes) {
      const target = form.find((field) => field.key === key)?.secret ? secrets : values
      if (value === null) delete target[key]
      else target[key] = value
    }
    connection.values = values
    connection.secretsSet = Object.keys(secrets)
    // What was found out holds for the values it was found with.
    secret.keep(secrets, changes.size > 0 ? null : discovered, this.vault)
    connection.configured(this.missing(connection), now)
  }

  private missing(connection: Connection): string[] {
    const { method } = this.kind(connection)
    return missingFields(
      method.connectionFields,
      (key) => connection.isSet(key),
      (key) => connection.values[key],
    ).map(({ label }) => label)
  }
}

/** A where clause for how callers address connections. */
export function byNameOrId(nameOrId: string): FilterQuery<Connection> {
  const uuid = fromTypeId('conn', nameOrId)
  return uuid ? { uuid } : { name: nameOrId }
}

/** Turns the database's word for "taken" into ours. @throws {ValetkeyError} CONFLICT */
export async function flushNamed(em: EntityManager, name: string) {
  try {
    await em.flush()
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException)
      throw new ValetkeyError(
        'CONFLICT',
        `There is a connection named ${name} already; names are unique.`,
        ['input', 'name'],
        error,
      )
    throw error
  }
}

function checkedName(name: string): string {
  if (!NAME.test(name) || fromTypeId('conn', name))
    throw badInput('A name has 1 to 64 lower-case letters, digits, - and _, and begins with a letter or a digit.', [
      'input',
      'name',
    ])
  return name
}

async function freeName(em: EntityManager, key: string): Promise<string> {
  const taken = new Set(
    (await em.find(Connection, { name: { $like: `${key}%` } }, { fields: ['name'] })).map(({ name }) => name),
  )
  if (!taken.has(key)) return key
  let number = 2
  while (taken.has(`${key}-${number}`)) number++
  return `${key}-${number}`
}

/**
 * Scopes as RFC 6749 §3.3 spells them, with those that the connector always asks for.
 *
 * @throws {ValetkeyError} BAD_USER_INPUT with the way to the scope at fault
 */
export function checkedScopes(
  scopes: readonly string[],
  method: AuthMethod,
  path: readonly (string | number)[],
): string[] {
  if (scopes.length > MOST_SCOPES)
    throw badInput(`Up to ${MOST_SCOPES} scopes can be asked for; these are ${scopes.length}.`, path)
  scopes.forEach((scope, index) => {
    if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/.test(scope))
      throw badInput(
        'A scope is 1 to 255 visible ASCII characters without space, quote or backslash; give each one separately.',
        [...path, index],
      )
    if (scopes.indexOf(scope) !== index) throw badInput(`The scope ${scope} is given twice.`, [...path, index])
  })
  if (!('scopes' in method.runs)) {
    if (scopes.length > 0) throw badInput('This auth method has no scopes.', path)
    return []
  }
  const { required, offline } = method.runs.scopes
  return [...new Set([...required, ...scopes, ...offline])]
}
