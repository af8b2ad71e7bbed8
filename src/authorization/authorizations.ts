/**
 * From a link to a grant (security.md §2).
 *
 *   startAuthorization ─▶ link ─▶ page ──POST──▶ request ─▶ provider ─▶ callback ─▶ grant
 *
 * A GET consumes nothing. What the callback brings is checked in one statement, which consumes the
 * request as it checks: state, redirect URI, connection and its version, and the browser that began.
 */
import { randomBytes } from 'node:crypto'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import type { Caller } from '../callers/caller.js'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { ConnectedAccounts } from '../connected-accounts/connected-accounts.js'
import type { Grants } from '../connected-accounts/grant.js'
import { Connection, ConnectionStatus } from '../connections/connection.js'
import { type Connections, checkedScopes } from '../connections/connections.js'
import { missingFields } from '../connectors/form.js'
import { badInput, notFound, ValetkeyError } from '../errors.js'
import { fromTypeId } from '../ids.js'
import { isOAuth, newVerifier, type OAuthRegistration, type Provider, type Registration } from '../oauth/provider.js'
import { render } from '../oauth/template.js'
import { plain, TokenFailure } from '../oauth/token-request.js'
import type { Vault } from '../vault/vault.js'
import type { StartAuthorizationInput } from './authorization.input.js'
import { AuthorizationLink, AuthorizationLinkStatus } from './authorization-link.js'
import { AuthorizationRequest, openVerifier, sha256 } from './authorization-request.secret.js'
import { checkedReturnUrl } from './return-url.js'

/** Seconds that a link may live, and does when nothing is said. */
const SHORTEST_LINK = 300
const LONGEST_LINK = 7 * 24 * 3600
const USUAL_LINK = 1800
/** Seconds for the trip to the provider and back. */
export const REQUEST_LIFE = 600
/** Authorizations that may be begun from one link. */
const MOST_ATTEMPTS = 10

/** A link with what hangs on it, as a page shows it. */
export interface OpenedLink {
  link: AuthorizationLink
  account: ConnectedAccount
  connection: Connection
}

/** How a callback ended, for the page that says so. */
export type Completion =
  | ({ kind: 'connected' } & OpenedLink)
  | ({ kind: 'declined'; error: string; reason: string } & OpenedLink)
  | ({ kind: 'failed'; error: string; reason: string } & OpenedLink)

export class Authorizations {
  constructor(
    private readonly orm: MikroORM,
    private readonly connections: Connections,
    private readonly accounts: ConnectedAccounts,
    private readonly grants: Grants,
    private readonly provider: Provider,
    private readonly vault: Vault,
    private readonly rules: { allowedOrigins: readonly string[]; production: boolean },
  ) {}

  /**
   * A new link, persisted with the flush of `em`'s transaction.
   *
   * @throws {ValetkeyError} for each part of the input that cannot be; nothing is stored then
   */
  async start(
    em: EntityManager,
    caller: Caller,
    input: StartAuthorizationInput,
    now: Date,
  ): Promise<{ link: AuthorizationLink; connection: Connection; account: ConnectedAccount }> {
    const connection = await this.connections.find(em, caller, input.connection)
    if (connection.status === ConnectionStatus.DRAFT || connection.status === ConnectionStatus.DISABLED)
      throw new ValetkeyError('CONNECTION_UNAVAILABLE', `${connection.name} cannot be used yet: its status is ${connection.status}. ${connection.problem ?? ''}`.trim(), [
        'input',
        'connection',
      ])
    const { method, connector } = this.connections.kind(connection)
    if (method.definition.type !== 'oauth2')
      throw badInput(`Users of ${connector.name} bring a key along, and nobody is sent anywhere: give its fields to createConnectedAccount.`, ['input', 'connection'])
    const expiresIn = input.expiresIn ?? USUAL_LINK
    if (expiresIn < SHORTEST_LINK || expiresIn > LONGEST_LINK) throw badInput(`A link lasts from ${SHORTEST_LINK} to ${LONGEST_LINK} seconds.`, ['input', 'expiresIn'])
    if (input.state != null && input.state.length > 1024) throw badInput('A state has up to 1024 characters.', ['input', 'state'])
    if (input.verifyUrl != null) checkedReturnUrl(input.verifyUrl, ['input', 'verifyUrl'], this.rules)
    const returnUrl = input.returnUrl == null ? null : checkedReturnUrl(input.returnUrl, ['input', 'returnUrl'], this.rules)
    const scopes = input.scopes == null ? connection.scopes : checkedScopes(input.scopes, method, ['input', 'scopes'])
    const { account, created } = await this.accounts.findOrCreate(em, caller, connection, input.identifier)
    this.accounts.fill(account, connection, input.fields ?? [], ['input', 'fields'])
    const missing = missingFields(
      method.accountFields,
      (key) => account.values[key] !== undefined,
      (key) => account.values[key],
    )
    if (missing[0])
      throw badInput(`This connector needs ${missing.map(({ key }) => key).join(', ')} of each account before the user can be sent to the provider; give it in fields.`, [
        'input',
        'fields',
      ])
    if (created) account.requestedScopes = scopes
    const token = randomBytes(32).toString('base64url')
    const link = new AuthorizationLink(account, { tokenHash: sha256(token), scopes, returnUrl, state: input.state ?? null, expiresAt: new Date(now.getTime() + expiresIn * 1000) })
    link.url = `${this.connections.publicUrl}/connect/${token}`
    em.persist(link)
    return { link, connection, account }
  }

