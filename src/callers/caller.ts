/**
 * Who asks. Every request to the API is made by a caller: an API key, the admin key of the
 * configuration, or a person who signed in with one of them (sessions.ts). A caller has permissions,
 * and may be bound to connections and identifiers; what it is not bound to does not exist for it.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Pool } from 'pg'
import { notFound, ValetkeyError } from '../errors.js'
import { sha256 } from '../hash.js'
import { toTypeId } from '../ids.js'
import { likeEscaped } from '../page.js'
import { readApiKey } from './api-key-format.js'
import { ALL_PERMISSIONS, type Permission } from './permission.js'

export interface Caller {
  /** As the audit log names it: the id of an API key, or `admin`. */
  actor: string
  permissions: ReadonlySet<Permission>
  /** Names of the only connections that it may use; empty means all. */
  connections: readonly string[]
  /** Patterns of the only identifiers that it may use, such as `tenant_7:*`; empty means all. */
  identifiers: readonly string[]
}

export function mayUseConnection(caller: Caller, name: string): boolean {
  return caller.connections.length === 0 || caller.connections.includes(name)
}

export function mayUseIdentifier(caller: Caller, identifier: string): boolean {
  return caller.identifiers.length === 0 || caller.identifiers.some((pattern) => matches(pattern, identifier))
}

/** @throws {ValetkeyError} NOT_FOUND, as for what does not exist */
export function assertMayUse(caller: Caller, what: string, connection: string, identifier?: string) {
  if (!mayUseConnection(caller, connection) || (identifier !== undefined && !mayUseIdentifier(caller, identifier)))
    throw notFound(what)
}

/** The patterns for SQL's LIKE: `*` is any run of characters, everything else is itself. */
export function identifierLikes(caller: Caller): string[] {
  return caller.identifiers.map((pattern) => likeEscaped(pattern).replaceAll('*', '%'))
}

/** `*` stands for any run of characters, everything else for itself; in time linear to the pieces. */
function matches(pattern: string, identifier: string): boolean {
  const [head = '', ...pieces] = pattern.split('*')
  if (!identifier.startsWith(head)) return false
  if (pieces.length === 0) return identifier === pattern
  const tail = pieces.pop() as string
  let from = head.length
  for (const piece of pieces) {
    const found = identifier.indexOf(piece, from)
    if (found < 0) return false
    from = found + piece.length
  }
  return identifier.length - tail.length >= from && identifier.endsWith(tail)
}

/** Milliseconds for which a replica may go on believing a key that another one has revoked. */
const BELIEVED = 2_000
/** Milliseconds between notes of a key's use. */
const USE_NOTED = 60_000

export class Callers {
  private readonly believed = new Map<string, { caller: Caller; until: number; expiresAt: number; id: string }>()
  private readonly noted = new Map<string, number>()
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
   * @throws {ValetkeyError} UNAUTHENTICATED, with what to do
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
    const now = Date.now()
    const cacheKey = hash.toString('base64')
    const known = this.believed.get(cacheKey)
    if (known && known.until > now && known.expiresAt > now) return this.used(known.id, known.caller)
    const { rows } = await this.pool.query({
      name: 'api-key',
      text: 'select k.id, k.permissions, k.connections, k.identifiers, k.expires_at, k.revoked_at, s.hash from api_key k join api_key_secret s on s.api_key_id = k.id where s.lookup = $1',
      values: [parts.lookup],
    })
    const row = rows[0]
    if (!row || !timingSafeEqual(hash, row.hash))
      throw new ValetkeyError('UNAUTHENTICATED', 'This API key is not known.')
    if (row.revoked_at) throw new ValetkeyError('UNAUTHENTICATED', 'This API key has been revoked.')
    const expiresAt = row.expires_at ? new Date(row.expires_at).getTime() : Number.POSITIVE_INFINITY
    if (expiresAt <= now) throw new ValetkeyError('UNAUTHENTICATED', 'This API key has expired.')
    const caller = callerOf(row)
    if (this.believed.size > 10_000) this.believed.clear()
    this.believed.set(cacheKey, { caller, until: now + BELIEVED, expiresAt, id: row.id })
    return this.used(row.id, caller)
  }

  /**
   * Who a session's key is.
   *
   * @param id of the API key; null for the admin key of the configuration
   * @param hash SHA-256 of the key
   * @returns null when the key is gone, revoked, expired, or no longer the admin key
   */
  async byHash(id: string | null, hash: Buffer): Promise<Caller | null> {
    if (id === null) return this.adminHash && timingSafeEqual(hash, this.adminHash) ? admin() : null
    const { rows } = await this.pool.query({
      name: 'api-key-of-session',
      text: 'select id, permissions, connections, identifiers from api_key where id = $1 and revoked_at is null and (expires_at is null or expires_at > now())',
      values: [id],
    })
    return rows[0] ? this.used(id, callerOf(rows[0])) : null
  }

  /** Stops believing what was read before, on this replica at once. */
  forget() {
    this.believed.clear()
  }

  private used(id: string, caller: Caller): Caller {
    const now = Date.now()
    if ((this.noted.get(id) ?? 0) < now - USE_NOTED) {
      this.noted.set(id, now)
      // A note for people: a request must not fail for want of it.
      this.pool.query('update api_key set last_used_at = now() where id = $1', [id]).catch(() => this.noted.delete(id))
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
