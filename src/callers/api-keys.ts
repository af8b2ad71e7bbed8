/** Creates, lists and revokes API keys. caller.ts authenticates with them. */
import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import DataLoader from 'dataloader'
import type { Pool } from 'pg'
import { ONE_TURN } from '../batches.js'
import { clock, isStorableTime } from '../clock.js'
import type { Context } from '../context.js'
import { badInput, notFound, ValetkeyError } from '../errors.js'
import { fromTypeId, toTypeId } from '../ids.js'
import { isVisible } from '../text.js'
import { areWithinRanges, readRange } from './address-ranges.js'
import type { CreateApiKeyInput } from './api-key.input.js'
import { ApiKey, type ApiKeyValues, type CreatedApiKey } from './api-key.js'
import { ApiKeySecret } from './api-key.secret.js'
import { newApiKey } from './api-key-format.js'
import { type Caller, type Callers, mayUseConnection, mayUseIdentifier } from './caller.js'
import { ALL_PERMISSIONS, type Permission } from './permission.js'

/** Seconds for which the former secret of a rotated key is taken, and at most. */
const USUAL_OVERLAP = 24 * 3600
const LONGEST_OVERLAP = 30 * 24 * 3600
/** Items of a list that bounds a key. */
const MOST_BOUNDS = 100

interface NamedConnection {
  uuid: string
  name: string
}

/** The use cases of API keys. */
export class ApiKeys {
  private readonly names: DataLoader<string, string | null>

  constructor(
    private readonly callers: Callers,
    private readonly pool: Pool,
    /** Whether the configuration names a manifest of registered documents. */
    private readonly hasTrustedDocuments: boolean,
  ) {
    this.names = new DataLoader(async (uuids: readonly string[]) => {
      const { rows } = await pool.query('select id, name from connection where id = any($1::uuid[])', [uuids])
      const byId = new Map(rows.map(({ id, name }) => [id, name]))
      return uuids.map((uuid) => byId.get(uuid) ?? null)
    }, ONE_TURN)
  }