  /** @throws {ValetkeyError} NOT_FOUND */
  async revoke(em: EntityManager, caller: Caller, id: string, now: Date): Promise<OpenedLink> {
    const uuid = fromTypeId('link', id)
    const link = uuid && (await em.findOne(AuthorizationLink, { uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE }))
    if (!link) throw notFound('This authorization link')
    const account = await link.accountRef.loadOrFail()
    await this.accounts.byId(em, caller, account.id)
    link.revoked(now)
    return { link, account, connection: await account.connection.loadOrFail() }
  }

  /** The link with this token; null for a stranger's guess. Changes nothing. */
  async look(token: string): Promise<OpenedLink | null> {
    if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return null
    const em = this.orm.em.fork()
    const link = await em.findOne(AuthorizationLink, { tokenHash: sha256(token) })
    if (!link) return null
    const account = await link.accountRef.loadOrFail()
    return { link, account, connection: await account.connection.loadOrFail() }
  }

  /**
   * Begins the trip to the provider.
   *
   * @returns where the browser goes, and the state and secret that its cookie carries
   * @throws {ValetkeyError} CONFLICT for a link that is no longer open
   */
  async begin(token: string, now: Date): Promise<{ address: URL; state: string; browserSecret: string }> {
    return this.orm.em.fork().transactional(async (em) => {
      const link = await em.findOne(AuthorizationLink, { tokenHash: sha256(token) }, { lockMode: LockMode.PESSIMISTIC_WRITE })
      if (link?.status !== AuthorizationLinkStatus.OPEN) throw new ValetkeyError('CONFLICT', 'This link is no longer open.')
      if (link.attempts >= MOST_ATTEMPTS) throw new ValetkeyError('RATE_LIMITED', 'This link was tried too often. Ask for a new one.')
      const account = await link.accountRef.loadOrFail()
      const connection = await account.connection.loadOrFail()
      if (connection.status === ConnectionStatus.DRAFT || connection.status === ConnectionStatus.DISABLED)
        throw new ValetkeyError('CONNECTION_UNAVAILABLE', 'This service cannot be connected at the moment.')
      link.attempts += 1
      const state = randomBytes(32).toString('base64url')
      const browserSecret = randomBytes(32).toString('base64url')
      const verifier = newVerifier()
      const redirectUri = this.connections.redirectUri(connection)
      const address = this.provider.authorizeUrl(oauth(this.connections.describe(connection)), { scopes: link.scopes, state, verifier, account: account.values })
      em.persist(new AuthorizationRequest(link, connection, { state, browserSecret, verifier, redirectUri, expiresAt: new Date(now.getTime() + REQUEST_LIFE * 1000) }, this.vault))
      return { address, state, browserSecret }
    })
  }

