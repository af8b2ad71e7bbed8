/**
 * The provider's side of OAuth 2.0: where to send the user, and the calls that turn a code into
 * tokens, tokens into newer ones, and tokens into nothing. It knows no account and no database; what
 * makes a provider special comes in as its definition.
 */
import { createHash, randomBytes } from 'node:crypto'
import { AuthorizationCode } from 'simple-oauth2'
import { ValetkeyError } from '../errors.js'
import type { ApiDefinition, Condition, Method, OAuth2Method, RequestDefinition, TokenRequestDefinition } from './definition.js'
import { type Egress, type EgressAnswer, Unreachable } from './egress.js'
import { render, renderJson, renderUrl, type TemplateScope } from './template.js'
import { at, basic, buildTokenRequest, holds, type OAuthClient, parseBody, plain, readTokenAnswer, TokenFailure, type TokenSet, withoutSecrets } from './token-request.js'

/** One connection's view of its provider: the definition and what its templates are filled from. */
export interface Registration<M extends Method = Method> {
  method: M
  api: ApiDefinition
  client: OAuthClient
  /** Exactly what is registered with the provider. */
  redirectUri: string
  /** Globs of hosts that a templated address may have. */
  trustHosts: readonly string[]
  /** `connection`, `env` and `server` of the templates. */
  scope: TemplateScope
}

export type OAuthRegistration = Registration<OAuth2Method>

export function isOAuth(registration: Registration): registration is OAuthRegistration {
  return registration.method.type === 'oauth2'
}

export interface Identity {
  subject: string
  email: string | null
  name: string | null
}

/** What became of a grant at the provider. */
export type RevocationOutcome = { outcome: 'REVOKED' | 'NOT_SUPPORTED' | 'NOTHING_TO_REVOKE' } | { outcome: 'FAILED'; message: string }

/** RFC 7636 §4.1: 43 characters of 256 random bits. */
export function newVerifier(): string {
  return randomBytes(32).toString('base64url')
}

export class Provider {
  constructor(private readonly egress: Egress) {}

  /**
   * Where the user's browser goes: the authorization request of RFC 6749 §4.1.1, with PKCE S256
   * (RFC 7636) unless the definition says that it does harm.
   *
   * @param account the `account` of the templates
   */
  authorizeUrl(
    registration: OAuthRegistration,
    { scopes, state, verifier, account }: { scopes: readonly string[]; state: string; verifier: string; account: Record<string, unknown> },
  ): URL {
    const { method, client, redirectUri, trustHosts } = registration
    const { authorize } = method
    const scope = { ...registration.scope, app: { client_id: client.id }, account }
    const base = renderUrl(authorize.url, scope, trustHosts)
    const pkce = authorize.pkce === 'off' ? {} : { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' }
    // simple-oauth2 demands a token host even to build an address; no request goes through it.
    const address = new AuthorizationCode({
      client: { id: client.id, secret: '' },
      auth: { tokenHost: base.origin, authorizeHost: base.origin, authorizePath: base.pathname + base.search },
    }).authorizeURL({
      redirect_uri: redirectUri,
      state,
      ...pkce,
      ...(authorize.responseMode ? { response_mode: authorize.responseMode } : {}),
    })
    const url = new URL(address)
    const joined = scopes.join(method.scopes.separator)
    if (joined) url.searchParams.set(method.scopes.param, joined)
    for (const [from, to] of Object.entries(authorize.rename)) {
      const value = url.searchParams.get(from)
      url.searchParams.delete(from)
      if (to !== null && value !== null) url.searchParams.set(to, value)
    }
    for (const [name, source] of Object.entries(authorize.params)) url.searchParams.set(name, render(source, scope))
    return url
  }

  /**
   * Exchanges a code for tokens (RFC 6749 §4.1.3).
   *
   * @throws {TokenFailure}
   */
  async exchange(
    registration: OAuthRegistration,
    { code, verifier, account, callback }: { code: string; verifier: string; account: Record<string, unknown>; callback: Record<string, unknown> },
  ): Promise<TokenSet> {
    const { method, redirectUri } = registration
    const standard: Record<string, string> = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
    if (method.authorize.pkce !== 'off') standard.code_verifier = verifier
    const scope = this.scope(registration, account, { callback })
    const tokens = await this.call(method.token, registration, standard, scope)
    const told = await this.toldExpiry(registration, tokens, account)
    return told ? { ...tokens, expiresAt: told } : tokens
  }

  /**
   * Exchanges a refresh token (or, where the definition says so, the access token) for newer tokens
   * (RFC 6749 §6). A refresh token that the answer does not carry is null here: the old one stays.
   * One request and no more: the answer has to be stored before anything else is asked.
   *
   * @throws {TokenFailure}
   */
  async refresh(registration: OAuthRegistration, stored: StoredTokens, scopes: readonly string[], account: Record<string, unknown>): Promise<TokenSet> {
    const { method } = registration
    if (method.refresh === false) throw new TokenFailure('grant', 'The provider gives no refresh tokens.', 'no_refresh_token')
    const definition = { ...method.token, ...method.refresh.request, response: { ...method.token.response, ...method.refresh.request?.response } }
    const standard: Record<string, string> = method.refresh.using === 'refresh_token' ? { grant_type: 'refresh_token', refresh_token: stored.refreshToken ?? '' } : {}
    if (method.refresh.resendScope && scopes.length > 0) standard.scope = scopes.join(method.scopes.separator)
    return this.call(definition, registration, standard, this.scope(registration, account, { token: tokenScope(stored) }))
  }

  /** Lookups after connecting: what they pick becomes `account.*`, each seeing what the last one found. */
  async lookUp(registration: OAuthRegistration, tokens: StoredTokens, account: Record<string, unknown>): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {}
    for (const definition of registration.method.afterConnect) {
      const { body } = await this.request(definition, registration, tokens, { ...account, ...found })
      for (const [name, path] of Object.entries(definition.pick ?? {})) found[name] = at(body, path)
    }
    return found
  }