  /** The connections that a key is bound to, by name; by id where one is gone. */
  async connectionsOf(uuids: readonly string[]): Promise<string[]> {
    return Promise.all(uuids.map(async (uuid) => (await this.names.load(uuid)) ?? toTypeId('conn', uuid)))
  }

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
    if (input.trustedDocumentsOnly === true && !this.hasTrustedDocuments)
      throw badInput(
        'This key could run nothing: no documents are registered. Set VALETKEY_TRUSTED_DOCUMENTS to the path of ' +
          'their manifest, and restart the server.',
        ['input', 'trustedDocumentsOnly'],
      )
    const connections = await namedConnections(this.pool, caller, input.connections ?? [])
    return em.transactional(async (em) => {
      await holdFamilies(em, 'shared')
      await assertStillValid(em, caller)
      const created = newKeyOf(em, caller, input, connections, clock.now())
      const { id, name, permissions } = created.apiKey
      audit.record(em, { action: 'key.created', details: { key: id, name, permissions } })
      return created
    })
  }

  /**
   * Gives a key a new secret. The former one is taken for a while, so that its users can be changed over one by one.
   * The caller holds the new one, and so it has to be a secret that it could have had anyway: that of its own key, or
   * of one that it made. An unbound key that no key made also rotates what it could have made.
   *
   * @param overlap seconds for which the former secret is taken; null for a day
   * @returns the key's record, and the new secret, which is stored nowhere
   * @throws {ValetkeyError} FORBIDDEN for a key of others, and for one that may do more than the caller; NOT_FOUND;
   *   BAD_USER_INPUT; CONFLICT for a key that has ended; UNAUTHENTICATED where the caller's own has
   */
  async rotate(context: Context, id: string, overlap: number | null): Promise<CreatedApiKey> {
    await context.authorize('Mutation.rotateApiKey')
    const { em, caller, audit } = context
    const seconds = overlap ?? USUAL_OVERLAP
    if (seconds < 0 || seconds > LONGEST_OVERLAP)
      throw badInput(`The former secret is taken for 0 to ${LONGEST_OVERLAP} seconds more.`, ['overlap'])
    const rotated = await em.transactional(async (em) => {
      await holdFamilies(em, 'alone')
      const { isRoot } = await assertStillValid(em, caller)
      const apiKey = await find(em, caller, id)
      const kinship = await kinshipOf(em, caller, apiKey)
      if (kinship === 'other' && !(isUnbound(caller) && isRoot))
        throw new ValetkeyError(
          'FORBIDDEN',
          'A key is rotated by itself or by the key that made it. Another key has to be unbound, and made by no key.',
          ['id'],
        )
      if (kinship === 'maker') throw ofMaker('rotates')
      assertCouldHaveMade(caller, apiKey, kinship)
      const now = clock.now()
      if (apiKey.revokedAt || (apiKey.expiresAt && apiKey.expiresAt <= now))
        throw new ValetkeyError('CONFLICT', 'This API key has ended; create a new one.', ['id'])
      const secret = await em.findOneOrFail(
        ApiKeySecret,
        { apiKey: apiKey.uuid },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      )
      const { key, lookup, prefix, hash } = newApiKey()
      secret.rotate(lookup, hash, new Date(now.getTime() + seconds * 1000))
      apiKey.rotated(prefix)
      audit.record(em, { action: 'key.rotated', details: { key: apiKey.id, name: apiKey.name, overlap: seconds } })
      return { apiKey, secret: key }
    })
    this.callers.forget()
    return rotated
  }

  /**
   * Revokes a key, and all that it has made; a second call keeps the first time. A key ends itself, what it has made,
   * and what it could have made, but not its maker.
   *
   * @throws {ValetkeyError} FORBIDDEN, NOT_FOUND; UNAUTHENTICATED where the caller's own key has ended
   */
  async revoke(context: Context, id: string): Promise<ApiKey> {
    await context.authorize('Mutation.revokeApiKey')
    const { em, caller, audit } = context
    const revoked = await em.transactional(async (em) => {
      await holdFamilies(em, 'alone')
      await assertStillValid(em, caller)
      const apiKey = await find(em, caller, id)
      const kinship = await kinshipOf(em, caller, apiKey)
      if (kinship === 'maker') throw ofMaker('revokes')
      if (kinship === 'other') assertCouldHaveMade(caller, apiKey, kinship)
      apiKey.revoked(clock.now())
      const descendants = await em.execute<{ id: string }[]>(DESCENDANTS, [apiKey.uuid])
      audit.record(em, {
        action: 'key.revoked',
        details: { key: apiKey.id, name: apiKey.name, also: descendants.map(({ id }) => toTypeId('key', id)) },
      })
      return apiKey
    })
    this.callers.forget()
    return revoked
  }
}

/** Revokes what a key has made, and what that has made. */
const DESCENDANTS = `
  with recursive made as (
    select id from api_key where maker_id = ?
    union
    select child.id from api_key child join made on child.maker_id = made.id
  )
  update api_key set revoked_at = now() from made where api_key.id = made.id and revoked_at is null
  returning api_key.id`

/**
 * Until the transaction ends, no key is revoked or rotated (by another) while keys are made: what is made of a key in
 * the moment in which that is revoked would not be seen by the revocation, and live on.
 *
 * @param how making keys shares this with making others
 */
async function holdFamilies(em: EntityManager, how: 'shared' | 'alone') {
  const lock = how === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock'
  await em.execute(`select ${lock}(hashtext('valetkey.key-families'))`)
}

/**
 * The caller was let in a while ago, perhaps from a cache. What it hands out now would outlive its end.
 *
 * @returns whether no key has made the caller's
 * @throws {ValetkeyError} UNAUTHENTICATED
 */
async function assertStillValid(em: EntityManager, { key, credential }: Caller): Promise<{ isRoot: boolean }> {
  if (!key) return { isRoot: true }
  const [row] = await em.execute<{ maker_id: string | null }[]>(
    `select maker_id from api_key k join api_key_secret s on s.api_key_id = k.id
     where k.id = ? and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
       and (s.hash = ? or (s.previous_hash = ? and s.previous_until > now()))`,
    [key.uuid, credential.hash, credential.hash],
  )
  if (!row) throw new ValetkeyError('UNAUTHENTICATED', 'This API key has been revoked or replaced, or it has expired.')
  return { isRoot: row.maker_id === null }
}

/**
 * What a key is to the caller.
 *
 * @returns `own` is also what it has made, or these; `maker` is also the maker's maker; the configured admin key
 *   made everything
 */
