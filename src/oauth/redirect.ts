/**
 * Sending users to a provider and taking them back: by an authorization code (RFC 6749 §4.1), a
 * request token (RFC 5849 §2), or the installation of an app. What differs between the three is here,
 * in a pair of functions each.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { AuthorizationCode } from 'simple-oauth2'
import { ValetkeyError } from '../errors.js'
import type { Calls } from './calls.js'
import type { AppInstallationMethod, CodeMethod, OAuth1Method, ScopesDefinition } from './definition.js'
import { fetchTokens } from './fetch.js'
import { authorizationHeader } from './oauth1.js'
import { NO_TOKENS, type RedirectRegistration, type Registration, scopeOf } from './registration.js'
import { render, renderUrl, type TemplateScope } from './template.js'
import { at, holds, parseBody, plain, TokenFailure, type TokenSet } from './token-request.js'

/** Where the browser goes, what comes back with it, and what must be kept until then. */
export interface Departure {
  address: URL
  /** Comes back in the callback, and is known to this authorization alone. */
  state: string
  /** The PKCE verifier, or the request token's secret. */
  secret: string
}

/** What a browser brought back: checked, and taken apart as the definition says. */
export interface Arrival {
  code: string
  /** `account.*` of the templates, those captured from the callback included. */
  account: Record<string, unknown>
  callback: Record<string, string>
  secret: string
  /** Exactly as it was sent on departure. */
  redirectUri: string
}

export async function depart(
  calls: Calls,
  registration: RedirectRegistration,
  scopes: readonly string[],
  account: Record<string, unknown>,
): Promise<Departure> {
  const { method } = registration
  const state = randomBytes(32).toString('base64url')
  switch (method.type) {
    case 'oauth2': {
      // RFC 7636 §4.1: 43 characters of 256 random bits.
      const verifier = randomBytes(32).toString('base64url')
      return {
        address: codeAddress(registration as Registration<CodeMethod>, { scopes, state, verifier, account }),
        state,
        secret: verifier,
      }
    }
    case 'oauth1':
      return requestToken(calls, registration as Registration<OAuth1Method>, scopes, account)
    case 'app_installation': {
      const scope = scopeOf(registration, account)
      const address = renderUrl(method.install.url, scope, registration.trustHosts)
      address.searchParams.set('state', state)
      addParameters(address, method.install.params, scope)
      return { address, state, secret: '' }
    }
  }
}

/** @throws {TokenFailure} where the provider gives no tokens */
export async function arrive(calls: Calls, registration: RedirectRegistration, arrival: Arrival): Promise<TokenSet> {
  const { method } = registration
  switch (method.type) {
    case 'oauth2':
      return exchangeCode(calls, registration as Registration<CodeMethod>, arrival)
    case 'oauth1':
      return exchangeRequestToken(calls, registration as Registration<OAuth1Method>, arrival)
    case 'app_installation':
      return installed(calls, registration as Registration<AppInstallationMethod>, arrival)
  }
}

/**
 * What a callback's parameters say.
 *
 * @returns the code, and the parameters that are kept as `account.*`
 * @throws {ValetkeyError} BAD_USER_INPUT where something is missing, or does not come from the provider that was asked
 */
export function readCallback(
  { method, client, scope }: RedirectRegistration,
  params: Record<string, string>,
): { code: string; captured: Record<string, string> } {
  const { callback } = method
  const code = params[callback.codeParam]
  if (!code || code.length > 4096) throw new ValetkeyError('BAD_USER_INPUT', 'The provider sent no code.')
  const absent = callback.require.find((name) => !params[name])
  if (absent)
    throw new ValetkeyError('BAD_USER_INPUT', `The provider did not send ${absent}, which this connector needs.`)
  // RFC 9207 §2.4: the issuer is compared as a string, and is required where the provider is known to send it.
  const issuer =
    method.type === 'oauth2' && method.authorize.issuer !== undefined ? render(method.authorize.issuer, scope) : ''
  const { signature } = callback
  const key =
    signature && render(signature.key, { ...scope, app: { client_id: client.id, client_secret: client.secret } })
  if ((issuer !== '' && params.iss !== issuer) || (signature && !signedBy(key ?? '', params, signature.param)))
    throw new ValetkeyError('BAD_USER_INPUT', 'The answer does not come from the provider that was asked.')
  return {
    code,
    captured: Object.fromEntries(
      Object.entries(callback.capture).flatMap(([name, param]) =>
        params[param] === undefined ? [] : [[name, plain(params[param], 300)]],
      ),
    ),
  }
}

