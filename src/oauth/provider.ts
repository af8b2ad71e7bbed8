/**
 * The provider's side: where to send the user, and the calls that turn consent, keys and old tokens
 * into a credential that works, and a credential into nothing. It knows no account and no database;
 * what makes a provider special comes in as its definition.
 *
 *   redirect.ts    sending users away and taking them back
 *   fetch.ts       tokens without a user
 *   discovery.ts   what a server says of itself
 *   calls.ts       the two kinds of calls, as definitions write them
 */

import type { Egress, EgressAnswer } from '../egress/egress.js'
import { ValetkeyError } from '../errors.js'
import { type AwsKeys, awsKeys } from './aws.js'
import { applyOf, Calls, cookieHeader, filled, oauth1Keys } from './calls.js'
import {
  type Condition,
  type ExecutableMethod,
  fetches,
  type Method,
  type RefreshDefinition,
  renewal,
  type SignedJwtMethod,
  type TokenRequestDefinition,
} from './definition.js'
import { type ClientCard, type Discovered, discover } from './discovery.js'
import { fetchTokens } from './fetch.js'
import { makeJwt } from './jwt.js'
import type { OAuth1Keys } from './oauth1.js'
import { type Arrival, arrive, type Departure, depart } from './redirect.js'
import { type RedirectRegistration, type Registration, type StoredTokens, scopeOf } from './registration.js'
import { render, renderUrl } from './template.js'
import { at, holds, pauseOf, plain, TokenFailure, type TokenSet } from './token-request.js'

export { NO_TOKENS, type RedirectRegistration, type Registration, type StoredTokens } from './registration.js'

export interface Identity {
  subject: string
  email: string | null
  name: string | null
}

/** What became of a grant at the provider. */
export type RevocationOutcome =
  | { outcome: 'REVOKED' | 'NOT_SUPPORTED' | 'NOTHING_TO_REVOKE' }
  | { outcome: 'FAILED'; message: string }

/** How an account's calls go out. */
export interface Applied {
  headers: Pair[]
  queryParams: Pair[]
  bodyParams: Pair[]
  apiBaseUrl: string | null
}
interface Pair {
  name: string
  value: string
}

export class Provider {
  private readonly calls: Calls

  constructor(egress: Egress) {
    this.calls = new Calls(egress)
  }

  /**
   * Where the user's browser goes.
   *
   * @param account the `account` of the templates
   * @throws {TokenFailure} where the provider is asked first, and does not answer
   */
  depart(
    registration: RedirectRegistration,
    scopes: readonly string[],
    account: Record<string, unknown>,
  ): Promise<Departure> {
    return depart(this.calls, registration, scopes, account)
  }

  /**
   * Turns what the browser brought back into tokens.
   *
   * @throws {TokenFailure}
   */
  async arrive(registration: RedirectRegistration, arrival: Arrival): Promise<TokenSet> {
    const tokens = await arrive(this.calls, registration, arrival)
    return this.withToldExpiry(registration, tokens, arrival.account)
  }

  /** Tokens without a user. @throws {TokenFailure} */
  async fetch(registration: Registration, account: Record<string, unknown>): Promise<TokenSet> {
    if (!fetches(registration.method)) throw new Error('This method fetches nothing.')
    const tokens = await fetchTokens(this.calls, registration as Parameters<typeof fetchTokens>[1], account)
    return this.withToldExpiry(registration, tokens, account)
  }

  /** What a server says of itself, and the client that this server became there. @throws {TokenFailure} */
  discover(method: Method, registration: Registration, card: ClientCard): Promise<Discovered> {
    return discover(this.calls, method, registration, card)
  }

  /**
   * Newer tokens: by the refresh token (RFC 6749 §6), by the access token where the definition says
   * so, or fetched again. A refresh token that the answer does not carry is null here: the old one
   * stays. Where a refresh token is spent it is one request and no more: the answer has to be stored
   * before anything else is asked.
   *
   * @param keep takes the answer as it came, before a byte of it is read
   * @throws {TokenFailure}
   */
  async refresh(
    registration: Registration,
    stored: StoredTokens,
    scopes: readonly string[],
    account: Record<string, unknown>,
    keep?: (answer: EgressAnswer, sentAt: Date) => void,
  ): Promise<TokenSet> {
    const { method } = registration
    const how = renewal(method)
    if (how === false) throw new TokenFailure('grant', 'The provider gives no refresh tokens.', 'no_refresh_token')
    if (how.using === 'reauthenticate')
      return fetchTokens(this.calls, registration as Parameters<typeof fetchTokens>[1], account)
    if (how.using === 'refresh_token' && stored.refreshToken === null)
      throw new TokenFailure(
        'grant',
        'The access token has expired, and the provider gave no refresh token.',
        'no_refresh_token',
      )
    const standard: Record<string, string> =
      how.using === 'refresh_token' ? { grant_type: 'refresh_token', refresh_token: stored.refreshToken ?? '' } : {}
    if (how.resendScope && scopes.length > 0 && 'scopes' in method)
      standard.scope = scopes.join(method.scopes.separator)
    const scope = scopeOf(registration, account, stored)
    return withAskedNames(
      await this.calls.token(refreshCall(method, how), registration, standard, account, scope, keep),
      method,
    )
  }

