/** The authorization code grant (RFC 6749 §4.1), with PKCE (RFC 7636) unless the definition turns it off. */
import { createHash, randomBytes } from 'node:crypto'
import { AuthorizationCode } from 'simple-oauth2'
import type { Calls } from '../calls.js'
import type { CodeMethod } from '../definition/oauth2.js'
import { type ConnectionSetup, scopeOf } from '../setup.js'
import { renderUrl } from '../template.js'
import { NO_TOKENS, type TokenSet } from '../token-endpoint/token-set.js'
import { addParameters, scopeParameters } from './authorize-parameters.js'
import type { Arrival, Departure } from './departure.js'

export function sendForCode(
  setup: ConnectionSetup<CodeMethod>,
  scopes: readonly string[],
  account: Record<string, unknown>,
): Departure {
  const state = randomBytes(32).toString('base64url')
  // RFC 7636 §4.1: 43 characters of 256 random bits.
  const secret = randomBytes(32).toString('base64url')
  return { address: authorizeAddress(setup, scopes, account, state, secret), state, secret }
}

/** RFC 6749 §4.1.1. */
function authorizeAddress(
  setup: ConnectionSetup<CodeMethod>,
  scopes: readonly string[],
  account: Record<string, unknown>,
  state: string,
  verifier: string,
): URL {
  const { method, client, trustHosts } = setup
  const { authorize } = method
  const scope = { ...scopeOf(setup, account), app: { client_id: client.id } }
  const base = renderUrl(authorize.url, scope, trustHosts)
  const url = standardAddress(setup, base, state, verifier)
  const requested = scopeParameters(method.scopes, scopes)
  for (const [name, value] of requested)
    if (!authorize.rawScope || name !== method.scopes.param) url.searchParams.set(name, value)
  for (const [from, to] of Object.entries(authorize.rename)) {
    const value = url.searchParams.get(from)
    url.searchParams.delete(from)
    if (to !== null && value !== null) url.searchParams.set(to, value)
  }
  addParameters(url, authorize.params, scope)
  const raw = authorize.rawScope ? requested.get(method.scopes.param) : undefined
  if (raw) {
    const parameter = `${method.scopes.param}=${raw.replace(/[\s&#%]/g, encodeURIComponent)}`
    url.search = `${url.search}${url.search ? '&' : '?'}${parameter}`
  }
  url.hash = base.hash
  if (authorize.inFragment) {
    const fragment = base.hash.slice(1)
    url.hash = `${fragment}${fragment.startsWith('/') ? '?' : ''}${url.search.slice(1)}`
    url.search = ''
  }
  return url
}

/** The standard's parameters on the provider's address. */
function standardAddress(
  { method, client, redirectUri }: ConnectionSetup<CodeMethod>,
  base: URL,
  state: string,
  verifier: string,
): URL {
  const { pkce, responseMode } = method.authorize
  // simple-oauth2 requires a token host even to build an address; no request goes through it.
  const builder = new AuthorizationCode({
    client: { id: client.id, secret: '' },
    auth: { tokenHost: base.origin, authorizeHost: base.origin, authorizePath: base.pathname + base.search },
  })
  const challenge = {
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  return new URL(
    builder.authorizeURL({
      redirect_uri: redirectUri,
      state,
      ...(pkce === 'off' ? {} : challenge),
      ...(responseMode ? { response_mode: responseMode } : {}),
    }),
  )
}

/** RFC 6749 §4.1.3, and the further exchanges of the definition. */
export function exchangeCode(
  calls: Calls,
  setup: ConnectionSetup<CodeMethod>,
  { code, account, callback, secret, redirectUri }: Arrival,
): Promise<TokenSet> {
  const { method } = setup
  const standard: Record<string, string> = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
  if (method.authorize.pkce !== 'off') standard.code_verifier = secret
  return calls.tokens(
    [method.token, ...method.further],
    setup,
    standard,
    account,
    scopeOf(setup, account, NO_TOKENS, { callback }),
  )
}
