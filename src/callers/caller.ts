/**
 * Authenticates callers. Every request to the API has a caller: an API key, the admin key of the
 * configuration, or a person who signed in with one of them (sessions.ts). A caller has permissions. It may
 * be bound to connections and identifiers, and then gets NOT_FOUND for all others.
 */
import { timingSafeEqual } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Pool } from 'pg'
import { clock } from '../clock.js'
import { notFound, ValetkeyError } from '../errors.js'
import { sha256 } from '../hash.js'
import { toTypeId } from '../ids.js'
import { likeEscaped } from '../page.js'
import { isWithinRanges } from './address-ranges.js'
import { readApiKey } from './api-key-format.js'
import { ALL_PERMISSIONS, type Permission } from './permission.js'

/** An authenticated caller, and its rights. */
export interface Caller {
  /** As shown in the audit log: the id of an API key, or `admin`. */
  actor: string
  permissions: ReadonlySet<Permission>
  /** Uuids of the only connections that it may use; empty means all. */
  connections: readonly string[]
  /** Patterns of the only identifiers that it may use, such as `tenant_7:*`; empty means all. */
  identifiers: readonly string[]
  /**
   * What it came in with, so that what it watches ends when that does. `hash` is the SHA-256 of the secret of its API
   * key: a key outlives its former secret.
   */
  credential: { apiKey: string | null; hash: Buffer | null; session: string | null }
  /** What its API key gives to the keys that it makes; null for the admin key. */
  key: {
    uuid: string
    addresses: readonly string[]
    purposeRequired: boolean
    trustedDocumentsOnly: boolean
    expiresAt: Date | null
  } | null
}

/** A connection, as callers are bound to it. */
type Bound = { readonly uuid: string }

/** Whether the caller is bound to the connection, or to none. */
export function mayUseConnection(caller: Caller, { uuid }: Bound): boolean {
  return caller.connections.length === 0 || caller.connections.includes(uuid)
}

/** Whether one of the caller's patterns matches the identifier, or it has none. */
export function mayUseIdentifier(caller: Caller, identifier: string): boolean {
  return caller.identifiers.length === 0 || caller.identifiers.some((pattern) => matches(pattern, identifier))
}

/** @param what subject of the message @throws {ValetkeyError} NOT_FOUND, the same as for a missing record */
export function assertMayUse(caller: Caller, what: string, connection: Bound, identifier?: string) {
  if (!mayUseConnection(caller, connection) || (identifier !== undefined && !mayUseIdentifier(caller, identifier)))
    throw notFound(what)
}

/** The caller's patterns in the syntax of SQL's LIKE: `*` becomes `%`, everything else is escaped. */
export function identifierLikes(caller: Caller): string[] {
  return caller.identifiers.map((pattern) => likeEscaped(pattern).replaceAll('*', '%'))
}

/** `*` matches any characters. Needs no backtracking: each piece is searched for once. */
function matches(pattern: string, identifier: string): boolean {
  const [head = '', ...pieces] = pattern.split('*')
  if (!identifier.startsWith(head)) return false
  if (pieces.length === 0) return identifier === pattern
  const tail = pieces.pop() as string
  let from = head.length
  for (const piece of pieces) {
    const index = identifier.indexOf(piece, from)
    if (index < 0) return false
    from = index + piece.length
  }
  return identifier.length - tail.length >= from && identifier.endsWith(tail)
}

/** Milliseconds that a verified key is cached: a key that another replica revokes stays valid here for so long. */
const CACHE_LIFE = 2_000
/** Milliseconds between two updates of a key's lastUsedAt. */
const USE_INTERVAL = 60_000

