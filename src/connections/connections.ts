/** The use cases of connections: list, read, create, update, enable and disable. */
import { type FilterQuery, LockMode, UniqueConstraintViolationException } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { assertMayUse, type Caller } from '../callers/caller.js'
import { clock } from '../clock.js'
import type { AuthMethod } from '../connectors/auth-method.js'
import type { Catalogue } from '../connectors/catalogue.js'
import type { Connector } from '../connectors/connector.js'
import { assertStillOffered, type Use } from '../connectors/custom-connectors.js'
import { readFields } from '../connectors/form.js'
import type { Context } from '../context.js'
import { badInput, notFound, ValetkeyError } from '../errors.js'
import { fromTypeId } from '../ids.js'
import { clientMetadata } from '../oauth/discovery/client-registration.js'
import { authorityOf } from '../oauth/discovery.js'
import { lacking, ownCalls } from '../oauth/needs.js'
import { assertSigns } from '../oauth/signing/assertion.js'
import { checkedSize, containing, type FirstArgs, findLists, findPage, type Page, type PageArgs } from '../page.js'
import type { Vault } from '../vault/vault.js'
import type { ConnectionFilter, CreateConnectionInput, UpdateConnectionInput } from './connection.input.js'
import { Connection, UserVerification } from './connection.js'
import { ConnectionSecret } from './connection.secret.js'
import type { ConnectionDiscovery } from './discovery.js'
import { addressFields, type Registration } from './registration.js'
import type { Setups } from './setups.js'

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/
const MOST_SCOPES = 100

