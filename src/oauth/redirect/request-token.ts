/** OAuth 1.0a's redirect (RFC 5849 §2): a request token before the trip, exchanged for an access token after it. */
import { at, holds, parseBody, valuesAt } from '../answer/answer-body.js'
import type { Calls } from '../calls.js'
import type { OAuth1Method } from '../definition/other-methods.js'
import { type ConnectionSetup, scopeOf } from '../setup.js'
import { authorizationHeader } from '../signing/oauth1.js'
import { renderUrl } from '../template.js'
import { type FailureKind, TokenFailure } from '../token-endpoint/token-failure.js'
import type { TokenSet } from '../token-endpoint/token-set.js'
import { addParameters, scopeParameters } from './authorize-parameters.js'
import type { Arrival, Departure } from './departure.js'

/**
 * RFC 5849 §2.1. The request token serves as the state: it is random, belongs to this authorization
 * alone, and comes back with the browser.
 */
export async function sendWithRequestToken(
  calls: Calls,
  setup: ConnectionSetup<OAuth1Method>,
  scopes: readonly string[],
  account: Record<string, unknown>,
): Promise<Departure> {
  const { method, redirectUri, trustHosts } = setup
  const scope = scopeOf(setup, account)
  const url = renderUrl(method.requestToken.url, scope, trustHosts)
  addParameters(url, method.requestToken.params, scope)
  const answer = await signedCall(calls, setup, method.requestToken.method, url, {}, { oauth_callback: redirectUri })
  if (answer.confirmed === false)
    throw new TokenFailure('protocol', 'The provider did not confirm the callback address (RFC 5849 §2.1).')
  const address = renderUrl(method.authorize.url, scope, trustHosts)
  address.searchParams.set('oauth_token', answer.token)
  for (const [name, value] of scopeParameters(method.scopes, scopes)) address.searchParams.set(name, value)
  addParameters(address, method.authorize.params, scope)
  return { address, state: answer.token, secret: answer.secret }
}

/** RFC 5849 §2.3. */
export async function exchangeRequestToken(
  calls: Calls,
  setup: ConnectionSetup<OAuth1Method>,
  { code, account, callback, secret }: Arrival,
): Promise<TokenSet> {
  const { method, trustHosts } = setup
  const url = renderUrl(method.accessToken.url, scopeOf(setup, account), trustHosts)
  const token = callback.oauth_token ?? callback.state ?? ''
  const answer = await signedCall(
    calls,
    setup,
    method.accessToken.method,
    url,
    { token, tokenSecret: secret },
    { oauth_verifier: code },
  )
  return {
    accessToken: answer.token,
    tokenType: 'OAuth',
    refreshToken: null,
    scopes: null,
    expiresAt: null,
    refreshExpiresAt: null,
    named: {},
    captured: { ...valuesAt(answer.body, method.accessToken.capture), secret: answer.secret },
  }
}

interface TokenPair {
  token: string
  secret: string
  /** `oauth_callback_confirmed`; null where the answer does not have it. */
  confirmed: boolean | null
  body: unknown
}

async function signedCall(
  calls: Calls,
  { client, method }: ConnectionSetup<OAuth1Method>,
  verb: 'POST' | 'GET',
  url: URL,
  tokens: { token?: string; tokenSecret?: string },
  extra: Record<string, string>,
): Promise<TokenPair> {
  const authorization = authorizationHeader(
    { method: verb, url },
    { consumerKey: client.id, consumerSecret: client.secret, ...tokens },
    method.signature,
    extra,
  )
  const answer = await calls.send({ method: verb, url, headers: { authorization, accept: '*/*' } })
  const body = parseBody(answer, { format: 'form' })
  if (!holds(undefined, body, answer.status)) throw refusal(url, answer.status, tokens.token === undefined)
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

/** RFC 5849 §3.2: a 401 is about the client or its tokens, and the first call has no tokens yet. */
function refusal(url: URL, status: number, isFirstCall: boolean): TokenFailure {
  let kind: FailureKind = isFirstCall ? 'client' : 'grant'
  if (status === 429) kind = 'throttled'
  else if (status >= 500) kind = 'unknown'
  return new TokenFailure(
    kind,
    `${url.host} answered with status ${status}.`,
    status === 401 && isFirstCall ? 'invalid_client' : null,
  )
}
