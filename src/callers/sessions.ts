/**
 * Sessions of the dashboard. The browser holds a random token in a cookie that scripts cannot read; the
 * database holds the token's hash and the API key of the session. A session has the rights of its key, for
 * as long as the key is valid. The token is replaced every hour. The session ends after twelve hours without
 * use, and after a week in any case.
 */
import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { ValetkeyError } from '../errors.js'
import { sha256 } from '../hash.js'
import { newUuid } from '../ids.js'
import type { Caller, Callers } from './caller.js'

/** Seconds that a session lasts at most. */
export const LONGEST = 7 * 24 * 3600
/** Seconds without use after which it ends. */
const IDLE = 12 * 3600
/** Seconds after which the token is replaced. */
const ROTATED_EVERY = 3600
/** Seconds for which the former token is still accepted, for requests that were under way. */
const OVERLAP = 60

const ALIVE = `created_at > now() - interval '${LONGEST} seconds' and seen_at > now() - interval '${IDLE} seconds'`

interface Row {
  id: string
  api_key_id: string | null
  key_hash: Buffer
  current: boolean
  due: boolean
}

/** Starts, authenticates and ends sessions. */
export class Sessions {
  constructor(
    private readonly pool: Pool,
    private readonly callers: Callers,
  ) {}

  /**
   * Starts a session, and deletes expired ones.
   *
   * @param key an API key, or the admin key
   * @param address of the client
   * @returns the token for the cookie, and the caller
   * @throws {ValetkeyError} UNAUTHENTICATED for an invalid key; FORBIDDEN for one that runs registered documents alone,
   *   since a session runs those of the dashboard, too
   */
  async start(key: string, address: string): Promise<{ token: string; caller: Caller }> {
    const caller = await this.callers.authenticate(`Bearer ${key}`, address)
    if (caller.key?.trustedDocumentsOnly)
      throw new ValetkeyError(
        'FORBIDDEN',
        'This API key runs registered documents alone, and the dashboard has its own. Sign in with another key.',
      )
    const token = newToken()
    await this.pool.query(`delete from session where not (${ALIVE})`)
    await this.pool.query(
      `insert into session (id, key_hash, api_key_id, token_hash, rotated_at, seen_at, created_at)
       select $1, $2, (select api_key_id from api_key_secret where hash = $2 or previous_hash = $2), $3,
         now(), now(), now()`,
      [newUuid(), sha256(key), sha256(token)],
    )
    return { token, caller }
  }

  /**
   * @param token from the cookie
   * @param address of the client
   * @param mayReplace whether the answer can carry a new cookie
   * @returns the caller, and a new token for the cookie when the token has to be replaced
   * @throws {ValetkeyError} UNAUTHENTICATED when the session has ended or its key is not valid any more
   */
  async authenticate(
    token: string,
    address: string,
    mayReplace: boolean,
  ): Promise<{ caller: Caller; next: string | null }> {
    const row = await this.find(token)
    const caller = row && (await this.callers.byHash(row.api_key_id, row.key_hash, address, row.id))
    if (!caller) throw ended()
    if (!row.due || !row.current || !mayReplace) return { caller, next: null }
    const next = newToken()
    // Of several simultaneous requests, only one replaces the token.
    const { rowCount } = await this.pool.query(
      `update session set token_hash = $2, previous_hash = token_hash, rotated_at = now()
       where id = $1 and token_hash = $3`,
      [row.id, sha256(next), sha256(token)],
    )
    return { caller, next: rowCount === 1 ? next : null }
  }

  /**
   * Ends the session of `token`.
   *
   * @param everywhere whether all other sessions of the same key end too
   * @returns the caller; null where there is no such session, or its key is not valid any more
   */
  async end(token: string, everywhere: boolean, address: string): Promise<Caller | null> {
    const row = await this.find(token)
    if (!row) return null
    await this.pool.query(
      everywhere
        ? 'delete from session where key_hash = (select key_hash from session where id = $1)'
        : 'delete from session where id = $1',
      [row.id],
    )
    return this.callers.byHash(row.api_key_id, row.key_hash, address, row.id)
  }

  private async find(token: string): Promise<Row | null> {
    if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return null
    const { rows } = await this.pool.query<Row>({
      name: 'session',
      text: `
        update session set seen_at = now()
        where ${ALIVE}
          and (token_hash = $1 or (previous_hash = $1 and rotated_at > now() - interval '${OVERLAP} seconds'))
        returning id, api_key_id, key_hash, token_hash = $1 as current,
          rotated_at < now() - interval '${ROTATED_EVERY} seconds' as due`,
      values: [sha256(token)],
    })
    return rows[0] ?? null
  }
}

function newToken(): string {
  return randomBytes(32).toString('base64url')
}

function ended(): ValetkeyError {
  return new ValetkeyError('UNAUTHENTICATED', 'Your session has ended. Sign in again.')
}
