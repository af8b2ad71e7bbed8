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
import { readApiKey } from './api-key-format.js'
import { ALL_PERMISSIONS, type Permission } from './permission.js'

/** An authenticated caller, and its rights. */
export interface Caller {
  /** As shown in the audit log: the id of an API key, or `admin`. */
  actor: string
  permissions: ReadonlySet<Permission>
  /** Names of the only connections that it may use; empty means all. */
  connections: readonly string[]
  /** Patterns of the only identifiers that it may use, such as `tenant_7:*`; empty means all. */
  identifiers: readonly string[]
}

/** Whether the caller is bound to the connection, or to none. */
export function mayUseConnection(caller: Caller, name: string): boolean {
  return caller.connections.length === 0 || caller.connections.includes(name)
}

/** Whether one of the caller's patterns matches the identifier, or it has none. */
export function mayUseIdentifier(caller: Caller, identifier: string): boolean {
  return caller.identifiers.length === 0 || caller.identifiers.some((pattern) => matches(pattern, identifier))
}

/** @param what subject of the message @throws {ValetkeyError} NOT_FOUND, the same as for a missing record */
export function assertMayUse(caller: Caller, what: string, connection: string, identifier?: string) {
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
   * @throws {ValetkeyError} UNAUTHENTICATED with the reason
   */
  async authenticate(authorization: string | undefined): Promise<Caller> {
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
    if (cached && cached.until > performance.now() && cached.expiresAt > now) return this.used(cached.id, cached.caller)
    const { rows } = await this.pool.query({
      name: 'api-key',
      text: `
        select k.id, k.permissions, k.connections, k.identifiers, k.expires_at, k.revoked_at, s.hash
        from api_key k join api_key_secret s on s.api_key_id = k.id
        where s.lookup = $1`,
      values: [parts.lookup],
    })
    const row = rows[0]
    if (!row || !timingSafeEqual(hash, row.hash))
      throw new ValetkeyError('UNAUTHENTICATED', 'This API key is not known.')
    if (row.revoked_at) throw new ValetkeyError('UNAUTHENTICATED', 'This API key has been revoked.')
    const expiresAt = row.expires_at ? new Date(row.expires_at).getTime() : Number.POSITIVE_INFINITY
    if (expiresAt <= now) throw new ValetkeyError('UNAUTHENTICATED', 'This API key has expired.')
    const caller = callerOf(row)
    if (this.cache.size > 10_000) this.cache.clear()
    this.cache.set(cacheKey, { caller, until: performance.now() + CACHE_LIFE, expiresAt, id: row.id })
    return this.used(row.id, caller)
  }

  /**
   * The caller of a session.
   *
   * @param id of the API key; null for the admin key of the configuration
   * @param hash SHA-256 of the key
   * @returns null when the key is gone, revoked, expired, or no longer the admin key
   */
  async byHash(id: string | null, hash: Buffer): Promise<Caller | null> {
    if (id === null) return this.adminHash && timingSafeEqual(hash, this.adminHash) ? admin() : null
    const { rows } = await this.pool.query({
      name: 'api-key-of-session',
      text: `
        select id, permissions, connections, identifiers from api_key
        where id = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
      values: [id],
    })
    return rows[0] ? this.used(id, callerOf(rows[0])) : null
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

function admin(): Caller {
  return { actor: 'admin', permissions: new Set(ALL_PERMISSIONS), connections: [], identifiers: [] }
}

function callerOf(row: {
  id: string
  permissions: Permission[]
  connections: string[]
  identifiers: string[]
}): Caller {
  return {
    actor: toTypeId('key', row.id),
    permissions: new Set(row.permissions),
    connections: row.connections,
    identifiers: row.identifiers,
  }
}
