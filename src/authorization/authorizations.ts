/**
 * From a link to a grant (security.md §2).
 *
 *   startAuthorization ─▶ link ─▶ page ──POST──▶ request ─▶ provider ─▶ callback ─▶ grant
 *
 * A GET consumes nothing. What the callback brings is checked in one statement, which consumes the
 * request as it checks: state, redirect URI, connection and its version, and the browser that began.
 */
import { randomBytes } from 'node:crypto'
import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import type { Caller } from '../callers/caller.js'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { ConnectedAccounts } from '../connected-accounts/connected-accounts.js'
import type { Grants } from '../connected-accounts/grant.js'
import { Connection, ConnectionStatus, UserVerification } from '../connections/connection.js'
import { type Connections, checkedScopes } from '../connections/connections.js'
import type { FieldValueInput } from '../connectors/form.input.js'
import { type FormField, readFields, readForm, templateValues } from '../connectors/form.js'
import { badInput, notFound, ValetkeyError } from '../errors.js'
import { fromTypeId } from '../ids.js'
import { plain } from '../oauth/answer/provider-text.js'
import type { Provider, RedirectRegistration, Registration } from '../oauth/provider.js'
import { readCallback } from '../oauth/redirect/callback.js'
import { sendsUsers } from '../oauth/setup.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { Vault } from '../vault/vault.js'
import type { StartAuthorizationInput } from './authorization.input.js'
import { AuthorizationLink, AuthorizationLinkStatus } from './authorization-link.js'
import { AuthorizationRequest, openLuggage, sha256, stateHash } from './authorization-request.secret.js'
import type { HeldGrant } from './pending-verification.secret.js'
import { checkedReturnUrl, withOutcome } from './return-url.js'
import type { Verifications } from './verifications.js'

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

/** The browser is to go on to the provider. */
export interface Departed {
  kind: 'departed'
  address: URL
  state: string
  browserSecret: string
}

/** The form has to be filled in again: what is wrong, by field, and what the provider said. */
export interface Refused {
  kind: 'refused'
  opened: OpenedLink
  /** What was given, as it was understood; secrets are not for a page to show again. */
  given: Record<string, string>
  faults: Map<string, string>
  reason: string | null
}

/** How an authorization ended, for the page that says so. `held`: it counts when the application, at this address, has said who it was. */
export type Completion =
  | ({ kind: 'connected' } & OpenedLink)
  | ({ kind: 'held'; address: string } & OpenedLink)
  | ({ kind: 'declined'; error: string; reason: string } & OpenedLink)
  | ({ kind: 'failed'; error: string; reason: string } & OpenedLink)

