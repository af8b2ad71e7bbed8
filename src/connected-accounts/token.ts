/**
 * The one way out for credentials: a token query. It answers from the store while the token lasts
 * long enough, and has it refreshed first when it does not. Every answer is in the audit log before
 * it leaves.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import type { AuditLog, AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import { type Connection, ConnectionStatus } from '../connections/connection.js'
import type { Connections } from '../connections/connections.js'
import type { AuthMethod } from '../connectors/auth-method.js'
import { templateValues } from '../connectors/form.js'
import { badInput, ValetkeyError } from '../errors.js'
import type { SignedJwtMethod, StaticMethod } from '../oauth/definition/other-methods.js'
import { renewal } from '../oauth/definition.js'
import type { Provider, Registration } from '../oauth/provider.js'
import type { Vault } from '../vault/vault.js'
import { AccountStatus, type ConnectedAccount } from './connected-account.js'
import { openAccess } from './credential.secret.js'
import type { Refresher } from './refresh.js'
import type { StoredCredential, StoredCredentials } from './stored-credential.js'
import {
  ApiKeyCredential,
  AuthorizationRequired,
  AwsCredential,
  BasicCredential,
  ConnectionUnavailable,
  Credential,
  CustomCredential,
  InsufficientScope,
  KeyPairCredential,
  type NamedToken,
  NoCredential,
  OAuthToken,
  ProviderUnavailable,
  type Sent,
  type TokenAnswer,
} from './token-result.js'

export interface TokenWish {
  /** Seconds that the token must last at the least. */
  minValidity: number
  /** An access token that the provider refused: a newer one is wanted, if this is still the current one. */
  rejected: string | null
  /** Scopes that the token must have; null asks for none in particular. */
  scopes: readonly string[] | null
  /** What for, in the caller's words; goes to the audit log. */
  purpose: string | null
}