async function kinshipOf(em: EntityManager, { key }: Caller, apiKey: ApiKey): Promise<'own' | 'maker' | 'other'> {
  if (!key || key.uuid === apiKey.uuid) return 'own'
  const ancestors = async (uuid: string) => (await em.execute<{ id: string }[]>(ANCESTORS, [uuid])).map(({ id }) => id)
  if ((await ancestors(apiKey.uuid)).includes(key.uuid)) return 'own'
  return (await ancestors(key.uuid)).includes(apiKey.uuid) ? 'maker' : 'other'
}

const ANCESTORS = `
  with recursive maker as (
    select id, maker_id from api_key where id = ?
    union
    select above.id, above.maker_id from api_key above join maker on above.id = maker.maker_id
  )
  select id from maker`

function ofMaker(does: string): ValetkeyError {
  return new ValetkeyError('FORBIDDEN', `A key never ${does} the one that made it, or that one's maker.`, ['id'])
}

/** Whether nothing limits what the key does but its permissions. */
function isUnbound({ connections, identifiers, key }: Caller): boolean {
  return (
    connections.length === 0 &&
    identifiers.length === 0 &&
    (!key || (key.addresses.length === 0 && !key.expiresAt && !key.purposeRequired && !key.trustedDocumentsOnly))
  )
}

/** The rule for new keys, for one that there is. @throws {ValetkeyError} FORBIDDEN */
function assertCouldHaveMade(caller: Caller, apiKey: ApiKey, kinship: 'own' | 'other') {
  assertGives(caller, apiKey.permissions, ['id'])
  const { key } = caller
  if (!key || key.uuid === apiKey.uuid) return
  const outlives = key.expiresAt !== null && (apiKey.expiresAt === null || apiKey.expiresAt > key.expiresAt)
  const isFreer =
    (key.purposeRequired && !apiKey.purposeRequired) || (key.trustedDocumentsOnly && !apiKey.trustedDocumentsOnly)
  if (outlives || isFreer || !isWithin(caller, apiKey))
    throw new ValetkeyError(
      'FORBIDDEN',
      kinship === 'own'
        ? 'This API key may do more than the one that made it: revoke it, and make another.'
        : 'This API key may do more than yours: it is bound to less, or lives longer.',
      ['id'],
    )
}

async function find(em: EntityManager, caller: Caller, id: string): Promise<ApiKey> {
  const uuid = fromTypeId('key', id)
  // Read anew: another request may have ended it since this one has seen it.
  const apiKey = uuid && (await em.findOne(ApiKey, { uuid }, { refresh: true }))
  if (!apiKey || !isWithin(caller, apiKey)) throw notFound('This API key')
  return apiKey
}

/** @throws {ValetkeyError} BAD_USER_INPUT for one that does not exist, or not for this caller */
async function namedConnections(pool: Pool, caller: Caller, namesOrIds: readonly string[]): Promise<NamedConnection[]> {
  if (namesOrIds.length > MOST_BOUNDS)
    throw badInput(`A key is bound to ${MOST_BOUNDS} connections at the most.`, ['input', 'connections'])
  const { rows } = await pool.query<NamedConnection>(
    'select id as uuid, name from connection where name = any($1::text[]) or id = any($2::uuid[])',
    [namesOrIds, namesOrIds.flatMap((text) => fromTypeId('conn', text) ?? [])],
  )
  return namesOrIds.map((text, index) => {
    const uuid = fromTypeId('conn', text)
    const found = rows.find((row) => row.name === text || row.uuid === uuid)
    if (!found || !mayUseConnection(caller, found))
      throw badInput('There is no connection with this name or id.', ['input', 'connections', index])
    return found
  })
}