export class Authorizations {
  constructor(
    private readonly orm: MikroORM,
    private readonly connections: Connections,
    private readonly accounts: ConnectedAccounts,
    private readonly grants: Grants,
    private readonly verifications: Verifications,
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
      throw new ValetkeyError(
        'CONNECTION_UNAVAILABLE',
        `${connection.name} cannot be used yet: its status is ${connection.status}. ${connection.problem ?? ''}`.trim(),
        ['input', 'connection'],
      )
    const { method } = this.connections.kind(connection)
    const expiresIn = input.expiresIn ?? USUAL_LINK
    if (expiresIn < SHORTEST_LINK || expiresIn > LONGEST_LINK)
      throw badInput(`A link lasts from ${SHORTEST_LINK} to ${LONGEST_LINK} seconds.`, ['input', 'expiresIn'])
    if (input.state != null && input.state.length > 1024)
      throw badInput('A state has up to 1024 characters.', ['input', 'state'])
    const verifyUrl =
      input.verifyUrl == null ? null : checkedReturnUrl(input.verifyUrl, ['input', 'verifyUrl'], this.rules)
    const verifies = connection.userVerification === UserVerification.APPLICATION
    if (verifies && verifyUrl === null)
      throw badInput('The application verifies the users of this connection: say in verifyUrl where it does.', [
        'input',
        'verifyUrl',
      ])
    const returnUrl =
      input.returnUrl == null ? null : checkedReturnUrl(input.returnUrl, ['input', 'returnUrl'], this.rules)
    const scopes = input.scopes == null ? connection.scopes : checkedScopes(input.scopes, method, ['input', 'scopes'])
    const values = carried(method.accountFields, input.fields ?? [])
    const { account, created } = await this.accounts.findOrCreate(em, caller, connection, input.identifier)
    if (created) account.requestedScopes = scopes
    const token = randomBytes(32).toString('base64url')
    const link = new AuthorizationLink(account, {
      tokenHash: sha256(token),
      scopes,
      returnUrl,
      verifyUrl: verifies ? verifyUrl : null,
      values,
      state: input.state ?? null,
      expiresAt: new Date(now.getTime() + expiresIn * 1000),
    })
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

  /** What the page of a link asks: the account's form, without what the link carries. */
  asked({ link, connection }: OpenedLink): FormField[] {
    return this.connections.kind(connection).method.accountFields.filter(({ key }) => !(key in link.values))
  }

  /**
   * The user has filled in the page of a link. No transaction is open while the provider is asked.
   *
   * @param form by field key, as the browser sent it
   * @returns where the browser goes on to, how it ended, or what is wrong with the form; a link stays open then
   * @throws {ValetkeyError} CONFLICT for a link that is no longer open; RATE_LIMITED; PROVIDER_UNAVAILABLE
   */
  async submit(
    token: string,
    form: Record<string, string>,
    ipAddress: string | null,
    requestId: string,
  ): Promise<Departed | Completion | Refused> {
    const now = new Date()
    const opened = await this.orm.em.fork().transactional(async (em) => {
      const opened = await this.opened(em, token)
      if (opened.link.attempts >= MOST_ATTEMPTS)
        throw new ValetkeyError('RATE_LIMITED', 'This link was tried too often. Ask for a new one.')
      opened.link.attempts += 1
      return opened
    })
    const { method } = this.connections.kind(opened.connection)
    const { given, faults } = readForm(this.asked(opened), form)
    if (faults.size > 0) return { kind: 'refused', opened, given, faults, reason: null }
    const inputs = Object.entries({ ...opened.link.values, ...given }).map(([key, value]) => ({ key, value }))
    if (method.redirects) return this.leave(token, opened, inputs, now)
    try {
      const em = this.orm.em.fork()
      const grant = await this.accounts.tryFields(em, opened.connection, null, inputs)
      if (!grant) throw new Error('A form without a grant.')
      const audit = new AuditTrail(opened.link.id, ipAddress, requestId)
      return await em.transactional((em) => this.conclude(em, opened, opened.connection.version, grant, audit))
    } catch (error) {
      if (
        error instanceof ValetkeyError &&
        ['PROVIDER_REJECTED', 'PROVIDER_UNAVAILABLE', 'BAD_USER_INPUT', 'CONFLICT'].includes(error.code)
      )
        return { kind: 'refused', opened, given, faults: new Map(), reason: error.message }
      throw error
    }
  }

  /** Begins the trip to the provider. */
  private async leave(
    token: string,
    { link, connection }: OpenedLink,
    inputs: readonly FieldValueInput[],
    now: Date,
  ): Promise<Departed> {
    const ready = await this.connections.ready(connection)
    assertUsable(ready)
    const registration = redirecting(await this.connections.registration(this.orm.em.fork(), ready))
    const form = this.connections.kind(ready).method.accountFields
    const luggage = { values: {} as Record<string, string>, fields: {} as Record<string, string> }
    for (const { key, value } of inputs)
      (form.find((field) => field.key === key)?.secret ? luggage.fields : luggage.values)[key] = value
    const scopes = link.scopes.length > 0 ? link.scopes : registration.scopes
    const { address, state, secret } = await this.departure(
      registration,
      scopes,
      templateValues(form, { ...luggage.values, ...luggage.fields }),
    )
    const browserSecret = randomBytes(32).toString('base64url')
    const { redirectUri } = registration
    const keep = this.orm.em.fork().transactional(async (em) => {
      const opened = await this.opened(em, token)
      const expiresAt = new Date(now.getTime() + REQUEST_LIFE * 1000)
      em.persist(
        new AuthorizationRequest(
          opened.link,
          ready,
          { state, browserSecret, luggage: { secret, ...luggage }, redirectUri, expiresAt },
          this.vault,
        ),
      )
    })
    await keep.catch((error) => {
      if (error instanceof UniqueConstraintViolationException)
        throw new ValetkeyError('PROVIDER_UNAVAILABLE', 'The provider gave a request token that it had given before.')
      throw error
    })
    return { kind: 'departed', address, state, browserSecret }
  }

  private async departure(...ask: Parameters<Provider['depart']>) {
    try {
      return await this.provider.depart(...ask)
    } catch (error) {
      if (error instanceof TokenFailure)
        throw new ValetkeyError('PROVIDER_UNAVAILABLE', error.message, undefined, error)
      throw error
    }
  }

  /** @throws {ValetkeyError} for a link, or a connection, that cannot be used now */
  private async opened(em: EntityManager, token: string): Promise<OpenedLink> {
    const link = await em.findOne(
      AuthorizationLink,
      { tokenHash: sha256(token) },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    )
    if (link?.status !== AuthorizationLinkStatus.OPEN)
      throw new ValetkeyError('CONFLICT', 'This link is no longer open.')
    const account = await link.accountRef.loadOrFail()
    const connection = await account.connection.loadOrFail()
    assertUsable(connection)
    return { link, account, connection }
  }

  /**
   * The browser is back.
   *
   * @param connectionId from the path of the redirect URI
   * @param params what the provider sent, each name once
   * @param browserSecret from the cookie of the browser that is here now
   * @throws {ValetkeyError} BAD_USER_INPUT for what cannot be a callback of ours; nothing was consumed or exchanged then
   */
  async complete(
    connectionId: string,
    params: Record<string, string>,
    browserSecret: string | undefined,
    ipAddress: string | null,
    requestId: string,
  ): Promise<Completion> {
    const em = this.orm.em.fork()
    // RFC 5849 §2.2 has no state: the request token that comes back is one.
    const state = params.state ?? params.oauth_token ?? params.denied
    const uuid = fromTypeId('conn', connectionId)
    if (!uuid || !state || state.length > 200)
      throw new ValetkeyError(
        'BAD_USER_INPUT',
        'This address was not reached the way it is meant to be: the provider sent no state that we know.',
      )
    const request = await consume(em, uuid, state, browserSecret)
    if (!request) throw await this.whyNot(em, uuid, state, browserSecret)
    const link = await em.findOneOrFail(AuthorizationLink, { uuid: request.link_id })
    const account = await link.accountRef.loadOrFail()
    const connection = await account.connection.loadOrFail()
    const opened = { link, account, connection }
    const audit = new AuditTrail(link.id, ipAddress, requestId)
    const declined = params.error !== undefined || params.denied !== undefined
    try {
      if (declined) throw declinedError(params)
      if (link.status !== AuthorizationLinkStatus.OPEN)
        throw new ValetkeyError('CONFLICT', 'This link was used or revoked meanwhile.')
      return await this.exchange(opened, request, params, audit)
    } catch (error) {
      if (!(error instanceof TokenFailure || error instanceof ValetkeyError)) throw error
      const code = error instanceof TokenFailure ? (error.providerError ?? error.kind) : error.code
      await this.noteFailure(opened, audit, code, error)
      return {
        kind: code === 'access_denied' ? 'declined' : 'failed',
        error: publicCode(code),
        reason: error.message,
        ...(await this.reload(opened)),
      }
    }
  }

  /** No transaction is open while the provider is called. */
  private async exchange(
    opened: OpenedLink,
    request: ConsumedRequest,
    params: Record<string, string>,
    audit: AuditTrail,
  ): Promise<Completion> {
    const { connection, link } = opened
    const em = this.orm.em.fork()
    const registration = {
      ...redirecting(await this.connections.registration(em, connection)),
      redirectUri: request.redirect_uri,
    }
    const { code, captured } = readCallback(registration, params)
    const { secret, values, fields } = openLuggage(request.id, request.verifier, this.vault)
    const form = this.connections.kind(connection).method.accountFields
    const known = { ...templateValues(form, { ...values, ...fields }), ...captured }
    const tokens = await this.provider.arrive(registration, {
      code,
      account: known,
      callback: params,
      secret,
      redirectUri: request.redirect_uri,
    })
    const found = { ...captured, ...(await this.provider.lookUp(registration, tokens, known)) }
    const identity = await this.provider.identity(registration, tokens, { ...known, ...found })
    const grant: HeldGrant = { tokens, requestedScopes: link.scopes, identity, found, fields, values }
    return em.transactional((em) => this.conclude(em, opened, request.connection_version, grant, audit))
  }

  /** A grant has come: it counts, or waits for the application's word. The link is used either way. */
  private async conclude(
    em: EntityManager,
    { link, account, connection }: OpenedLink,
    connectionVersion: number,
    grant: HeldGrant,
    audit: AuditTrail,
  ): Promise<Completion> {
    const now = new Date()
    const lockedAccount = await em.findOneOrFail(
      ConnectedAccount,
      { uuid: account.uuid },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    )
    const lockedLink = await em.findOneOrFail(
      AuthorizationLink,
      { uuid: link.uuid },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    )
    if (lockedLink.status !== AuthorizationLinkStatus.OPEN)
      throw new ValetkeyError('CONFLICT', 'This link was used or revoked meanwhile.')
    const current = await em.findOneOrFail(Connection, { uuid: connection.uuid })
    if (current.version !== connectionVersion)
      throw new ValetkeyError('CONFLICT', 'The connection was changed meanwhile. Open the link again.')
    const opened = { link: lockedLink, account: lockedAccount, connection: current }
    const details = { link: link.id }
    const about = { action: 'account.authorized', connection: current.name, identifier: lockedAccount.identifier }
    lockedLink.used(now)
    if (lockedLink.verifyUrl !== null) {
      const pending = this.verifications.hold(em, lockedLink, lockedAccount, grant, now)
      audit.record(em, { ...about, details: { ...details, authorization: pending.id } })
      return {
        kind: 'held',
        address: withOutcome(lockedLink.verifyUrl, { authorization_id: pending.id, state: lockedLink.state }),
        ...opened,
      }
    }
    lockedAccount.values = grant.values
    await this.grants.accept(em, lockedAccount, current, grant, now)
    current.mended(now)
    audit.record(em, { ...about, details: { ...details, missingScopes: lockedAccount.missingScopes } })
    return { kind: 'connected', ...opened }
  }

  private async noteFailure(
    { account, connection }: OpenedLink,
    audit: AuditTrail,
    code: string,
    error: TokenFailure | ValetkeyError,
  ) {
    await this.orm.em.fork().transactional(async (em) => {
      const now = new Date()
      const locked = await em.findOne(
        ConnectedAccount,
        { uuid: account.uuid },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      )
      if (code === 'access_denied') locked?.declined(error.message, now)
      // The code was refused because the app was: the developer has to act, not the user.
      if (
        error instanceof TokenFailure &&
        error.kind === 'client' &&
        ['invalid_client', 'unauthorized_client'].includes(code)
      ) {
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
  private async whyNot(
    em: EntityManager,
    connectionUuid: string,
    state: string,
    browserSecret: string | undefined,
  ): Promise<ValetkeyError> {
    const [row] = await em.execute<{ status: string; connection_id: string; expired: boolean; browser: boolean }[]>(
      'select status, connection_id, expires_at <= now() as expired, browser_hash = ? as browser from authorization_request where state_hash = ?',
      [sha256(browserSecret ?? ''), stateHash(connectionUuid, state)],
    )
    if (!row || row.connection_id !== connectionUuid)
      return new ValetkeyError(
        'BAD_USER_INPUT',
        'This authorization is not known. Open the link that you were given once more.',
      )
    // Said to whoever knows the state: a page that is loaded again has no cookie any more.
    if (row.status === 'CONSUMED')
      return new ValetkeyError('CONFLICT', 'This authorization has already been completed. You can close this page.')
    if (!row.browser)
      return new ValetkeyError(
        'FORBIDDEN',
        'This authorization was begun in another browser, or its cookie is gone. Open the link that you were given in this browser.',
      )
    if (row.expired)
      return new ValetkeyError(
        'CONFLICT',
        'This authorization took longer than ten minutes. Open the link that you were given once more.',
      )
    return new ValetkeyError(
      'CONFLICT',
      'The connection was changed meanwhile. Open the link that you were given once more.',
    )
  }
}

/** Links are made for connections that send users to a provider. */
function redirecting(registration: Registration): RedirectRegistration {
  if (!sendsUsers(registration))
    throw new ValetkeyError('CONFLICT', 'This connection does not send users to a provider.')
  return registration
}

/** What a link carries of the account's form; secrets are for the user to give. @throws {ValetkeyError} BAD_USER_INPUT */
function carried(form: readonly FormField[], inputs: readonly FieldValueInput[]): Record<string, string> {
  const path = ['input', 'fields']
  const values: Record<string, string> = {}
  for (const [key, value] of readFields(form, inputs, path)) {
    if (form.find((field) => field.key === key)?.secret)
      throw badInput('This field is a secret: the page of the link asks the user for it.', path)
    if (value !== null) values[key] = value
  }
  return values
}

function assertUsable({ status }: Connection) {
  if (status === ConnectionStatus.DRAFT || status === ConnectionStatus.DISABLED)
    throw new ValetkeyError('CONNECTION_UNAVAILABLE', 'This service cannot be connected at the moment.')
}

interface ConsumedRequest {
  id: string
  link_id: string
  verifier: Buffer
  redirect_uri: string
  connection_version: number
}

async function consume(
  em: EntityManager,
  connectionUuid: string,
  state: string,
  browserSecret: string | undefined,
): Promise<ConsumedRequest | null> {
  const [row] = await em.execute<ConsumedRequest[]>(
    `update authorization_request request set status = 'CONSUMED'
     from connection
     where request.state_hash = ? and request.connection_id = ? and request.browser_hash = ?
       and request.status = 'STARTED' and request.expires_at > now()
       and connection.id = request.connection_id and connection.version = request.connection_version
     returning request.id, request.link_id, request.verifier, request.redirect_uri, request.connection_version`,
    [stateHash(connectionUuid, state), connectionUuid, sha256(browserSecret ?? '')],
  )
  return row ?? null
}

/** RFC 6749 §4.1.2.1. What the provider says beside its code is shown as text, and not for long. */
function declinedError(params: Record<string, string>): TokenFailure {
  const code = plain(params.error ?? 'access_denied', 100)
  const said = plain(params.error_description ?? '', 300)
  const words =
    code === 'access_denied'
      ? 'The authorization was declined at the provider.'
      : `The provider answered ${code}${said ? `: ${said}` : ''}.`
  return new TokenFailure('client', words, code)
}

/** What an application gets on its returnUrl: a code of RFC 6749 as it is, everything else in one word. */
function publicCode(code: string): string {
  return /^[a-z_]{1,40}$/.test(code) ? code : 'failed'
}