  /** The same from an answer that was kept. @throws {TokenFailure} */
  reread(registration: Registration, answer: EgressAnswer, sentAt: Date): TokenSet {
    const how = renewal(registration.method)
    if (how === false) throw new TokenFailure('grant', 'The provider gives no refresh tokens.', 'no_refresh_token')
    return withAskedNames(
      this.calls.read(answer, refreshCall(registration.method, how), registration, sentAt, []),
      registration.method,
    )
  }

  /** Lookups after connecting: what they pick becomes `account.*`, each seeing what the last one found. */
  async lookUp(
    registration: Registration,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {}
    for (const definition of registration.method.afterConnect) {
      const body = await this.calls.request(definition, registration, tokens, { ...account, ...found })
      for (const [name, path] of Object.entries(definition.pick ?? {})) found[name] = at(body, path)
    }
    return found
  }

  /** Who the provider says this is; null where the definition knows no way to ask. */
  async identity(
    registration: Registration,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<Identity | null> {
    const definition = registration.method.identity
    if (!definition) return null
    const body = await this.calls.request(definition, registration, tokens, account)
    const pick = (name: string) => {
      const value = definition.pick?.[name] === undefined ? undefined : at(body, definition.pick[name])
      return typeof value === 'string' || typeof value === 'number' ? plain(String(value), 300) : null
    }
    const subject = pick('id')
    if (subject === null || subject === '')
      throw new TokenFailure('protocol', 'The provider did not say whose account this is.')
    return { subject, email: pick('email'), name: pick('label') }
  }

  /**
   * Tries a credential with the cheapest call that the definition knows.
   *
   * @returns whether it is good; `narrow` where it is, and may not do as much as the call asks
   * @throws {TokenFailure} `grant` for a credential that is none, with the provider's words; other kinds where it did not say
   */
  async verify(
    registration: Registration,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<'valid' | 'narrow' | 'untried'> {
    const definition = registration.method.verify
    if (!definition) return 'untried'
    const { answer, parsed, host } = await this.calls.ask(definition, registration, tokens, account)
    const { status } = answer
    if (holds(definition.expect, parsed, status)) return 'valid'
    const pause = pauseOf(answer, registration.api.rateLimit)
    if (status === 429 || (pause !== null && registration.api.rateLimit?.statuses.includes(status)))
      throw new TokenFailure('throttled', `${host} is asked too often at the moment.`, null, pause ?? 30)
    if (status >= 500) throw new TokenFailure('unknown', `${host} answered with status ${status}.`)
    // RFC 9110 §15.5.2: a 401 is about the credential, unless the definition says which 401 is.
    const wrong = definition.wrong
      ? matches(definition.wrong, parsed, status) || (status === 401 && !definition.wrong.status?.includes(401))
      : status === 401 || status === 403
    if (wrong) throw new TokenFailure('grant', `${host} refused it with status ${status}${wordsOf(parsed)}.`)
    return 'narrow'
  }

  /** Ends the grant at the provider where the definition knows how: RFC 7009, or what it has instead. */
  async revoke(
    registration: Registration,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<RevocationOutcome> {
    const scope = scopeOf(registration, account, tokens)
    const known = registration.method.revoke.filter(
      ({ when, token }) =>
        (when === undefined || render(when, scope) !== '') && (token === undefined || tokens.named[token]),
    )
    if (known.length === 0) return { outcome: 'NOT_SUPPORTED' }
    let failure: string | null = null
    for (const definition of known) {
      try {
        await this.calls.request(definition, registration, tokens, account)
      } catch (error) {
        if (!(error instanceof TokenFailure || error instanceof ValetkeyError)) throw error
        failure ??= error.message
      }
    }
    return failure === null ? { outcome: 'REVOKED' } : { outcome: 'FAILED', message: failure }
  }

  /** Headers, parameters and base address with which this account's calls go out. */
  apply(registration: Registration, tokens: StoredTokens, account: Record<string, unknown>, jwt?: string): Applied {
    const { api, method, trustHosts } = registration
    const apply = applyOf(method)
    const scope = { ...scopeOf(registration, account, tokens), jwt }
    const pairs = (list: [string, string][]) => list.map(([name, value]) => ({ name, value }))
    let baseUrl: string | null = null
    try {
      baseUrl = api.baseUrl === undefined ? null : renderUrl(api.baseUrl, scope, trustHosts).href.replace(/\/$/, '')
    } catch (error) {
      // A base address that needs a value this account lacks is unknown, not an error.
      if (!(error instanceof ValetkeyError)) throw error
    }
    return {
      headers: pairs([...filled({ ...api.headers, ...apply.headers }, scope), ...cookieHeader(apply, scope)]),
      queryParams: pairs(filled({ ...api.query, ...apply.query }, scope)),
      bodyParams: pairs(filled(apply.body, scope)),
      apiBaseUrl: baseUrl,
    }
  }

  /** The token that an account's key signs now, and what signed it. */
  async signedToken(
    registration: Registration<SignedJwtMethod>,
    account: Record<string, unknown>,
  ): Promise<{ jwt: string; expiresAt: Date; keyId: string | null; privateKey: string }> {
    const { jwt: definition } = registration.method
    const scope = scopeOf(registration, account)
    const made = await makeJwt(definition, scope, Date.now() / 1000)
    return {
      ...made,
      keyId: render(definition.header.kid ?? '', scope) || null,
      privateKey: render(definition.key, scope),
    }
  }

  awsKeys(
    registration: Registration,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): AwsKeys & { region: string | null } {
    const { method } = registration
    const scope = scopeOf(registration, account, tokens)
    return {
      ...awsKeys(registration, tokens, scope),
      region: (method.type === 'aws' && method.region && render(method.region, scope)) || null,
    }
  }

  /** User name and password of an account that answers Digest challenges; null for all others. */
  digestUser({ method, ...registration }: Registration, account: Record<string, unknown>): [string, string] | null {
    const sign = applyOf(method).sign
    if (sign?.with !== 'digest') return null
    const scope = scopeOf({ method, ...registration }, account)
    return [render(sign.username, scope), render(sign.password, scope)]
  }

  oauth1Keys(registration: Registration, tokens: StoredTokens): OAuth1Keys {
    return oauth1Keys(registration, tokens)
  }

  /**
   * When the tokens expire, asked of the provider (RFC 7662) where its token answer does not say.
   *
   * @returns null where there is nothing to ask, or no answer: what the token answer said holds then
   */
  async toldExpiry(
    registration: Registration,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<Date | null> {
    const { method } = registration
    if (method.type !== 'oauth2' || !method.introspect || method.token.response.expires !== 'introspect') return null
    try {
      const body = await this.calls.request(method.introspect, registration, tokens, account)
      const expires = Number(at(body, method.introspect.pick?.exp ?? 'exp'))
      return Number.isFinite(expires) && expires > 0 ? new Date(expires * 1000) : null
    } catch (error) {
      if (error instanceof TokenFailure || error instanceof ValetkeyError) return null
      throw error
    }
  }

  private async withToldExpiry(
    registration: Registration,
    tokens: TokenSet,
    account: Record<string, unknown>,
  ): Promise<TokenSet> {
    const told = await this.toldExpiry(registration, tokens, account)
    return withAskedNames({ ...tokens, ...(told ? { expiresAt: told } : {}) }, registration.method)
  }
}

/** The call that refreshes: the first one, changed as the definition says. */
function refreshCall(method: ExecutableMethod, { request }: RefreshDefinition): TokenRequestDefinition {
  const first = method.type === 'token_exchange' ? method.steps[0] : 'token' in method ? method.token : undefined
  if (!first) throw new Error('A method without a token call has nothing to refresh.')
  return { ...first, ...request, response: { ...first.response, ...request?.response } }
}

/**
 * Granted scopes by the names under which they were asked for. A scope that only asks for a refresh
 * token is granted when there is one; providers seldom name it.
 */
function withAskedNames(tokens: TokenSet, method: ExecutableMethod): TokenSet {
  if (tokens.scopes === null || !('scopes' in method)) return tokens
  const names = tokens.scopes.map((scope) => method.scopes.aliases[scope] ?? scope)
  return { ...tokens, scopes: [...new Set([...names, ...(tokens.refreshToken !== null ? method.scopes.offline : [])])] }
}

/** Status and body are both what the condition names; what it does not name does not matter. */
function matches({ status: statuses, ...rest }: Condition, body: unknown, status: number): boolean {
  return (!statuses || statuses.includes(status)) && (rest.path === undefined || holds(rest, body))
}

/** A provider's reason, from where most of them put it. */
function wordsOf(body: unknown): string {
  const said = [
    'error_description',
    'error.message',
    'message',
    'error',
    'detail',
    'errors.0.message',
    'errors.0.detail',
  ]
    .map((path) => at(body, path))
    .find((value) => typeof value === 'string' && value !== '')
  return said === undefined ? '' : `: ${plain(said as string, 200).replace(/\.$/, '')}`
}
