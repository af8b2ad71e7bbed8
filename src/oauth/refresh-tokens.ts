/** Refreshes tokens with a refresh token (RFC 6749 §6), or by fetching them again. */
import type { EgressAnswer } from '../egress/exchange.js'
import type { Calls } from './calls.js'
import type { RefreshDefinition } from './definition/refresh.js'
import type { TokenRequestDefinition } from './definition/token-call.js'
import { type ExecutableMethod, renewal } from './definition.js'
import { fetchTokens } from './fetch.js'
import { type ConnectionSetup, scopeOf } from './setup.js'
import { NO_REFRESH_TOKEN, TokenFailure } from './token-endpoint/token-failure.js'
import type { StoredTokens, TokenSet } from './token-endpoint/token-set.js'

/** See `Provider.refresh`. @throws {TokenFailure} */
export async function refreshTokens(
  calls: Calls,
  setup: ConnectionSetup,
  stored: StoredTokens,
  scopes: readonly string[],
  account: Record<string, unknown>,
  keep?: (answer: EgressAnswer, sentAt: Date) => void,
): Promise<TokenSet> {
  const { method } = setup
  const how = renewalOf(method)
  if (how.using === 'reauthenticate') return fetchTokens(calls, setup as Parameters<typeof fetchTokens>[1], account)
  if (how.using === 'refresh_token' && stored.refreshToken === null)
    throw new TokenFailure(
      'grant',
      'The access token has expired, and the provider gave no refresh token.',
      NO_REFRESH_TOKEN,
    )
  const standard: Record<string, string> =
    how.using === 'refresh_token' ? { grant_type: 'refresh_token', refresh_token: stored.refreshToken ?? '' } : {}
  if (how.resendScope && scopes.length > 0 && 'scopes' in method) standard.scope = scopes.join(method.scopes.separator)
  const scope = scopeOf(setup, account, stored)
  return refreshed(await calls.token(refreshCall(method, how), setup, standard, account, scope, keep), method)
}

/** See `Provider.readStoredAnswer`. @throws {TokenFailure} */
export function rereadTokens(calls: Calls, setup: ConnectionSetup, answer: EgressAnswer, sentAt: Date): TokenSet {
  const { method } = setup
  return refreshed(calls.read(answer, refreshCall(method, renewalOf(method)), setup, sentAt, [], true), method)
}

/** RFC 6749 §6: a refresh narrows no grant. One that lists no scope has nothing to say about them. */
function refreshed(tokens: TokenSet, method: ExecutableMethod): TokenSet {
  return withRequestedNames(tokens.scopes?.length === 0 ? { ...tokens, scopes: null } : tokens, method)
}

function renewalOf(method: ExecutableMethod): RefreshDefinition {
  const how = renewal(method)
  if (how === false) throw new TokenFailure('grant', 'The provider gives no refresh tokens.', NO_REFRESH_TOKEN)
  return how
}

/** The first token call with the definition's changes for a refresh. */
function refreshCall(method: ExecutableMethod, { request }: RefreshDefinition): TokenRequestDefinition {
  const first = method.type === 'token_exchange' ? method.steps[0] : 'token' in method ? method.token : undefined
  if (!first) throw new Error('A method without a token call has nothing to refresh.')
  return { ...first, ...request, response: { ...first.response, ...request?.response } }
}

/**
 * Converts granted scopes to the names by which they were requested. A scope that only requests a refresh token
 * counts as granted when there is one, because providers seldom list it.
 */
export function withRequestedNames(tokens: TokenSet, method: ExecutableMethod): TokenSet {
  if (tokens.scopes === null || !('scopes' in method)) return tokens
  const names = tokens.scopes.map((scope) => method.scopes.aliases[scope] ?? scope)
  return { ...tokens, scopes: [...new Set([...names, ...(tokens.refreshToken !== null ? method.scopes.offline : [])])] }
}
