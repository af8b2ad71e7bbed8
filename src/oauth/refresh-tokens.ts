/** Refreshes tokens with a refresh token (RFC 6749 §6), or by fetching them again. */
import type { EgressAnswer } from '../egress/exchange.js'
import type { Calls } from './calls.js'
import type { RefreshDefinition } from './definition/refresh.js'
import type { TokenRequestDefinition } from './definition/token-call.js'
import { type ExecutableMethod, renewal } from './definition.js'
import { fetchTokens } from './fetch.js'
import { type ConnectionSetup, scopeOf } from './setup.js'
import { NO_REFRESH_TOKEN, TokenFailure } from './token-endpoint/token-failure.js'
import { firstToEnd, type StoredTokens, type TokenSet } from './token-endpoint/token-set.js'

/** Milliseconds for which an answer is waited for whose loss is the loss of a grant: less than a lease lasts. */
const LATE = 45_000
/** The same where another answer can be had. */
const USUAL = 15_000

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
  const name = how.using === 'refresh_token' ? firstToEnd(stored) : null
  const token = name === null ? undefined : stored.named[name]
  const acting = token ? { ...stored, accessToken: token.access, refreshToken: token.refresh } : stored
  if (how.using === 'refresh_token' && acting.refreshToken === null)
    throw new TokenFailure(
      'grant',
      'The access token has expired, and the provider gave no refresh token.',
      NO_REFRESH_TOKEN,
    )
  const standard: Record<string, string> =
    how.using === 'refresh_token' ? { grant_type: 'refresh_token', refresh_token: acting.refreshToken ?? '' } : {}
  if (how.resendScope && scopes.length > 0 && 'scopes' in method) standard.scope = scopes.join(method.scopes.separator)
  const scope = scopeOf(setup, account, acting)
  const keepWithName = (answer: EgressAnswer, sentAt: Date) => {
    const kept: KeptAnswer = name === null ? answer : { ...answer, name }
    keep?.(kept, sentAt)
  }
  const grace = how.reuseGraceSeconds ?? 0
  const answered = await calls.token(refreshCall(method, how), setup, standard, account, scope, {
    keep: keepWithName,
    // Within a grace another try has to come in time.
    patience: grace === 0 ? LATE : Math.min(LATE, Math.max(USUAL, (grace / 3) * 1000)),
  })
  return refreshed(ofNamed(answered, name), method)
}

/** An answer to the refresh of a named token says so where it is kept: it is read as that token's then. */
type KeptAnswer = EgressAnswer & { name?: string }

/** The tokens of an answer to the refresh of a named token. Providers answer in the place of the main token. */
function ofNamed(tokens: TokenSet, name: string | null): TokenSet {
  if (name === null) return tokens
  const { accessToken: access, refreshToken: refresh, expiresAt } = tokens
  const named = { [name]: tokens.named[name] ?? { access, refresh, expiresAt } }
  return {
    ...tokens,
    accessToken: '',
    refreshToken: null,
    scopes: null,
    expiresAt: null,
    refreshExpiresAt: null,
    named,
  }
}

/** See `Provider.readStoredAnswer`. @throws {TokenFailure} */
export function rereadTokens(calls: Calls, setup: ConnectionSetup, answer: KeptAnswer, sentAt: Date): TokenSet {
  const { method } = setup
  const matters = { renewable: true, isOnlyCopy: true }
  const tokens = calls.read(answer, refreshCall(method, renewalOf(method)), setup, sentAt, [], matters)
  return refreshed(ofNamed(tokens, answer.name ?? null), method)
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