/** Authenticates API keys, with a short cache. */
export class Callers {
  /**
   * By SHA-256 of the key, as base64; `until` in milliseconds of `performance.now()`, `expiresAt` in
   * milliseconds since 1970 by the database's clock.
   */
  private readonly cache = new Map<string, { caller: Caller; until: number; expiresAt: number; id: string }>()
  /** When lastUsedAt was last written, by key id, in milliseconds of `performance.now()`. */
  private readonly useRecorded = new Map<string, number>()
  private readonly adminHash: Buffer | null

  /** @param adminKey the admin key of the configuration, if it has one */
  constructor(
    private readonly pool: Pool,
    adminKey: string | null,
  ) {
    this.adminHash = adminKey === null ? null : sha256(adminKey)
  }

  /**
   * @param authorization the Authorization header, `Bearer <key>` (RFC 6750 §2.1)
   * @param address of the client
   * @throws {ValetkeyError} UNAUTHENTICATED with the reason
   */
  async authenticate(authorization: string | undefined, address: string): Promise<Caller> {
    if (!authorization)
      throw new ValetkeyError('UNAUTHENTICATED', 'Send an API key in the header: Authorization: Bearer vk_…')
    const key = /^bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1]
    if (!key)
      throw new ValetkeyError('UNAUTHENTICATED', 'The Authorization header must be Bearer, one space, and an API key.')
    const hash = sha256(key)
    if (this.adminHash && timingSafeEqual(hash, this.adminHash)) return admin()
    const parts = readApiKey(key)
    if (!parts)
      throw new ValetkeyError('UNAUTHENTICATED', 'This is not an API key of Valetkey: it is mistyped or cut short.')
    const now = clock.now().getTime()
    const cacheKey = hash.toString('base64')
    const cached = this.cache.get(cacheKey)
    if (cached && cached.until > performance.now() && cached.expiresAt > now)
      return this.used(cached.id, from(address, cached.caller))
    const { rows } = await this.pool.query({
      name: 'api-key',
      text: `
        select ${KEY}, k.revoked_at, case when s.lookup = $1 then s.hash else s.previous_hash end as hash,
          case when s.lookup = $1 then null else s.previous_until end as until
        from api_key k join api_key_secret s on s.api_key_id = k.id
        where s.lookup = $1 or (s.previous_lookup = $1 and s.previous_until > now())`,
      values: [parts.lookup],
    })
    const row = rows[0]
    if (!row || !timingSafeEqual(hash, row.hash))
      throw new ValetkeyError('UNAUTHENTICATED', 'This API key is not known.')
    if (row.revoked_at) throw new ValetkeyError('UNAUTHENTICATED', 'This API key has been revoked.')
    const expiresAt = row.expires_at ? new Date(row.expires_at).getTime() : Number.POSITIVE_INFINITY
    if (expiresAt <= now) throw new ValetkeyError('UNAUTHENTICATED', 'This API key has expired.')
    const caller = callerOf(row, hash)
    from(address, caller)
    if (this.cache.size > 10_000) this.cache.clear()
    const ends = Math.min(expiresAt, row.until ? new Date(row.until).getTime() : Number.POSITIVE_INFINITY)
    this.cache.set(cacheKey, { caller, until: performance.now() + CACHE_LIFE, expiresAt: ends, id: row.id })
    return this.used(row.id, caller)
  }

  /**
   * The caller of a session.
   *
   * @param id of the API key; null for the admin key of the configuration
   * @param hash SHA-256 of the key
   * @param address of the client
   * @param session its id
   * @returns null when the key is gone, revoked, expired, replaced, not taken from there, or no longer the admin key
   */
  async byHash(id: string | null, hash: Buffer, address: string, session: string): Promise<Caller | null> {
    if (id === null)
      return this.adminHash && timingSafeEqual(hash, this.adminHash)
        ? { ...admin(), credential: { apiKey: null, hash: null, session } }
        : null
    const { rows } = await this.pool.query({
      name: 'api-key-of-session',
      text: `
        select ${KEY} from api_key k join api_key_secret s on s.api_key_id = k.id
        where k.id = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
          and (s.hash = $2 or (s.previous_hash = $2 and s.previous_until > now()))`,
      values: [id, hash],
    })
    const caller = rows[0] && callerOf(rows[0], hash)
    if (!caller || !isFrom(address, caller)) return null
    return this.used(id, { ...caller, credential: { apiKey: id, hash, session } })
  }

  /**
   * Which of these came in with a key, a secret of it or a session that has ended since.
   *
   * @param callers of what is being watched
   */
  async ended(callers: readonly Caller[]): Promise<Set<Caller>> {
    const keys = new Map(
      callers.flatMap(({ credential: { apiKey, hash } }) => (hash ? [[hash.toString('hex'), apiKey] as const] : [])),
    )
    const { rows } = await this.pool.query<{ gone: string }>({
      name: 'ended-credentials',
      text: `
        select given.hash as gone from unnest($1::uuid[], $2::text[]) as given (id, hash)
        where not exists (
          select from api_key k join api_key_secret s on s.api_key_id = k.id
          where k.id = given.id and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
            and (s.hash = decode(given.hash, 'hex')
              or (s.previous_hash = decode(given.hash, 'hex') and s.previous_until > now()))
        )
        union all
        select given.id::text from unnest($3::uuid[]) as given (id)
        where not exists (select from session where session.id = given.id)`,
      values: [
        [...keys.values()],
        [...keys.keys()],
        [...new Set(callers.flatMap(({ credential }) => credential.session ?? []))],
      ],
    })
    const gone = new Set(rows.map((row) => row.gone))
    return new Set(
      callers.filter(
        ({ credential: { hash, session } }) => gone.has(hash?.toString('hex') ?? '') || gone.has(session ?? ''),
      ),
    )
  }

  /** Empties the cache, so that a revocation takes effect on this replica at once. */
  forget() {
    this.cache.clear()
  }

  private used(id: string, caller: Caller): Caller {
    const now = performance.now()
    if ((this.useRecorded.get(id) ?? Number.NEGATIVE_INFINITY) < now - USE_INTERVAL) {
      this.useRecorded.set(id, now)
      // lastUsedAt is information for people: a failure to write it must not fail the request.
      this.pool
        .query('update api_key set last_used_at = now() where id = $1', [id])
        .catch(() => this.useRecorded.delete(id))
    }
    return caller
  }
}

