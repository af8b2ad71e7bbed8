/** Fetches tokens without a user: the OAuth client, a signed assertion or the account's own client authenticates. */

import { clock } from '../clock.js'
import type { Calls } from './calls.js'
import type { AwsMethod } from './definition/other-methods.js'
import type { TokenRequestDefinition } from './definition/token-call.js'
import type { FetchingMethod } from './definition.js'
import { type ConnectionSetup, clientOf, scopeOf } from './setup.js'
import { assumeRoleRequest, readAssumeRole } from './signing/aws.js'
import { makeJwt } from './signing/jwt.js'
import { renderUrl } from './template.js'
import { TokenFailure } from './token-endpoint/token-failure.js'
import type { TokenSet } from './token-endpoint/token-set.js'

/** RFC 7523 §2.1. */
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/**
 * Fetches tokens for an account.
 *
 * @throws {TokenFailure} `client` only where the connection's own client was refused. A client or key of the
 *   account has to be replaced by its user, so its refusal counts as `grant`
 */
export async function fetchTokens(
  calls: Calls,
  setup: ConnectionSetup<FetchingMethod>,
  account: Record<string, unknown>,
): Promise<TokenSet> {
  try {
    return await fetchWith(calls, setup, account)
  } catch (error) {
    const fromAccount = setup.method.type === 'token_exchange' || clientOf(setup, account).own
    if (error instanceof TokenFailure && (error.type === 'client' || error.type === 'rejected') && fromAccount)
      throw new TokenFailure('grant', error.message, error.providerError, error.retryAfter, error)
    throw error
  }
}

async function fetchWith(
  calls: Calls,
  setup: ConnectionSetup<FetchingMethod>,
  account: Record<string, unknown>,
): Promise<TokenSet> {
  const { method } = setup
  const scope = scopeOf(setup, account)
  switch (method.type) {
    case 'aws':
      return readAssumeRole(await calls.send(assumeRoleRequest(setup as ConnectionSetup<AwsMethod>, scope)))
    case 'app_installation':
      return calls.tokens([method.token], setup, {}, account, scope)
    case 'token_exchange':
      return calls.tokens(method.steps, setup, {}, account, scope)
    case 'oauth2': {
      const joined = setup.scopes.join(method.scopes.separator)
      const requested: Record<string, string> = joined ? { [method.scopes.param]: joined } : {}
      const steps: TokenRequestDefinition[] = [method.token, ...method.further]
      if (method.grant === 'client_credentials')
        return calls.tokens(steps, setup, { grant_type: 'client_credentials', ...requested }, account, scope)
      const { jwt } = await makeJwt(
        method.assertion,
        scope,
        clock.seconds(),
        renderUrl(method.token.url, scope, setup.trustHosts).href,
      )
      return calls.tokens(steps, setup, { grant_type: JWT_BEARER, assertion: jwt, ...requested }, account, {
        ...scope,
        jwt,
      })
    }
  }
}