  /** Who the provider says this is; null where the definition knows no way to ask. */
  async identity(registration: Registration, tokens: StoredTokens, account: Record<string, unknown>): Promise<Identity | null> {
    const definition = registration.method.identity
    if (!definition) return null
    const { body } = await this.request(definition, registration, tokens, account)
    const pick = (name: string) => {
      const value = definition.pick?.[name] === undefined ? undefined : at(body, definition.pick[name])
      return typeof value === 'string' || typeof value === 'number' ? plain(String(value), 300) : null
    }
    const subject = pick('id')
    if (subject === null || subject === '') throw new TokenFailure('protocol', 'The provider did not say whose account this is.')
    return { subject, email: pick('email'), name: pick('label') }
  }

  /**
   * Tries a credential with the cheapest call that the definition knows.
   *
   * @returns whether it is good; `narrow` where it is, and may not do as much as the call asks
   * @throws {TokenFailure} `grant` for a credential that is none, with the provider's words; other kinds where it did not say
   */
  async verify(registration: Registration, account: Record<string, unknown>): Promise<'valid' | 'narrow' | 'untried'> {
    const definition = registration.method.verify
    if (!definition) return 'untried'
    const { status, parsed, host } = await this.ask(definition, registration, NO_TOKENS, account)
    if (holds(definition.expect, parsed, status)) return 'valid'
    if (status === 429) throw new TokenFailure('throttled', `${host} is asked too often at the moment.`, null, 30)
    if (status >= 500) throw new TokenFailure('unknown', `${host} answered with status ${status}.`)
    // RFC 9110 §15.5.2: a 401 is about the credential, unless the definition says which 401 is.
    const wrong = definition.wrong ? matches(definition.wrong, parsed, status) || (status === 401 && !definition.wrong.status?.includes(401)) : status === 401 || status === 403
    if (wrong) throw new TokenFailure('grant', `${host} refused it with status ${status}${wordsOf(parsed)}.`)
    return 'narrow'
  }