/** Reads and changes connections on behalf of callers. */
export class Connections {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly setups: Setups,
    private readonly discovery: ConnectionDiscovery,
    private readonly vault: Vault,
    /** Called in the transaction of a change to the app or to where the connection sends. */
    private readonly moved: (em: EntityManager, connection: Connection, before: Registration) => Promise<void>,
  ) {}

  /** Lists connections that match the filter and the caller may use, newest first. @throws {ValetkeyError} FORBIDDEN */
  async list(context: Context, filter: ConnectionFilter | null, page: PageArgs): Promise<Page<Connection>> {
    await context.authorize('Query.connections')
    const where: FilterQuery<Connection>[] = [boundTo(context.caller)]
    if (filter?.search) where.push({ name: { $ilike: containing(filter.search) } })
    if (filter?.connector) where.push({ connectorKey: filter.connector })
    if (filter?.status) where.push({ status: filter.status })
    return findPage(context.em, Connection, { $and: where }, page)
  }

  /**
   * Lists the first connections of a connector that the caller may use, sorted by name.
   *
   * @throws {ValetkeyError} FORBIDDEN; BAD_USER_INPUT for an invalid size
   */
  async ofConnector(context: Context, { key }: Connector, args: FirstArgs): Promise<Connection[]> {
    await context.authorize('Connector.connections')
    const first = checkedSize(args)
    const ofConnectors = {
      parents: 'json_array_elements_text(?::json) as connector (id)',
      belong: 'item.connector = parent.id',
      where: boundTo(context.caller),
    }
    return context.loadOf(`connections ${first}`, key, (keys) =>
      findLists(context.em, Connection, ofConnectors, keys, { name: 'asc' }, first),
    )
  }

  /** Reads one connection by name or id. @throws {ValetkeyError} FORBIDDEN; NOT_FOUND */
  async one(context: Context, nameOrId: string): Promise<Connection> {
    await context.authorize('Query.connection')
    return this.find(context.em, context.caller, nameOrId)
  }

  /**
   * Creates a connection, then runs discovery and client registration where its method needs them. A failure
   * of these does not undo the creation; it is stored as the connection's `problem`.
   *
   * @throws {ValetkeyError} FORBIDDEN; BAD_USER_INPUT; CONFLICT for a name that is taken; then nothing is stored
   */
  async create(context: Context, input: CreateConnectionInput): Promise<Connection> {
    await context.authorize('Mutation.createConnection')
    const { em, audit } = context
    await this.catalogue.find(input.connector)
    const created = await em.transactional(async (em) => {
      const connection = await this.add(em, input, clock.now())
      await assertStillOffered(em, this.catalogue.get(connection.connectorKey))
      audit.record(em, {
        action: 'connection.created',
        connection: connection.name,
        details: { connector: connection.connectorKey, authMethod: connection.methodId },
      })
      await flushNamed(em, connection.name)
      return connection
    })
    return this.ready(em, created)
  }

  /** Changes a connection. @throws {ValetkeyError} FORBIDDEN; NOT_FOUND; BAD_USER_INPUT; CONFLICT for a taken name */
  async update(context: Context, nameOrId: string, input: UpdateConnectionInput): Promise<Connection> {
    await context.authorize('Mutation.updateConnection')
    const { em, caller, audit } = context
    // Names are shared by all connections: that one is taken says that there is another connection.
    if (input.name != null && input.name !== (await this.find(em.fork(), caller, nameOrId)).name)
      await context.authorize('Mutation.updateConnection(name)')
    const updated = await em.transactional(async (em) => {
      const connection = await this.find(em, caller, nameOrId, true)
      const before = connection.name
      const registration = this.setups.registration(connection)
      await this.change(em, connection, input, clock.now())
      const changed = [
        ...Object.keys(input).filter((key) => key !== 'fields'),
        ...(input.fields ?? []).map(({ key }) => `fields.${key}`),
      ]
      audit.record(em, {
        action: 'connection.updated',
        connection: connection.name,
        details: { changed, ...(before === connection.name ? {} : { renamedFrom: before }) },
      })
      await flushNamed(em, connection.name)
      if (!this.setups.isRegistered(connection, registration)) await this.moved(em, connection, registration)
      return connection
    })
    return this.ready(em, updated)
  }

  /** Ends `disable`. @throws {ValetkeyError} FORBIDDEN; NOT_FOUND; CONFLICT while it is being deleted */
  async enable(context: Context, nameOrId: string): Promise<Connection> {
    await context.authorize('Mutation.enableConnection')
    const enabled = await this.switched(context, nameOrId, 'connection.enabled', (connection) =>
      connection.enabled(this.setups.missing(connection), clock.now()),
    )
    return this.ready(context.em, enabled)
  }

  /** Stops authorizations and tokens of a connection. @throws {ValetkeyError} FORBIDDEN; NOT_FOUND */
  async disable(context: Context, nameOrId: string): Promise<Connection> {
    await context.authorize('Mutation.disableConnection')
    return this.switched(context, nameOrId, 'connection.disabled', (connection) => connection.disabled(clock.now()))
  }

  /**
   * Reads a connection for other use cases.
   *
   * @param lock whether `em`'s transaction locks the row
   * @throws {ValetkeyError} NOT_FOUND, also for a connection that the caller is not bound to
   */
  async find(em: EntityManager, caller: Caller, nameOrId: string, lock = false): Promise<Connection> {
    const connection = await em.findOne(
      Connection,
      byNameOrId(nameOrId),
      lock ? { lockMode: LockMode.PESSIMISTIC_WRITE } : {},
    )
    if (!connection) throw notFound('This connection')
    assertMayUse(caller, 'This connection', connection)
    return connection
  }

  /** Every connection of a connector. */
  of(em: EntityManager, connectorKey: string): Promise<Connection[]> {
    return em.find(Connection, { connectorKey })
  }

  /** Every connection of a connector, for the checks before the connector is changed or deleted. */
  async usesOf(em: EntityManager, connectorKey: string): Promise<Use[]> {
    const connections = await this.of(em, connectorKey)
    return connections.map(({ name, methodId }) => ({ connection: name, methodId }))
  }

  /**
   * The Client ID Metadata Document of a connection: authorization servers that support it read it instead
   * of registering the client.
   *
   * @returns null where the connection does not exist
   */
  async clientMetadata(em: EntityManager, connectionId: string): Promise<Record<string, unknown> | null> {
    const uuid = fromTypeId('conn', connectionId)
    const connection = uuid && (await em.findOne(Connection, { uuid }))
    if (!connection) return null
    const card = this.setups.clientCard(connection)
    return { client_id: this.setups.metadataUrl(connection), ...clientMetadata(card, 'none') }
  }

  /**
   * Creates a connection, which is stored with the next flush of `em`.
   *
   * @throws {ValetkeyError} BAD_USER_INPUT
   */
  async add(em: EntityManager, input: CreateConnectionInput, now: Date): Promise<Connection> {
    const { connector, method } = this.connectorFor(input)
    const name = input.name == null ? await freeName(em, connector.key) : checkedName(input.name)
    const connection = new Connection({
      name,
      connectorKey: connector.key,
      methodId: method.id,
      scopes: checkedScopes(input.scopes ?? method.defaultScopes, method, ['input', 'scopes']),
      userVerification: input.userVerification ?? UserVerification.CONFIRM,
    })
    connection.purposeRequired = input.purposeRequired === true
    const secret = new ConnectionSecret(connection, this.vault)
    await this.fill(connection, secret, method, input.fields ?? [], now)
    em.persist([connection, secret])
    return connection
  }

  private connectorFor(input: CreateConnectionInput): { connector: Connector; method: AuthMethod } {
    const connector = this.catalogue.get(input.connector)
    if (!connector)
      throw badInput(`There is no connector ${JSON.stringify(input.connector.slice(0, 64))}; connectors lists them.`, [
        'input',
        'connector',
      ])
    const method = input.authMethod == null ? connector.authMethods[0] : connector.method(input.authMethod)
    if (!method) {
      const requested = JSON.stringify((input.authMethod ?? '').slice(0, 64))
      const offered = connector.authMethods.map(({ id }) => id).join(', ')
      throw badInput(`${connector.name} has no auth method ${requested}; it has ${offered}.`, ['input', 'authMethod'])
    }
    return { connector, method }
  }

  /** @param connection locked by `em`'s transaction */
  private async change(em: EntityManager, connection: Connection, input: UpdateConnectionInput, now: Date) {
    if (connection.deletion) throw new ValetkeyError('CONFLICT', `${connection.name} is being deleted.`)
    const method = this.setups.methodOf(connection)
    if (input.name != null && input.name !== connection.name) {
      const name = checkedName(input.name)
      connection.name = name
    }
    if (input.scopes != null) connection.scopes = checkedScopes(input.scopes, method, ['input', 'scopes'])
    if (input.userVerification != null) connection.userVerification = input.userVerification
    if (input.purposeRequired != null) connection.purposeRequired = input.purposeRequired
    const secret = await em.findOneOrFail(
      ConnectionSecret,
      { connection: connection.uuid },
      { populate: ['connection'] },
    )
    await this.fill(connection, secret, method, input.fields ?? [], now)
  }

  private async fill(
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
    const isElsewhere = [...addressFields(this.setups.connectorOf(connection), 'connection')].some(
      (key) => form.some((field) => field.key === key) && values[key] !== connection.values[key],
    )
    // A secret was entered for the address of before: where that changes, it is entered again or is gone.
    if (isElsewhere) for (const key of Object.keys(secrets)) if (!changes.has(key)) delete secrets[key]
    if (changes.size > 0) {
      const { id, scopes, connectorKey, methodId } = connection
      const setup = this.setups.describe({ id, scopes, connectorKey, methodId, values }, secrets)
      await assertSigns(setup).catch(atFields)
    }
    connection.values = values
    connection.secretsSet = Object.keys(secrets)
    // To another address belongs another authority; at the same one, whatever is found has to be the one of before.
    connection.authority = isElsewhere ? null : (connection.authority ?? (discovered && authorityOf(discovered)))
    // A result of discovery is valid only for the form values that it was obtained with.
    secret.keep(secrets, changes.size > 0 ? null : discovered, this.vault)
    connection.configured(this.setups.missing(connection), now)
  }

  private switched(
    { em, caller, audit }: Context,
    nameOrId: string,
    action: string,
    act: (connection: Connection) => void,
  ): Promise<Connection> {
    return em.transactional(async (em) => {
      const connection = await this.find(em, caller, nameOrId, true)
      act(connection)
      audit.record(em, { action, connection: connection.name })
      return connection
    })
  }

  /** Runs discovery after the commit, so that a provider that fails does not undo the change. */
  private async ready(em: EntityManager, connection: Connection): Promise<Connection> {
    await this.discovery.ready(connection)
    return em.refreshOrFail(connection)
  }
}

