/**
 * Completes an authorization when the browser comes back from the provider. One statement checks the
 * callback and consumes the request: state, connection and its version, expiry, and the browser's cookie.
 *
 *   startAuthorization ─▶ link ─▶ page ──POST──▶ request ─▶ provider ─▶ callback ─▶ choice? ─▶ grant
 *   links.ts                      departures.ts                         here        choices.ts conclusion.ts
 */
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import { clock } from '../clock.js'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import { Connection } from '../connections/connection.js'
import type { Setups } from '../connections/setups.js'
import { templateValues } from '../connectors/form.js'
import { ValetkeyError } from '../errors.js'
import { sha256 } from '../hash.js'
import { fromTypeId } from '../ids.js'
import { plain } from '../oauth/answer/provider-text.js'
import type { Provider } from '../oauth/provider.js'
import { readCallback } from '../oauth/redirect/callback.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import { surroundings } from '../refresh/evidence.js'
import type { Vault } from '../vault/vault.js'
import { AuthorizationLink } from './authorization-link.js'
import { openRequestSecrets, stateHash } from './authorization-request.secret.js'
import type { Choices, Choosing } from './choices.js'
import { assertStillOpen, type Completion } from './conclusion.js'
import { redirecting } from './departures.js'
import { type OpenedLink, withAccount } from './links.js'
import type { Brought } from './pending-choice.secret.js'
import type { Settlements } from './settlements.js'
import { en } from './texts.js'

/** Characters; in OAuth 1.0a the state is the provider's request token. */
const LONGEST_STATE = 4096

/** Statuses of failures that are not the provider's. */
const STATUS: Record<string, number> = { BAD_USER_INPUT: 400, FORBIDDEN: 403, CONFLICT: 409 }

/** The browser that sent the callback. */
export interface Browser {
  /** Value of its cookie. */
  secret: string | undefined
  ipAddress: string | null
  requestId: string
}

/** Handles callbacks of providers. */
export class Arrivals {
  constructor(
    private readonly orm: MikroORM,
    private readonly setups: Setups,
    private readonly provider: Provider,
    private readonly settlements: Settlements,
    private readonly choices: Choices,
    private readonly vault: Vault,
  ) {}

  /**
   * Exchanges the code of a callback and stores the grant, or holds it until its user has chosen.
   *
   * @param connectionId from the path of the redirect URI
   * @param params query parameters of the callback
   * @returns how the authorization ended; failures at the provider are returned, not thrown
   * @throws {ValetkeyError} BAD_USER_INPUT, FORBIDDEN or CONFLICT for a callback that matches no open request
   *   of this browser; then nothing was consumed or exchanged
   */
  async complete(
    connectionId: string,
    params: Record<string, string>,
    browser: Browser,
  ): Promise<Completion | Choosing> {
    const em = this.orm.em.fork()
    const request = await this.consumed(em, connectionId, params, browser.secret)
    const opened = await withAccount(await em.findOneOrFail(AuthorizationLink, { uuid: request.link_id }))
    return this.ending(opened, browser, async (audit) => {
      if (params.error || params.denied) throw declinedError(params)
      assertStillOpen(opened.link)
      const brought = await this.exchange(opened, request, params)
      return this.settlements.settle(opened, brought, null, browser.secret ?? '', audit)
    })
  }

  /**
   * Goes on with the tenant that the user has chosen.
   *
   * @returns how the authorization ended, as `complete`; null for a tenant that was not offered
   * @throws {ValetkeyError} CONFLICT where nothing is to be chosen by this browser
   */
  async choose(choiceId: string, tenant: string, browser: Browser): Promise<Completion | Choosing | null> {
    const taken = await this.choices.take(choiceId, tenant, browser.secret)
    if (!taken) return null
    const { opened, brought } = taken
    return this.ending(opened, browser, (audit) =>
      this.settlements.settle(opened, brought, tenant, browser.secret ?? '', audit),
    )
  }

  /** Makes a failure of an authorization its end, and records it. */
  private async ending(
    opened: OpenedLink,
    browser: Browser,
    work: (audit: AuditTrail) => Promise<Completion | Choosing>,
  ): Promise<Completion | Choosing> {
    const { link } = opened
    const audit = new AuditTrail(link.id, browser.ipAddress, browser.requestId)
    try {
      return await work(audit)
    } catch (error) {
      if (!(error instanceof TokenFailure || error instanceof ValetkeyError)) throw error
      const code = error instanceof TokenFailure ? (error.providerError ?? error.type) : error.code
      await this.recordFailure(opened, audit, code, error)
      const fresh = await this.orm.em.fork().findOneOrFail(AuthorizationLink, { uuid: link.uuid })
      const end = { error: publicCode(code), ...(await withAccount(fresh)) }
      if (code === 'access_denied') return { kind: 'declined', reason: error.message, ...end }
      // People are not told the technical reason.
      const isAway = error instanceof TokenFailure && error.isOutage
      const reason = isAway ? en.away(this.setups.connectorOf(end.connection).name) : error.message
      return { kind: 'failed', reason, status: STATUS[error instanceof ValetkeyError ? error.code : ''] ?? 502, ...end }
    }
  }

