/** Creates, lists and revokes API keys. caller.ts authenticates with them. */
import type { EntityManager } from '@mikro-orm/postgresql'
import { clock } from '../clock.js'
import type { Context } from '../context.js'
import { badInput, notFound, ValetkeyError } from '../errors.js'
import { fromTypeId } from '../ids.js'
import type { CreateApiKeyInput } from './api-key.input.js'
import { ApiKey, type CreatedApiKey } from './api-key.js'
import { ApiKeySecret } from './api-key.secret.js'
import { newApiKey } from './api-key-format.js'
import { type Caller, type Callers, mayUseConnection, mayUseIdentifier } from './caller.js'
import { ALL_PERMISSIONS } from './permission.js'

/** The use cases of API keys. */
export class ApiKeys {
  constructor(private readonly callers: Callers) {}

  /** The keys within the caller's bounds, the newest first. @throws {ValetkeyError} FORBIDDEN */
  async list(context: Context): Promise<ApiKey[]> {
    await context.authorize('Query.apiKeys')
    const all = await context.em.find(ApiKey, {}, { orderBy: { createdAt: 'desc' } })
    return all.filter((key) => isWithin(context.caller, key))
  }

  /**
   * Creates a key. It may have no permission and no reach that the caller does not have.
   *
   * @returns the key's record, and the key itself, which is stored nowhere
   * @throws {ValetkeyError} BAD_USER_INPUT; FORBIDDEN, also where the key could do more than the caller
   */
  async create(context: Context, input: CreateApiKeyInput): Promise<CreatedApiKey> {
    await context.authorize('Mutation.createApiKey')
    const { em, caller, audit } = context
    const created = newKeyOf(em, caller, input, clock.now())
    const { id, name, permissions } = created.apiKey
    audit.record(em, { action: 'key.created', details: { key: id, name, permissions } })
    await em.flush()
    return created
  }

  /** Revokes a key; a second call keeps the first time. @throws {ValetkeyError} FORBIDDEN, NOT_FOUND */
  async revoke(context: Context, id: string): Promise<ApiKey> {
    await context.authorize('Mutation.revokeApiKey')
    const { em, caller, audit } = context
    const uuid = fromTypeId('key', id)
    const apiKey = uuid && (await em.findOne(ApiKey, { uuid }))
    if (!apiKey || !isWithin(caller, apiKey)) throw notFound('This API key')
    apiKey.revoked(clock.now())
    audit.record(em, { action: 'key.revoked', details: { key: apiKey.id, name: apiKey.name } })
    await em.flush()
    this.callers.forget()
    return apiKey
  }
}

function newKeyOf(
  em: EntityManager,
  maker: Caller,
  input: CreateApiKeyInput,
  now: Date,
): { apiKey: ApiKey; secret: string } {
  const name = input.name
  const connections = input.connections ?? []
  const identifiers = input.identifiers ?? []
  if (name.trim() !== name || name === '' || name.length > 64 || /\p{Cc}/u.test(name))
    throw badInput(
      'A key has a name of 1 to 64 characters, without white space at its ends and without control characters.',
      ['input', 'name'],
    )
  if (input.permissions.length === 0)
    throw badInput('A key without permissions can do nothing; give it at least one.', ['input', 'permissions'])
  if (input.expiresAt && input.expiresAt <= now) throw badInput('The expiry is in the past.', ['input', 'expiresAt'])
  for (const [list, path] of [
    [connections, 'connections'],
    [identifiers, 'identifiers'],
  ] as const) {
    const index = list.findIndex((item) => item === '' || item.length > 256 || /\p{Cc}/u.test(item))
    if (index >= 0 || list.length > 100)
      throw badInput(`The ${path} are up to 100, of 1 to 256 characters each.`, ['input', path, Math.max(index, 0)])
  }
  const withheld = input.permissions.filter((permission) => !maker.permissions.has(permission))
  if (withheld.length > 0)
    throw new ValetkeyError('FORBIDDEN', `A key cannot give what it does not have: ${withheld.join(', ')}.`, [
      'input',
      'permissions',
    ])
  if (!isWithin(maker, { connections, identifiers }))
    throw new ValetkeyError(
      'FORBIDDEN',
      'A key that is bound to connections or identifiers can only make keys that are bound to some of the same.',
      ['input'],
    )
  return persistKey(em, {
    name,
    permissions: [...new Set(input.permissions)],
    connections,
    identifiers,
    expiresAt: input.expiresAt ?? null,
  })
}

/** Whether a key reaches nothing that the caller does not reach. */
function isWithin(caller: Caller, { connections, identifiers }: Pick<ApiKey, 'connections' | 'identifiers'>): boolean {
  const hasConnections =
    caller.connections.length === 0 ||
    (connections.length > 0 && connections.every((connection) => mayUseConnection(caller, connection)))
  const hasIdentifiers =
    caller.identifiers.length === 0 ||
    (identifiers.length > 0 && identifiers.every((pattern) => mayUseIdentifier(caller, pattern)))
  return hasConnections && hasIdentifiers
}

/**
 * Creates the admin key of the first start, with every permission.
 *
 * @returns the key itself, to be shown once; null when the database has keys already
 */
export async function createFirstKey(em: EntityManager): Promise<string | null> {
  return em.transactional(async (em) => {
    await em.execute("select pg_advisory_xact_lock(hashtext('valetkey.first-key'))")
    if ((await em.count(ApiKey)) > 0) return null
    return persistKey(em, {
      name: 'admin',
      permissions: [...ALL_PERMISSIONS],
      connections: [],
      identifiers: [],
      expiresAt: null,
    }).secret
  })
}

/** Replaces a connection's name in all keys that are bound to it, since they refer to it by name. */
export async function renameInKeys(em: EntityManager, from: string, to: string) {
  await em.execute('update api_key set connections = array_replace(connections, ?, ?) where ? = any(connections)', [
    from,
    to,
    from,
  ])
}

function persistKey(
  em: EntityManager,
  values: Pick<ApiKey, 'name' | 'permissions' | 'connections' | 'identifiers' | 'expiresAt'>,
) {
  const { key, lookup, prefix, hash } = newApiKey()
  const apiKey = new ApiKey({ ...values, prefix })
  em.persist(apiKey)
  em.persist(new ApiKeySecret(apiKey, lookup, hash))
  return { apiKey, secret: key }
}