function newKeyOf(
  em: EntityManager,
  maker: Caller,
  input: CreateApiKeyInput,
  connections: NamedConnection[],
  now: Date,
): { apiKey: ApiKey; secret: string } {
  const name = input.name
  const identifiers = input.identifiers ?? []
  if (name.trim() !== name || name === '' || name.length > 64 || !isVisible(name))
    throw badInput(
      'A key has a name of 1 to 64 characters, without white space at its ends and without control characters.',
      ['input', 'name'],
    )
  if (input.permissions.length === 0)
    throw badInput('A key without permissions can do nothing; give it at least one.', ['input', 'permissions'])
  if (input.expiresAt && !isStorableTime(input.expiresAt))
    throw badInput('An expiry is in the years from 1970 to 9999.', ['input', 'expiresAt'])
  if (input.expiresAt && input.expiresAt <= now) throw badInput('The expiry is in the past.', ['input', 'expiresAt'])
  const index = identifiers.findIndex((item) => item === '' || item.length > 256 || !isVisible(item))
  if (index >= 0 || identifiers.length > MOST_BOUNDS)
    throw badInput(`The identifiers are up to ${MOST_BOUNDS}, of 1 to 256 characters each.`, [
      'input',
      'identifiers',
      Math.max(index, 0),
    ])
  const addresses = checkedRanges(input.addresses ?? [])
  assertGives(maker, input.permissions, ['input', 'permissions'])
  const bounds = { connectionIds: connections.map(({ uuid }) => uuid), identifiers, addresses }
  if (!isWithin(maker, bounds))
    throw new ValetkeyError(
      'FORBIDDEN',
      'A key that is bound to connections, identifiers or addresses can only make keys that are bound to some of ' +
        'the same.',
      ['input'],
    )
  const ends = maker.key?.expiresAt ?? null
  if (ends && input.expiresAt && input.expiresAt > ends)
    throw new ValetkeyError('FORBIDDEN', `A key cannot outlive the one that makes it: until ${ends.toISOString()}.`, [
      'input',
      'expiresAt',
    ])
  return persistKey(em, {
    name,
    permissions: [...new Set(input.permissions)],
    connections,
    identifiers,
    addresses,
    purposeRequired: input.purposeRequired === true || maker.key?.purposeRequired === true,
    trustedDocumentsOnly: input.trustedDocumentsOnly === true || maker.key?.trustedDocumentsOnly === true,
    makerId: maker.key?.uuid ?? null,
    expiresAt: input.expiresAt ?? ends,
  })
}

/** @throws {ValetkeyError} FORBIDDEN */
function assertGives(maker: Caller, permissions: readonly Permission[], path: (string | number)[]) {
  const withheld = permissions.filter((permission) => !maker.permissions.has(permission))
  if (withheld.length > 0)
    throw new ValetkeyError('FORBIDDEN', `A key cannot give what it does not have: ${withheld.join(', ')}.`, path)
}

/** @throws {ValetkeyError} BAD_USER_INPUT */
function checkedRanges(texts: readonly string[]): string[] {
  if (texts.length > MOST_BOUNDS)
    throw badInput(`A key is bound to ${MOST_BOUNDS} ranges at the most.`, ['input', 'addresses'])
  return texts.map((text, index) => {
    const range = readRange(text)
    if (range === null)
      throw badInput('This is no address and no range of them (CIDR), such as 10.0.0.0/8.', [
        'input',
        'addresses',
        index,
      ])
    return range
  })
}

/** Whether a key reaches nothing that the caller does not reach. */
function isWithin(
  caller: Caller,
  { connectionIds, identifiers, addresses }: Pick<ApiKey, 'connectionIds' | 'identifiers' | 'addresses'>,
): boolean {
  const hasConnections =
    caller.connections.length === 0 ||
    (connectionIds.length > 0 && connectionIds.every((uuid) => mayUseConnection(caller, { uuid })))
  const hasIdentifiers =
    caller.identifiers.length === 0 ||
    (identifiers.length > 0 && identifiers.every((pattern) => mayUseIdentifier(caller, pattern)))
  const ranges = caller.key?.addresses ?? []
  const hasAddresses = ranges.length === 0 || (addresses.length > 0 && areWithinRanges(addresses, ranges))
  return hasConnections && hasIdentifiers && hasAddresses
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
      addresses: [],
      purposeRequired: false,
      trustedDocumentsOnly: false,
      makerId: null,
      expiresAt: null,
    }).secret
  })
}

function persistKey(em: EntityManager, values: ApiKeyValues) {
  const { key, lookup, prefix, hash } = newApiKey()
  const apiKey = new ApiKey({ ...values, prefix })
  em.persist(apiKey)
  em.persist(new ApiKeySecret(apiKey, lookup, hash))
  return { apiKey, secret: key }
}