function boundTo(caller: Caller): FilterQuery<Connection> {
  return caller.connections.length > 0 ? { uuid: { $in: [...caller.connections] } } : {}
}

/** Condition for the connection with this name or public id. */
export function byNameOrId(nameOrId: string): FilterQuery<Connection> {
  const uuid = fromTypeId('conn', nameOrId)
  return uuid ? { uuid } : { name: nameOrId }
}

/** @throws a refusal of what was entered, with the way to it */
function atFields(error: unknown): never {
  throw error instanceof ValetkeyError ? badInput(error.message, ['input', 'fields']) : error
}

/** Flushes, and converts a violation of the unique name. @throws {ValetkeyError} CONFLICT */
async function flushNamed(em: EntityManager, name: string) {
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
 * Validates scopes by the syntax of RFC 6749 §3.3, and adds those that the connector always requests.
 *
 * @param path of the list in the input, for errors
 * @throws {ValetkeyError} BAD_USER_INPUT with the path of the scope at fault
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
  const asked = [...new Set([...required, ...scopes, ...offline])]
  for (const { needs } of ownCalls(method.runs))
    for (const oneOf of lacking(needs, asked))
      throw badInput(`Without ${oneOf.join(' or ')} the provider refuses the check of each account; add it.`, path)
  return asked
}