  /**
   * The browser is back.
   *
   * @param connectionId from the path of the redirect URI
   * @param params what the provider sent, each name once
   * @param browserSecret from the cookie of the browser that is here now
   * @throws {ValetkeyError} BAD_USER_INPUT for what cannot be a callback of ours; nothing was consumed or exchanged then
   */
  async complete(connectionId: string, params: Record<string, string>, browserSecret: string | undefined, ipAddress: string | null, requestId: string): Promise<Completion> {
    const em = this.orm.em.fork()
    const { state } = params
    const uuid = fromTypeId('conn', connectionId)
    if (!uuid || !state || state.length > 200)
      throw new ValetkeyError('BAD_USER_INPUT', 'This address was not reached the way it is meant to be: the provider sent no state that we know.')
    const request = await consume(em, uuid, state, browserSecret)
    if (!request) throw await this.whyNot(em, uuid, state, browserSecret)
    const link = await em.findOneOrFail(AuthorizationLink, { uuid: request.link_id })
    const account = await link.accountRef.loadOrFail()
    const connection = await account.connection.loadOrFail()
    const opened = { link, account, connection }
    const audit = new AuditTrail(link.id, ipAddress, requestId)
    const declined = params.error !== undefined
    try {
      if (declined) throw declinedError(params)
      if (link.status !== AuthorizationLinkStatus.OPEN) throw new ValetkeyError('CONFLICT', 'This link was used or revoked meanwhile.')
      await this.exchange(opened, request, params, audit)
      return { kind: 'connected', ...(await this.reload(opened)) }
    } catch (error) {
      if (!(error instanceof TokenFailure || error instanceof ValetkeyError)) throw error
      const code = error instanceof TokenFailure ? (error.providerError ?? error.kind) : error.code
      await this.noteFailure(opened, audit, code, error)
      return { kind: code === 'access_denied' ? 'declined' : 'failed', error: publicCode(code), reason: error.message, ...(await this.reload(opened)) }
    }
  }

  /** No transaction is open while the provider is called. */
  private async exchange({ link, account, connection }: OpenedLink, request: ConsumedRequest, params: Record<string, string>, audit: AuditTrail) {
    const em = this.orm.em.fork()
    const registration = oauth(await this.connections.registration(em, connection))
    const { callback } = registration.method
    const code = params[callback.codeParam]
    if (!code || code.length > 4096) throw new ValetkeyError('BAD_USER_INPUT', 'The provider sent no code.')
    const absent = callback.require.find((name) => !params[name])
    if (absent) throw new ValetkeyError('BAD_USER_INPUT', `The provider did not send ${absent}, which this connector needs.`)
    this.checkIssuer(registration, params)
    const captured = Object.fromEntries(Object.entries(callback.capture).flatMap(([name, param]) => (params[param] === undefined ? [] : [[name, plain(params[param], 300)]])))
    const known = { ...account.values, ...captured }
    const tokens = await this.provider.exchange(
      { ...registration, redirectUri: request.redirect_uri },
      { code, verifier: openVerifier(request.id, request.verifier, this.vault), account: known, callback: params },
    )
    const found = { ...captured, ...(await this.provider.lookUp(registration, tokens, known)) }
    const identity = await this.provider.identity(registration, tokens, { ...known, ...found })
    await em.transactional(async (em) => {
      const now = new Date()
      const locked = await em.findOneOrFail(ConnectedAccount, { uuid: account.uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })
      const lockedLink = await em.findOneOrFail(AuthorizationLink, { uuid: link.uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })
      if (lockedLink.status !== AuthorizationLinkStatus.OPEN) throw new ValetkeyError('CONFLICT', 'This link was used or revoked meanwhile.')
      const current = await em.findOneOrFail(Connection, { uuid: connection.uuid })
      if (current.version !== request.connection_version) throw new ValetkeyError('CONFLICT', 'The connection was changed meanwhile. Open the link again.')
      await this.grants.accept(em, locked, current, { tokens, requestedScopes: lockedLink.scopes, identity, found, fields: {} }, now)
      current.mended(now)
      lockedLink.used(now)
      audit.record(em, { action: 'account.authorized', connection: current.name, identifier: locked.identifier, details: { link: link.id, missingScopes: locked.missingScopes } })
    })
  }

  /** RFC 9207 §2.4: the issuer is compared as a string, and is required where the provider is known to send it. */
  private checkIssuer({ method, scope }: OAuthRegistration, params: Record<string, string>) {
    if (method.authorize.issuer === undefined) return
    if (params.iss !== render(method.authorize.issuer, scope)) throw new ValetkeyError('BAD_USER_INPUT', 'The answer does not come from the provider that was asked.')
  }