  /** Ends the grant at the provider where the definition knows how: RFC 7009, or what it has instead. */
  async revoke(registration: Registration, tokens: StoredTokens, account: Record<string, unknown>): Promise<RevocationOutcome> {
    if (registration.method.revoke.length === 0) return { outcome: 'NOT_SUPPORTED' }
    let failure: string | null = null
    for (const definition of registration.method.revoke) {
      if (definition.token && !tokens.named[definition.token]) continue
      try {
        await this.request(definition, registration, tokens, account)
      } catch (error) {
        if (!(error instanceof TokenFailure || error instanceof ValetkeyError)) throw error
        failure ??= error.message
      }
    }
    return failure === null ? { outcome: 'REVOKED' } : { outcome: 'FAILED', message: failure }
  }

  /** Headers, query parameters and base address with which this account's calls go out. */
  apply(registration: Registration, tokens: StoredTokens, account: Record<string, unknown>) {
    const { api, method, trustHosts } = registration
    const scope = this.scope(registration, account, { token: tokenScope(tokens) })
    const pairs = (parameters: Record<string, string>) => filled(parameters, scope).map(([name, value]) => ({ name, value }))
    let baseUrl: string | null = null
    try {
      baseUrl = api.baseUrl === undefined ? null : renderUrl(api.baseUrl, scope, trustHosts).href.replace(/\/$/, '')
    } catch (error) {
      // A base address that needs a value this account lacks is unknown, not an error.
      if (!(error instanceof ValetkeyError)) throw error
    }
    return { headers: pairs({ ...api.headers, ...method.apply.headers }), queryParams: pairs(method.apply.query), apiBaseUrl: baseUrl }
  }

  /**
   * When the tokens expire, asked of the provider (RFC 7662) where its token answer does not say.
   *
   * @returns null where there is nothing to ask, or no answer: what the token answer said holds then
   */
  async toldExpiry(registration: OAuthRegistration, tokens: StoredTokens, account: Record<string, unknown>): Promise<Date | null> {
    const { introspect, token } = registration.method
    if (!introspect || token.response.expires !== 'introspect') return null
    try {
      const { body } = await this.request(introspect, registration, tokens, account)
      const expires = Number(at(body, introspect.pick?.exp ?? 'exp'))
      return Number.isFinite(expires) && expires > 0 ? new Date(expires * 1000) : null
    } catch (error) {
      if (error instanceof TokenFailure || error instanceof ValetkeyError) return null
      throw error
    }
  }

  private async call(definition: TokenRequestDefinition, registration: OAuthRegistration, standard: Record<string, string>, scope: TemplateScope): Promise<TokenSet> {
    const sentAt = new Date()
    const request = buildTokenRequest(definition, registration.client, standard, scope, registration.trustHosts)
    const answer = await this.send(request)
    const tokens = this.readWithoutSecrets(
      () => readTokenAnswer(answer, definition.response, sentAt),
      [registration.client.secret, standard.code, standard.code_verifier, standard.refresh_token],
    )
    return { ...tokens, scopes: tokens.scopes && asAsked(tokens.scopes, registration.method, tokens.refreshToken !== null) }
  }

  /** A call whose answer must be what the definition expects. @throws {TokenFailure} */
  private async request(definition: RequestDefinition, registration: Registration, tokens: StoredTokens, account: Record<string, unknown>): Promise<{ body: unknown }> {
    const { status, parsed, host } = await this.ask(definition, registration, tokens, account)
    if (holds(definition.expect, parsed, status)) return { body: parsed }
    throw new TokenFailure(status >= 500 ? 'unknown' : 'client', `${host} answered with status ${status} where another answer was expected.`)
  }

