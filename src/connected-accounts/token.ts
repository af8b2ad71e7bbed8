/**
 * The one way out for credentials: a token query. It answers from the store while the token lasts
 * long enough, and has it refreshed first when it does not. Every answer is in the audit log before
 * it leaves.
 */
import type { Pool } from 'pg'
import type { AuditLog, AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import { type Connection, ConnectionStatus } from '../connections/connection.js'
import type { Connections } from '../connections/connections.js'
import { withDefaults } from '../connectors/form.js'
import { badInput, ValetkeyError } from '../errors.js'
import type { Provider } from '../oauth/provider.js'
import type { Vault } from '../vault/vault.js'
import { AccountStatus, type ConnectedAccount } from './connected-account.js'
import { openAccess } from './credential.secret.js'
import type { Refresher } from './refresh.js'
import type { StoredCredential, StoredCredentials } from './stored-credential.js'
import {
  ApiKeyCredential,
  AuthorizationRequired,
  BasicCredential,
  ConnectionUnavailable,
  Credential,
  CustomCredential,
  InsufficientScope,
  OAuthToken,
  ProviderUnavailable,
  type Sent,
  type TokenAnswer,
} from './token-result.js'

export interface TokenWish {
  /** Seconds that the token must last at the least. */
  minValidity: number
  /** Scopes that the token must have; null asks for none in particular. */
  scopes: readonly string[] | null
  /** What for, in the caller's words; goes to the audit log. */
  purpose: string | null
}

/** A token that is younger than this is not refreshed for lasting too short: the next would not last longer. Seconds. */
const NEW = 30
const LONGEST_VALIDITY = 24 * 3600
const LONGEST_PURPOSE = 200

export class Tokens {
  constructor(
    private readonly pool: Pool,
    private readonly credentials: StoredCredentials,
    private readonly connections: Connections,
    private readonly refresher: Refresher,
    private readonly provider: Provider,
    private readonly vault: Vault,
    private readonly auditLog: AuditLog,
    private readonly observe: (answer: string) => void,
  ) {}

  /**
   * @param account with its connection, both as the caller may see them
   * @throws {ValetkeyError} BAD_USER_INPUT for a wish that cannot be meant
   */
  async read(account: ConnectedAccount, connection: Connection, wish: TokenWish, audit: AuditTrail): Promise<TokenAnswer> {
    checkWish(wish)
    const answer = await this.answer(account, connection, wish)
    const given = answer instanceof Credential
    await this.auditLog.write(
      audit.event({
        action: 'token.read',
        outcome: given ? AuditOutcome.SUCCEEDED : AuditOutcome.FAILED,
        connection: connection.name,
        identifier: account.identifier,
        purpose: wish.purpose,
        details: { answer: answer.constructor.name },
      }),
    )
    await this.noteRead(account)
    this.observe(answer.constructor.name)
    return answer
  }

  private async answer(account: ConnectedAccount, connection: Connection, wish: TokenWish): Promise<TokenAnswer> {
    if (!this.connections.offers(connection)) return new ConnectionUnavailable(connection.status, `This server's catalogue has no connector ${connection.connectorKey}.`)
    if (connection.status === ConnectionStatus.DRAFT || connection.status === ConnectionStatus.DISABLED) return unavailable(connection)
    let stored = await this.credentials.of(account)
    let renewals = 0
    while (stored && stored.status === AccountStatus.ACTIVE && isStale(stored, wish.minValidity, renewals > 0)) {
      if (connection.status === ConnectionStatus.MISCONFIGURED && !connection.mayBeMended(new Date())) return unavailable(connection)
      const result = await this.refresher.refresh(account.uuid, stored.version)
      if (result.kind === 'misconfigured') return new ConnectionUnavailable(ConnectionStatus.MISCONFIGURED, result.problem)
      if (result.kind === 'unavailable') return new ProviderUnavailable(result.reason, result.retryAfter)
      if (++renewals > MOST_RENEWALS) return new ProviderUnavailable('The token changed again and again while it was read.', 1)
      stored = await this.credentials.of(account)
    }
    if (!stored) return new AuthorizationRequired(account.status, account.statusReason ?? 'The user has not authorized yet; call startAuthorization and hand over the link.')
    if (stored.status !== AccountStatus.ACTIVE) return new AuthorizationRequired(stored.status, stored.reason ?? 'The account is not active.')
    const missing = (wish.scopes ?? []).filter((scope) => !stored.granted.includes(scope))
    if (missing.length > 0) return new InsufficientScope(missing, stored.granted)
    return this.credential(stored, account, connection)
  }

  private credential(stored: StoredCredential, account: ConnectedAccount, connection: Connection): TokenAnswer {
    const access = openAccess(stored, this.vault)
    const { method } = this.connections.kind(connection)
    const fields = withDefaults(method.accountFields, { ...account.values, ...access.fields })
    const tokens = { accessToken: access.accessToken, refreshToken: null, named: access.named, captured: access.captured }
    const sent: Sent = {
      ...this.provider.apply(this.connections.describe(connection), tokens, { ...fields, ...access.found }),
      expiresAt: stored.expires_at === null ? null : new Date(stored.expires_at),
    }
    if (method.definition.type === 'oauth2') return new OAuthToken(access.accessToken, access.tokenType, stored.granted, sent)
    const key = Object.values(access.fields)[0] ?? ''
    switch (method.definition.preset) {
      case 'bearer':
        return new OAuthToken(key, 'Bearer', [], sent)
      case 'api_key':
        return new ApiKeyCredential(key, sent)
      case 'basic': {
        const [username, password] = basicOf(sent)
        return new BasicCredential(username, password, sent)
      }
      case 'custom':
        return new CustomCredential(
          Object.entries(fields).map(([key, value]) => ({ key, value })),
          sent,
        )
    }
  }

  /** To the minute: a busy account is not written with every read. */
  private async noteRead(account: ConnectedAccount) {
    if (account.lastTokenReadAt && Date.now() - account.lastTokenReadAt.getTime() < 60_000) return
    await this.pool.query({
      name: 'token-read-note',
      text: "update connected_account set last_token_read_at = now() where id = $1 and (last_token_read_at is null or last_token_read_at < now() - interval '1 minute')",
      values: [account.uuid],
    })
  }
}

/** Newer tokens that one query waits for: a user may authorize again while it does. */
const MOST_RENEWALS = 3

/**
 * Whether a token must be refreshed before it is handed out. One that does not last `minValidity`
 * although it is new will not be outlasted by the next: providers whose tokens are short-lived would
 * be asked with every query.
 */
function isStale({ remaining, age, lifetime }: StoredCredential, minValidity: number, justRenewed: boolean): boolean {
  if (remaining === null || remaining >= minValidity) return false
  const isNew = justRenewed || age < Math.min(NEW, (lifetime ?? 0) / 2)
  return remaining <= 0 || !isNew
}

/** User name and password as the connector puts them together: RFC 7617 §2, split at the first colon. */
function basicOf({ headers }: Sent): [string, string] {
  const header = headers.find(({ name, value }) => name.toLowerCase() === 'authorization' && value.startsWith('Basic '))
  const [, username = '', password = ''] = /^([^:]*):([\s\S]*)$/.exec(Buffer.from(header?.value.slice(6) ?? '', 'base64').toString()) ?? []
  return [username, password]
}

function unavailable({ status, problem }: Connection): ConnectionUnavailable {
  return new ConnectionUnavailable(status, problem ?? 'The connection is not ready.')
}

function checkWish({ minValidity, scopes, purpose }: TokenWish) {
  if (minValidity < 0 || minValidity > LONGEST_VALIDITY) throw badInput(`minValidity is from 0 to ${LONGEST_VALIDITY} seconds.`, ['minValidity'])
  if (purpose !== null && (purpose.length > LONGEST_PURPOSE || /\p{Cc}/u.test(purpose)))
    throw badInput(`A purpose has up to ${LONGEST_PURPOSE} characters, on one line.`, ['purpose'])
  if (scopes && scopes.length > 100) throw badInput('Up to 100 scopes can be asked for.', ['scopes'])
}

/** @throws {ValetkeyError} QUERY_TOO_COMPLEX: one operation reads one token, however it is spelled */
export function assertFirstRead(context: { tokenReads: number }) {
  context.tokenReads += 1
  if (context.tokenReads > 1) throw new ValetkeyError('QUERY_TOO_COMPLEX', 'One operation reads one token; send one for each account.')
}