function signedBy(key: string, params: Record<string, string>, param: string): boolean {
  const message = Object.entries(params)
    .filter(([name]) => name !== param)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const expected = createHmac('sha256', key).update(message).digest()
  const given = Buffer.from(params[param] ?? '', 'hex')
  return key !== '' && given.length === expected.length && timingSafeEqual(given, expected)
}

// ── authorization code ──

/** The authorization request of RFC 6749 §4.1.1, with PKCE S256 (RFC 7636) unless the definition says that it does harm. */
export function codeAddress(
  registration: Registration<CodeMethod>,
  {
    scopes,
    state,
    verifier,
    account,
  }: { scopes: readonly string[]; state: string; verifier: string; account: Record<string, unknown> },
): URL {
  const { method, client, redirectUri, trustHosts } = registration
  const { authorize } = method
  const scope = { ...scopeOf(registration, account), app: { client_id: client.id } }
  const base = renderUrl(authorize.url, scope, trustHosts)
  const pkce =
    authorize.pkce === 'off'
      ? {}
      : { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' }
  // simple-oauth2 demands a token host even to build an address; no request goes through it.
  const url = new URL(
    new AuthorizationCode({
      client: { id: client.id, secret: '' },
      auth: { tokenHost: base.origin, authorizeHost: base.origin, authorizePath: base.pathname + base.search },
    }).authorizeURL({
      redirect_uri: redirectUri,
      state,
      ...pkce,
      ...(authorize.responseMode ? { response_mode: authorize.responseMode } : {}),
    }),
  )
  const asked = scopeParameters(method.scopes, scopes)
  for (const [name, value] of asked)
    if (!authorize.rawScope || name !== method.scopes.param) url.searchParams.set(name, value)
  for (const [from, to] of Object.entries(authorize.rename)) {
    const value = url.searchParams.get(from)
    url.searchParams.delete(from)
    if (to !== null && value !== null) url.searchParams.set(to, value)
  }
  addParameters(url, authorize.params, scope)
  const raw = authorize.rawScope ? asked.get(method.scopes.param) : undefined
  if (raw)
    url.search = `${url.search}${url.search ? '&' : '?'}${method.scopes.param}=${raw.replace(/[\s&#%]/g, encodeURIComponent)}`
  url.hash = base.hash
  if (authorize.inFragment) {
    const fragment = base.hash.slice(1)
    url.hash = `${fragment}${fragment.startsWith('/') ? '?' : ''}${url.search.slice(1)}`
    url.search = ''
  }
  return url
}

function addParameters(url: URL, parameters: Record<string, string>, scope: TemplateScope) {
  for (const [name, source] of Object.entries(parameters)) {
    const value = render(source, scope)
    if (value !== '') url.searchParams.set(name, value)
  }
}

/** Scopes by the parameter that asks for them: those written `param:scope` go to a parameter of their own. */
function scopeParameters(
  { param, separator, extra }: ScopesDefinition,
  scopes: readonly string[],
): Map<string, string> {
  const lists = new Map<string, string[]>([[param, []]])
  for (const scope of scopes) {
    const further = Object.keys(extra).find((name) => scope.startsWith(`${name}:`))
    const name = further ?? param
    lists.set(name, [...(lists.get(name) ?? []), further ? scope.slice(further.length + 1) : scope])
  }
  return new Map([...lists].filter(([, list]) => list.length > 0).map(([name, list]) => [name, list.join(separator)]))
}

/** RFC 6749 §4.1.3, and the exchanges that a definition has after it. */
function exchangeCode(
  calls: Calls,
  registration: Registration<CodeMethod>,
  { code, account, callback, secret, redirectUri }: Arrival,
): Promise<TokenSet> {
  const { method } = registration
  const standard: Record<string, string> = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
  if (method.authorize.pkce !== 'off') standard.code_verifier = secret
  return calls.tokens(
    [method.token, ...method.further],
    registration,
    standard,
    account,
    scopeOf(registration, account, NO_TOKENS, { callback }),
  )
}

// ── request token ──

/** RFC 5849 §2.1. The request token itself serves as the state: it is random, known to this authorization alone, and comes back. */
async function requestToken(
  calls: Calls,
  registration: Registration<OAuth1Method>,
  scopes: readonly string[],
  account: Record<string, unknown>,
): Promise<Departure> {
  const { method, redirectUri, trustHosts } = registration
  const scope = scopeOf(registration, account)
  const url = renderUrl(method.requestToken.url, scope, trustHosts)
  addParameters(url, method.requestToken.params, scope)
  const answer = await oauth1Call(
    calls,
    registration,
    method.requestToken.method,
    url,
    {},
    { oauth_callback: redirectUri },
  )
  if (answer.confirmed === false)
    throw new TokenFailure('protocol', 'The provider did not confirm the callback address (RFC 5849 §2.1).')
  const address = renderUrl(method.authorize.url, scope, trustHosts)
  address.searchParams.set('oauth_token', answer.token)
  for (const [name, value] of scopeParameters(method.scopes, scopes)) address.searchParams.set(name, value)
  addParameters(address, method.authorize.params, scope)
  return { address, state: answer.token, secret: answer.secret }
}

/** RFC 5849 §2.3. */
async function exchangeRequestToken(
  calls: Calls,
  registration: Registration<OAuth1Method>,
  { code, account, callback, secret }: Arrival,
): Promise<TokenSet> {
  const { method, trustHosts } = registration
  const url = renderUrl(method.accessToken.url, scopeOf(registration, account), trustHosts)
  const token = callback.oauth_token ?? callback.state ?? ''
  const answer = await oauth1Call(
    calls,
    registration,
    method.accessToken.method,
    url,
    { token, tokenSecret: secret },
    { oauth_verifier: code },
  )
  const captured = Object.fromEntries(
    Object.entries(method.accessToken.capture).flatMap(([name, path]) =>
      at(answer.body, path) === undefined ? [] : [[name, at(answer.body, path)]],
    ),
  )
  return {
    accessToken: answer.token,
    tokenType: 'OAuth',
    refreshToken: null,
    scopes: null,
    expiresAt: null,
    refreshExpiresAt: null,
    named: {},
    captured: { ...captured, secret: answer.secret },
  }
}

async function oauth1Call(
  calls: Calls,
  { client, method }: Registration<OAuth1Method>,
  verb: 'POST' | 'GET',
  url: URL,
  tokens: { token?: string; tokenSecret?: string },
  extra: Record<string, string>,
): Promise<{ token: string; secret: string; confirmed: boolean | null; body: unknown }> {
  const authorization = authorizationHeader(
    { method: verb, url },
    { consumerKey: client.id, consumerSecret: client.secret, ...tokens },
    method.signature,
    extra,
  )
  const answer = await calls.send({ method: verb, url, headers: { authorization, accept: '*/*' } })
  const body = parseBody(answer, { format: 'form' })
  if (!holds(undefined, body, answer.status)) {
    // RFC 5849 §3.2: 401 is about the client or its tokens; at the first call there are no tokens yet.
    const kind =
      answer.status === 429
        ? 'throttled'
        : answer.status >= 500
          ? 'unknown'
          : tokens.token === undefined
            ? 'client'
            : 'grant'
    throw new TokenFailure(
      kind,
      `${url.host} answered with status ${answer.status}.`,
      answer.status === 401 && tokens.token === undefined ? 'invalid_client' : null,
    )
  }
  const [token, secret, confirmed] = ['oauth_token', 'oauth_token_secret', 'oauth_callback_confirmed'].map((name) =>
    at(body, name),
  )
  if (
    typeof token !== 'string' ||
    !/^[\x21-\x7e]{1,4096}$/.test(token) ||
    typeof secret !== 'string' ||
    secret.length > 4096
  )
    throw new TokenFailure('protocol', 'The provider answered without a usable token.')
  return { token, secret, confirmed: typeof confirmed === 'string' ? confirmed === 'true' : null, body }
}

// ── installation ──

/** The person who came back proves that the installation is theirs to speak for; then the app fetches its token. */
async function installed(
  calls: Calls,
  registration: Registration<AppInstallationMethod>,
  { code, account, redirectUri }: Arrival,
): Promise<TokenSet> {
  const { proof } = registration.method
  const scope = scopeOf(registration, account)
  const person = await calls.token(
    proof.token,
    registration,
    { grant_type: 'authorization_code', code, redirect_uri: redirectUri },
    account,
    scope,
  )
  const { answer, parsed } = await calls.ask({ ...proof.check, auth: 'apply' }, registration, person, account)
  if (!holds(proof.check.expect, parsed, answer.status))
    throw new TokenFailure(
      answer.status >= 500 ? 'unknown' : 'grant',
      'Who signed in may not speak for this installation.',
      'installation_not_yours',
    )
  return fetchTokens(calls, registration, account)
}