  private async ask(
    definition: RequestDefinition,
    registration: Registration,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<{ status: number; parsed: unknown; host: string }> {
    const named = definition.token ? tokens.named[definition.token] : undefined
    const acting: StoredTokens = named ? { ...tokens, accessToken: named.access, refreshToken: named.refresh } : tokens
    const scope = this.scope(registration, account, { token: tokenScope(acting) })
    const { client, method } = registration
    const url = renderUrl(definition.url, scope, registration.trustHosts)
    for (const [name, source] of Object.entries(definition.query ?? {})) url.searchParams.set(name, render(source, scope))
    const headers: Record<string, string> = { accept: 'application/json' }
    let payload = renderJson(definition.body, scope) as Record<string, unknown> | undefined
    if (definition.auth === 'apply') {
      for (const [name, value] of filled({ ...registration.api.headers, ...method.apply.headers }, scope)) headers[name] = value
      for (const [name, value] of filled(method.apply.query, scope)) url.searchParams.set(name, value)
    } else if (definition.auth === 'client_basic') headers.authorization = basic(client.id, client.secret)
    else if (definition.auth === 'client_body') payload = { ...payload, client_id: client.id, client_secret: client.secret }
    for (const [name, source] of Object.entries(definition.headers ?? {})) headers[name] = render(source, scope)
    let body: string | undefined
    if (payload !== undefined && definition.encoding !== 'none') {
      const json = definition.encoding === 'json'
      headers['content-type'] = json ? 'application/json' : 'application/x-www-form-urlencoded'
      body = json ? JSON.stringify(payload) : new URLSearchParams(payload as Record<string, string>).toString()
    }
    const answer = await this.send({ method: definition.method, url, headers, body })
    return { status: answer.status, parsed: parseBody(answer), host: url.host }
  }

  private readWithoutSecrets(read: () => TokenSet, secrets: (string | undefined)[]): TokenSet {
    try {
      return read()
    } catch (error) {
      if (error instanceof TokenFailure) error.message = withoutSecrets(error.message, secrets)
      throw error
    }
  }

  private async send(request: Parameters<Egress['send']>[0]): Promise<EgressAnswer> {
    try {
      return await this.egress.send(request)
    } catch (error) {
      if (error instanceof Unreachable) throw new TokenFailure(error.sent ? 'unknown' : 'not_sent', error.message, null, null, error)
      throw error
    }
  }

  private scope(registration: Registration, account: Record<string, unknown>, more: TemplateScope): TemplateScope {
    return { ...registration.scope, app: { client_id: registration.client.id, client_secret: registration.client.secret }, account, ...more }
  }
}

/** Parameters rendered; those that come out empty, or as a scheme with nothing behind it, are left out. */
function filled(parameters: Record<string, string>, scope: TemplateScope): [string, string][] {
  return Object.entries(parameters)
    .map(([name, source]): [string, string] => [name, render(source, scope)])
    .filter(([, value]) => value !== '' && !/^(Bearer|Token|Basic) ?$/i.test(value))
}

/**
 * Granted scopes by the names under which they were asked for. A scope that only asks for a refresh
 * token is granted when there is one; providers seldom name it.
 */
function asAsked(granted: readonly string[], { scopes }: OAuth2Method, refreshable: boolean): string[] {
  const names = granted.map((scope) => scopes.aliases[scope] ?? scope)
  return [...new Set([...names, ...(refreshable ? scopes.offline : [])])]
}

/** Status and body are both what the condition names; what it does not name does not matter. */
function matches({ status: statuses, ...rest }: Condition, body: unknown, status: number): boolean {
  return (!statuses || statuses.includes(status)) && (rest.path === undefined || holds(rest, body))
}

/** A provider's reason, from where most of them put it. */
function wordsOf(body: unknown): string {
  const said = ['error_description', 'error.message', 'message', 'error', 'detail', 'errors.0.message', 'errors.0.detail']
    .map((path) => at(body, path))
    .find((value) => typeof value === 'string' && value !== '')
  return said === undefined ? '' : `: ${plain(said as string, 200).replace(/\.$/, '')}`
}

/** Where nothing is fetched: the credential is in the account's fields. */
export const NO_TOKENS: StoredTokens = { accessToken: '', refreshToken: null, named: {}, captured: {} }

/** The part of a token set that later calls need. */
export type StoredTokens = Pick<TokenSet, 'accessToken' | 'refreshToken' | 'named' | 'captured'>

function tokenScope(tokens: StoredTokens): Record<string, unknown> {
  return { ...tokens.captured, ...tokens.named, access: tokens.accessToken, refresh: tokens.refreshToken }
}