  private async consumed(
    em: EntityManager,
    connectionId: string,
    params: Record<string, string>,
    browserSecret: string | undefined,
  ): Promise<ConsumedRequest> {
    const state = stateOf(params)
    const uuid = fromTypeId('conn', connectionId)
    if (!uuid || !state || state.length > LONGEST_STATE)
      throw new ValetkeyError(
        'BAD_USER_INPUT',
        'This address was not reached the way it is meant to be: the provider sent no state that we know.',
      )
    const request = await consume(em, uuid, state, browserSecret)
    if (!request) throw await whyNotConsumed(em, uuid, state, browserSecret)
    return request
  }

  /** Exchanges the code for tokens, without an open transaction. @throws {TokenFailure} */
  private async exchange(
    { connection }: OpenedLink,
    request: ConsumedRequest,
    params: Record<string, string>,
  ): Promise<Brought> {
    const redirectUri = request.redirect_uri
    const setup = { ...redirecting(await this.setups.open(this.orm.em.fork(), connection)), redirectUri }
    const { code, captured } = readCallback(setup, params)
    const { secret, values, fields } = openRequestSecrets(request.id, request.verifier, this.vault)
    const form = this.setups.methodOf(connection).accountFields
    const account = { ...templateValues(form, { ...values, ...fields }), ...captured }
    const tokens = await this.provider.arrive(setup, { code, account, callback: params, secret, redirectUri })
    const registration = this.setups.registration(connection)
    return { tokens, values, fields, captured, redirectUri, registration, version: request.connection_version }
  }

  private async recordFailure(
    { account, connection }: OpenedLink,
    audit: AuditTrail,
    code: string,
    error: TokenFailure | ValetkeyError,
  ) {
    await this.orm.em.fork().transactional(async (em) => {
      const now = clock.now()
      const locked = await em.findOne(
        ConnectedAccount,
        { uuid: account.uuid },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      )
      if (code === 'access_denied') locked?.declined(error.message, now)
      // The token endpoint does not know the app: the developer has to act, not the user. What the browser
      // brought (`rejected`) is evidence of nothing.
      if (error instanceof TokenFailure && error.type === 'client' && locked) {
        const current = await em.findOneOrFail(Connection, { uuid: connection.uuid })
        const { othersRenew } = await surroundings(em, connection.uuid, account.uuid, null, current.updatedAt)
        if (!othersRenew)
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
}

/**
 * What names the authorization request of a callback; empty where nothing does. OAuth 1.0a has no state parameter: the
 * request token takes its place (RFC 5849 §2.2).
 */
export function stateOf({ state, oauth_token, denied }: Record<string, string>): string {
  return state || oauth_token || denied || ''
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

/** The reason why `consume` matched no row. */
async function whyNotConsumed(
  em: EntityManager,
  connectionUuid: string,
  state: string,
  browserSecret: string | undefined,
): Promise<ValetkeyError> {
  const [row] = await em.execute<{ status: string; connection_id: string; expired: boolean; browser: boolean }[]>(
    `select status, connection_id, expires_at <= now() as expired, browser_hash = ? as browser
     from authorization_request where state_hash = ?`,
    [sha256(browserSecret ?? ''), stateHash(connectionUuid, state)],
  )
  if (!row || row.connection_id !== connectionUuid)
    return new ValetkeyError(
      'BAD_USER_INPUT',
      'This authorization is not known. Open the link that you were given once more.',
    )
  // Checked before the cookie, since a page that is reloaded after completion has no cookie any more.
  if (row.status === 'CONSUMED')
    return new ValetkeyError('CONFLICT', 'This authorization has already been completed. You can close this page.')
  if (!row.browser)
    return new ValetkeyError(
      'FORBIDDEN',
      'This authorization was begun in another browser, or its cookie is gone. ' +
        'Open the link that you were given in this browser.',
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

/** RFC 6749 §4.1.2.1. The provider's description is cut to 300 characters and shown as plain text. */
function declinedError(params: Record<string, string>): TokenFailure {
  const code = plain(params.error || 'access_denied', 100)
  if (code === 'access_denied')
    return new TokenFailure('rejected', 'The authorization was declined at the provider.', code)
  const said = plain(params.error_description ?? '', 300)
  return new TokenFailure('rejected', `The provider answered ${code}${said ? `: ${said}` : ''}.`, code)
}

/** The error code for the returnUrl: codes in the form of RFC 6749 stay; anything else becomes `failed`. */
function publicCode(code: string): string {
  return /^[a-z_]{1,40}$/.test(code) ? code : 'failed'
}