const KEY = `k.id, k.permissions, k.connection_ids, k.identifiers, k.addresses, k.purpose_required,
  k.trusted_documents_only, k.expires_at`

/** @throws {ValetkeyError} UNAUTHENTICATED where the key is not taken from this address */
function from(address: string, caller: Caller): Caller {
  if (isFrom(address, caller)) return caller
  throw new ValetkeyError('UNAUTHENTICATED', `This API key is not taken from the address ${address}.`)
}

function isFrom(address: string, { key }: Caller): boolean {
  return !key || key.addresses.length === 0 || isWithinRanges(address, key.addresses)
}

function admin(): Caller {
  return {
    actor: 'admin',
    permissions: new Set(ALL_PERMISSIONS),
    connections: [],
    identifiers: [],
    credential: { apiKey: null, hash: null, session: null },
    key: null,
  }
}

function callerOf(
  row: {
    id: string
    permissions: Permission[]
    connection_ids: string[]
    identifiers: string[]
    addresses: string[]
    purpose_required: boolean
    trusted_documents_only: boolean
    expires_at: string | Date | null
  },
  hash: Buffer,
): Caller {
  return {
    actor: toTypeId('key', row.id),
    permissions: new Set(row.permissions),
    connections: row.connection_ids,
    identifiers: row.identifiers,
    credential: { apiKey: row.id, hash, session: null },
    key: {
      uuid: row.id,
      addresses: row.addresses,
      purposeRequired: row.purpose_required,
      trustedDocumentsOnly: row.trusted_documents_only,
      expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    },
  }
}