/** A token that is younger than this is not refreshed for lasting too short: the next would not last longer. Seconds. */
const NEW = 30
/** A token is renewed ahead of time in its last five minutes, or the last tenth of a shorter life. Seconds. */
const SOON = 300
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
    private readonly warn: (message: string, details: object) => void,
  ) {}

  /**
   * @param account with its connection, both as the caller may see them
   * @throws {ValetkeyError} BAD_USER_INPUT for a wish that cannot be meant
   */
  async read(
    em: EntityManager,
    account: ConnectedAccount,
    connection: Connection,
    wish: TokenWish,
    audit: AuditTrail,
  ): Promise<TokenAnswer> {
    checkWish(wish)
    const answer = await this.answer(em, account, connection, wish)
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

  private async answer(
    em: EntityManager,
    account: ConnectedAccount,
    connection: Connection,
    wish: TokenWish,
  ): Promise<TokenAnswer> {
    if (!this.connections.offers(connection))
      return new ConnectionUnavailable(
        connection.status,
        `This server's catalogue has no connector ${connection.connectorKey}.`,
      )
    if (connection.status === ConnectionStatus.DRAFT || connection.status === ConnectionStatus.DISABLED)
      return unavailable(connection)
    let stored = await this.credentials.of(account)
    let renewals = 0
    if (
      stored &&
      wish.rejected !== null &&
      stored.status === AccountStatus.ACTIVE &&
      this.isRejected(stored, wish.rejected, connection)
    ) {
      const result = await this.renew(account, connection, stored)
      if (result) return result
      stored = await this.credentials.of(account)
      renewals += 1
    }
    const early = earlyRenewal(this.connections.kind(connection).method)
    while (
      stored &&
      stored.status === AccountStatus.ACTIVE &&
      isStale(stored, Math.max(wish.minValidity, early), renewals > 0)
    ) {
      const result = await this.renew(account, connection, stored)
      if (result) {
        // It was to be renewed early, and lasts as long as was asked.
        if (!isStale(stored, wish.minValidity, renewals > 0)) break
        return result
      }
      if (++renewals > MOST_RENEWALS)
        return new ProviderUnavailable('The token changed again and again while it was read.', 1)
      stored = await this.credentials.of(account)
    }
    if (stored?.status === AccountStatus.ACTIVE && renewals === 0) this.renewSoon(stored, connection)
    if (!stored)
      return new AuthorizationRequired(
        account.status,
        account.statusReason ?? 'The user has not authorized yet; call startAuthorization and hand over the link.',
      )
    if (stored.status !== AccountStatus.ACTIVE)
      return new AuthorizationRequired(stored.status, stored.reason ?? 'The account is not active.')
    const missing = (wish.scopes ?? []).filter((scope) => !stored.granted.includes(scope))
    if (missing.length > 0) return new InsufficientScope(missing, stored.granted)
    return this.credential(em, stored, account, connection)
  }

  /**
   * Whether an agent's word that a token was refused is reason enough to renew it: it is the current
   * one, it can be renewed, and it is not brand new, or a provider that refuses everything would be
   * asked without end.
   */
  private isRejected(stored: StoredCredential, rejected: string, connection: Connection): boolean {
    const { method } = this.connections.kind(connection)
    if (!method.refreshable || stored.age < NEW) return false
    const [given, current] = [rejected, openAccess(stored, this.vault).accessToken].map((token) =>
      createHash('sha256').update(token).digest(),
    ) as [Buffer, Buffer]
    return timingSafeEqual(given, current)
  }

  /** A token that nears its end is renewed while it still serves: nobody waits, and not all accounts at once. */
  private renewSoon(stored: StoredCredential, connection: Connection) {
    const { remaining, lifetime, account_id, version } = stored
    if (remaining === null || lifetime === null || !this.connections.kind(connection).method.refreshable) return
    // Spread by account, by up to a fifth.
    const spread = 1 + Number.parseInt(account_id.slice(-4), 16) / 0xffff / 5
    if (remaining > Math.min(SOON, lifetime / 10) * spread) return
    if (connection.status !== ConnectionStatus.ACTIVE) return
    this.refresher
      .refresh(account_id, connection, version)
      .catch((error) => this.warn('A token could not be renewed ahead of time.', { err: error }))
  }

  /** @returns null where there is something newer to read */
  private async renew(
    account: ConnectedAccount,
    connection: Connection,
    stored: StoredCredential,
  ): Promise<TokenAnswer | null> {
    if (connection.status === ConnectionStatus.MISCONFIGURED && !connection.mayBeMended(new Date()))
      return unavailable(connection)
    const result = await this.refresher.refresh(account.uuid, connection, stored.version)
    if (result.kind === 'misconfigured')
      return new ConnectionUnavailable(ConnectionStatus.MISCONFIGURED, result.problem)
    if (result.kind === 'unavailable') return new ProviderUnavailable(result.reason, result.retryAfter)
    return null
  }

  private async credential(
    em: EntityManager,
    stored: StoredCredential,
    account: ConnectedAccount,
    connection: Connection,
  ): Promise<TokenAnswer> {
    const access = openAccess(stored, this.vault)
    const { method } = this.connections.kind(connection)
    // Most credentials are put together without the connection's secrets, and then those stay sealed.
    const registration = method.readsSecrets
      ? await this.connections.registration(em, connection)
      : this.connections.describe(connection)
    const fields = templateValues(method.accountFields, { ...account.values, ...access.fields })
    const scope = { ...fields, ...access.found }
    const tokens = {
      accessToken: access.accessToken,
      refreshToken: null,
      named: access.named,
      captured: access.captured,
    }
    const sent = (jwt?: string, expiresAt = stored.expires_at === null ? null : new Date(stored.expires_at)): Sent => ({
      ...this.provider.apply(registration, tokens, scope, jwt),
      expiresAt,
    })
    const { runs } = method
    switch (runs.type) {
      case 'oauth2':
      case 'token_exchange':
      case 'app_installation':
        return new OAuthToken(access.accessToken, access.tokenType, stored.granted, sent(), namedTokens(access.named))
      case 'oauth1': {
        if (runs.apply.sign === undefined)
          return new OAuthToken(access.accessToken, access.tokenType, stored.granted, sent())
        const keys = this.provider.oauth1Keys(registration, tokens)
        // The names of RFC 5849 §3.1, for the agent to sign with.
        return new CustomCredential(
          [
            { key: 'oauth_consumer_key', value: keys.consumerKey },
            { key: 'oauth_consumer_secret', value: keys.consumerSecret },
            { key: 'oauth_token', value: keys.token ?? '' },
            { key: 'oauth_token_secret', value: keys.tokenSecret ?? '' },
            { key: 'oauth_signature_method', value: runs.signature },
          ],
          sent(),
        )
      }
      case 'signed_jwt': {
        const signed = await this.provider.signedToken(registration as Registration<SignedJwtMethod>, scope)
        return new KeyPairCredential(signed.keyId, signed.privateKey, sent(signed.jwt, signed.expiresAt))
      }
      case 'aws':
        return new AwsCredential(this.provider.awsKeys(registration, tokens, scope), sent())
      case 'none':
        return new NoCredential(sent())
      case 'static':
        return broughtAlong(
          runs,
          sent(),
          Object.values(access.fields)[0] ?? '',
          fields,
          this.provider.digestUser(registration, scope),
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

function broughtAlong(
  { preset }: StaticMethod,
  sent: Sent,
  key: string,
  fields: Record<string, unknown>,
  digestUser: [string, string] | null,
): TokenAnswer {
  switch (preset) {
    case 'bearer':
      return new OAuthToken(key, 'Bearer', [], sent)
    case 'api_key':
      return new ApiKeyCredential(key, sent)
    case 'basic': {
      const [username, password] = digestUser ?? basicOf(sent)
      return new BasicCredential(username, password, sent)
    }
    case 'custom':
      return new CustomCredential(
        Object.entries(fields).map(([key, value]) => ({
          key,
          value: typeof value === 'string' ? value : JSON.stringify(value),
        })),
        sent,
      )
  }
}

function namedTokens(named: Record<string, { access: string; expiresAt: Date | null }>): NamedToken[] {
  return Object.entries(named).map(([name, { access, expiresAt }]) => ({
    name,
    accessToken: access,
    expiresAt: expiresAt && new Date(expiresAt),
  }))
}

/** Seconds before its end at which the connector wants a token renewed. */
function earlyRenewal({ runs }: AuthMethod): number {
  const how = renewal(runs)
  return how === false ? 0 : (how.refreshBefore ?? 0)
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
  const [, username = '', password = ''] =
    /^([^:]*):([\s\S]*)$/.exec(Buffer.from(header?.value.slice(6) ?? '', 'base64').toString()) ?? []
  return [username, password]
}

function unavailable({ status, problem }: Connection): ConnectionUnavailable {
  return new ConnectionUnavailable(status, problem ?? 'The connection is not ready.')
}

function checkWish({ minValidity, scopes, purpose, rejected }: TokenWish) {
  if (rejected !== null && rejected.length > 64 * 1024) throw badInput('This is longer than any token.', ['rejected'])
  if (minValidity < 0 || minValidity > LONGEST_VALIDITY)
    throw badInput(`minValidity is from 0 to ${LONGEST_VALIDITY} seconds.`, ['minValidity'])
  if (purpose !== null && (purpose.length > LONGEST_PURPOSE || /\p{Cc}/u.test(purpose)))
    throw badInput(`A purpose has up to ${LONGEST_PURPOSE} characters, on one line.`, ['purpose'])
  if (scopes && scopes.length > 100) throw badInput('Up to 100 scopes can be asked for.', ['scopes'])
}

/** @throws {ValetkeyError} QUERY_TOO_COMPLEX: one operation reads one token, however it is spelled */
export function assertFirstRead(context: { tokenReads: number }) {
  context.tokenReads += 1
  if (context.tokenReads > 1)
    throw new ValetkeyError('QUERY_TOO_COMPLEX', 'One operation reads one token; send one for each account.')
}