  private async noteFailure({ account, connection }: OpenedLink, audit: AuditTrail, code: string, error: TokenFailure | ValetkeyError) {
    await this.orm.em.fork().transactional(async (em) => {
      const now = new Date()
      const locked = await em.findOne(ConnectedAccount, { uuid: account.uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })
      if (code === 'access_denied') locked?.declined(error.message, now)
      // The code was refused because the app was: the developer has to act, not the user.
      if (error instanceof TokenFailure && error.kind === 'client' && ['invalid_client', 'unauthorized_client'].includes(code)) {
        const current = await em.findOneOrFail(Connection, { uuid: connection.uuid })
        current.misconfigured(`${error.message} Check the client id and secret of this connection.`, now)
      }
      audit.record(em, {
        action: 'account.authorized',
        outcome: code === 'access_denied' ? AuditOutcome.DENIED : AuditOutcome.FAILED,
        connection: connection.name,
        identifier: account.identifier,
        details: { error: code },
      })
    })
  }

  private async reload({ link }: OpenedLink): Promise<OpenedLink> {
    const em = this.orm.em.fork()
    const fresh = await em.findOneOrFail(AuthorizationLink, { uuid: link.uuid })
    const account = await fresh.accountRef.loadOrFail()
    return { link: fresh, account, connection: await account.connection.loadOrFail() }
  }

  /** Why nothing was consumed: looked up only after it was refused. */
  private async whyNot(em: EntityManager, connectionUuid: string, state: string, browserSecret: string | undefined): Promise<ValetkeyError> {
    const [row] = await em.execute<{ status: string; connection_id: string; expired: boolean; browser: boolean }[]>(
      'select status, connection_id, expires_at <= now() as expired, browser_hash = ? as browser from authorization_request where state_hash = ?',
      [sha256(browserSecret ?? ''), sha256(state)],
    )
    if (!row || row.connection_id !== connectionUuid) return new ValetkeyError('BAD_USER_INPUT', 'This authorization is not known. Open the link that you were given once more.')
    if (!row.browser)
      return new ValetkeyError('FORBIDDEN', 'This authorization was begun in another browser, or its cookie is gone. Open the link that you were given in this browser.')
    if (row.status === 'CONSUMED') return new ValetkeyError('CONFLICT', 'This authorization has already been completed. You can close this page.')
    if (row.expired) return new ValetkeyError('CONFLICT', 'This authorization took longer than ten minutes. Open the link that you were given once more.')
    return new ValetkeyError('CONFLICT', 'The connection was changed meanwhile. Open the link that you were given once more.')
  }
}

/** Links are made for OAuth connections alone. */
function oauth(registration: Registration): OAuthRegistration {
  if (!isOAuth(registration)) throw new ValetkeyError('CONFLICT', 'This connection does not send users to a provider.')
  return registration
}

interface ConsumedRequest {
  id: string
  link_id: string
  verifier: Buffer
  redirect_uri: string
  connection_version: number
}

async function consume(em: EntityManager, connectionUuid: string, state: string, browserSecret: string | undefined): Promise<ConsumedRequest | null> {
  const [row] = await em.execute<ConsumedRequest[]>(
    `update authorization_request request set status = 'CONSUMED'
     from connection
     where request.state_hash = ? and request.connection_id = ? and request.browser_hash = ?
       and request.status = 'STARTED' and request.expires_at > now()
       and connection.id = request.connection_id and connection.version = request.connection_version
     returning request.id, request.link_id, request.verifier, request.redirect_uri, request.connection_version`,
    [sha256(state), connectionUuid, sha256(browserSecret ?? '')],
  )
  return row ?? null
}

/** RFC 6749 §4.1.2.1. What the provider says beside its code is shown as text, and not for long. */
function declinedError(params: Record<string, string>): TokenFailure {
  const code = plain(params.error ?? '', 100)
  const said = plain(params.error_description ?? '', 300)
  const words = code === 'access_denied' ? 'The authorization was declined at the provider.' : `The provider answered ${code}${said ? `: ${said}` : ''}.`
  return new TokenFailure('client', words, code)
}

/** What an application gets on its returnUrl: a code of RFC 6749 as it is, everything else in one word. */
function publicCode(code: string): string {
  return /^[a-z_]{1,40}$/.test(code) ? code : 'failed'
}
