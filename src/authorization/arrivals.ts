/**
 * The browser is back from the provider. What the callback brings is checked in one statement, which
 * consumes the request as it checks: state, redirect URI, connection and its version, and the browser
 * that began.
 *
 *   startAuthorization ─▶ link ─▶ page ──POST──▶ request ─▶ provider ─▶ callback ─▶ grant
 *   links.ts                      departures.ts                         here        conclusion.ts
 */
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
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
import type { Vault } from '../vault/vault.js'
import { AuthorizationLink } from './authorization-link.js'
import { openLuggage, stateHash } from './authorization-request.secret.js'
import { assertStillOpen, type Completion, type Conclusions } from './conclusion.js'
import { redirecting } from './departures.js'
import { type OpenedLink, withAccount } from './links.js'
import type { HeldGrant } from './pending-verification.secret.js'

const LONGEST_STATE = 200

/** The browser that is here now. */
export interface Browser {
  /** From its cookie. */
  secret: string | undefined
  ipAddress: string | null
  requestId: string
}

export class Arrivals {
  constructor(
    private readonly orm: MikroORM,
    private readonly setups: Setups,
    private readonly provider: Provider,
    private readonly conclusions: Conclusions,
    private readonly vault: Vault,
  ) {}

  /**
   * @param connectionId from the path of the redirect URI
   * @param params what the provider sent, each name once
   * @throws {ValetkeyError} BAD_USER_INPUT, FORBIDDEN or CONFLICT for what cannot be a callback of ours;
   *   nothing was consumed or exchanged then
   */
  async complete(connectionId: string, params: Record<string, string>, browser: Browser): Promise<Completion> {
    const em = this.orm.em.fork()
    const request = await this.consumed(em, connectionId, params, browser.secret)
    const link = await em.findOneOrFail(AuthorizationLink, { uuid: request.link_id })
    const opened = await withAccount(link)
    const audit = new AuditTrail(link.id, browser.ipAddress, browser.requestId)
    try {
      if (params.error !== undefined || params.denied !== undefined) throw declinedError(params)
      assertStillOpen(link)
      return await this.exchange(opened, request, params, audit)
    } catch (error) {
      if (!(error instanceof TokenFailure || error instanceof ValetkeyError)) throw error
      const code = error instanceof TokenFailure ? (error.providerError ?? error.kind) : error.code
      await this.recordFailure(opened, audit, code, error)
      const fresh = await this.orm.em.fork().findOneOrFail(AuthorizationLink, { uuid: link.uuid })
      return {
        kind: code === 'access_denied' ? 'declined' : 'failed',
        error: publicCode(code),
        reason: error.message,
        ...(await withAccount(fresh)),
      }
    }
  }

  private async consumed(
    em: EntityManager,
    connectionId: string,
    params: Record<string, string>,
    browserSecret: string | undefined,
  ): Promise<ConsumedRequest> {
    // RFC 5849 §2.2 has no state: the request token that comes back is one.
    const state = params.state ?? params.oauth_token ?? params.denied
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

  /** No transaction is open while the provider is called. */
  private async exchange(
    opened: OpenedLink,
    request: ConsumedRequest,
    params: Record<string, string>,
    audit: AuditTrail,
  ): Promise<Completion> {
    const { connection, link } = opened
    const em = this.orm.em.fork()
    const redirectUri = request.redirect_uri
    const setup = { ...redirecting(await this.setups.open(em, connection)), redirectUri }
    const { code, captured } = readCallback(setup, params)
    const { secret, values, fields } = openLuggage(request.id, request.verifier, this.vault)
    const form = this.setups.methodOf(connection).accountFields
    const account = { ...templateValues(form, { ...values, ...fields }), ...captured }
    const tokens = await this.provider.arrive(setup, { code, account, callback: params, secret, redirectUri })
    const found = { ...captured, ...(await this.provider.accountValues(setup, tokens, account)) }
    const identity = await this.provider.identity(setup, tokens, { ...account, ...found })
    const grant: HeldGrant = { tokens, requestedScopes: link.scopes, identity, found, fields, values }
    const version = request.connection_version
    return em.transactional((em) => this.conclusions.conclude(em, opened, version, grant, audit))
  }

  private async recordFailure(
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
      if (error instanceof TokenFailure && error.kind === 'client' && APP_ERRORS.includes(code)) {
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
}

/** Codes of RFC 6749 §5.2 that are about the app. */
const APP_ERRORS = ['invalid_client', 'unauthorized_client']

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

/** Looked up only after it was refused. */
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

/** RFC 6749 §4.1.2.1. What the provider says beside its code is shown as text, and not for long. */
function declinedError(params: Record<string, string>): TokenFailure {
  const code = plain(params.error ?? 'access_denied', 100)
  if (code === 'access_denied')
    return new TokenFailure('client', 'The authorization was declined at the provider.', code)
  const said = plain(params.error_description ?? '', 300)
  return new TokenFailure('client', `The provider answered ${code}${said ? `: ${said}` : ''}.`, code)
}

/** What an application gets on its returnUrl: a code of RFC 6749 as it is, everything else in one word. */
function publicCode(code: string): string {
  return /^[a-z_]{1,40}$/.test(code) ? code : 'failed'
}
