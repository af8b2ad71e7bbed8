/** Tokens without a user: the app, a signed assertion, or the account's own credentials speak for themselves. */
import { assumeRoleRequest, readAssumeRole } from './aws.js'
import type { Calls } from './calls.js'
import type { AwsMethod, FetchingMethod, TokenRequestDefinition } from './definition.js'
import { makeJwt } from './jwt.js'
import { clientOf, type Registration, scopeOf } from './registration.js'
import { renderUrl } from './template.js'
import { TokenFailure, type TokenSet } from './token-request.js'

/** RFC 7523 §2.1. */
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/**
 * @throws {TokenFailure} `client` only where the connection's own credentials were refused: what an
 *   account brought along is for its user to mend, and counts as a grant that is over
 */
export async function fetchTokens(
  calls: Calls,
  registration: Registration<FetchingMethod>,
  account: Record<string, unknown>,
): Promise<TokenSet> {
  try {
    return await fetchWith(calls, registration, account)
  } catch (error) {
    const accountsOwn = registration.method.type === 'token_exchange' || clientOf(registration, account).own
    if (error instanceof TokenFailure && error.kind === 'client' && accountsOwn)
      throw new TokenFailure('grant', error.message, error.providerError, error.retryAfter, error)
    throw error
  }
}

async function fetchWith(
  calls: Calls,
  registration: Registration<FetchingMethod>,
  account: Record<string, unknown>,
): Promise<TokenSet> {
  const { method } = registration
  const scope = scopeOf(registration, account)
  switch (method.type) {
    case 'aws':
      return readAssumeRole(await calls.send(assumeRoleRequest(registration as Registration<AwsMethod>, scope)))
    case 'app_installation':
      return calls.tokens([method.token], registration, {}, account, scope)
    case 'token_exchange':
      return calls.tokens(method.steps, registration, {}, account, scope)
    case 'oauth2': {
      const joined = registration.scopes.join(method.scopes.separator)
      const asked: Record<string, string> = joined ? { [method.scopes.param]: joined } : {}
      const steps: TokenRequestDefinition[] = [method.token, ...method.further]
      if (method.grant === 'client_credentials')
        return calls.tokens(steps, registration, { grant_type: 'client_credentials', ...asked }, account, scope)
      const { jwt } = await makeJwt(
        method.assertion,
        scope,
        Date.now() / 1000,
        renderUrl(method.token.url, scope, registration.trustHosts).href,
      )
      return calls.tokens(steps, registration, { grant_type: JWT_BEARER, assertion: jwt, ...asked }, account, {
        ...scope,
        jwt,
      })
    }
  }
}
