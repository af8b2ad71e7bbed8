/**
 * Redirects users to a provider, and handles their return. Each of the three types of methods has a file with
 * one function for each direction:
 *
 *   redirect/authorization-code.ts   RFC 6749 §4.1
 *   redirect/request-token.ts        RFC 5849 §2
 *   redirect/installation.ts         the installation of an app
 *
 * `redirect/callback.ts` checks the parameters of the callback.
 */

import type { Calls } from './calls.js'
import type { CodeMethod } from './definition/oauth2.js'
import type { AppInstallationMethod, OAuth1Method } from './definition/other-methods.js'
import type { RedirectMethod } from './definition.js'
import { exchangeCode, sendForCode } from './redirect/authorization-code.js'
import type { Arrival, Departure } from './redirect/departure.js'
import { finishInstallation, sendToInstall } from './redirect/installation.js'
import { exchangeRequestToken, sendWithRequestToken } from './redirect/request-token.js'
import type { ConnectionSetup, RedirectSetup } from './setup.js'
import { listedScopes } from './token-endpoint/token-answer.js'
import type { TokenSet } from './token-endpoint/token-set.js'

/** Prepares a redirect. @throws {TokenFailure} where the provider has to be called first, and fails */
export async function depart(
  calls: Calls,
  setup: RedirectSetup,
  scopes: readonly string[],
  account: Record<string, unknown>,
): Promise<Departure> {
  switch (setup.method.type) {
    case 'oauth2':
      return sendForCode(setup as ConnectionSetup<CodeMethod>, scopes, account)
    case 'oauth1':
      return sendWithRequestToken(calls, setup as ConnectionSetup<OAuth1Method>, scopes, account)
    case 'app_installation':
      return sendToInstall(setup as ConnectionSetup<AppInstallationMethod>, account)
  }
}

/** Exchanges a checked callback for tokens. @throws {TokenFailure} where the provider returns none */
export async function arrive(calls: Calls, setup: RedirectSetup, arrival: Arrival): Promise<TokenSet> {
  const tokens = await exchange(calls, setup, arrival)
  return { ...tokens, scopes: tokens.scopes ?? scopesOfCallback(setup, arrival) }
}

async function exchange(calls: Calls, setup: RedirectSetup, arrival: Arrival): Promise<TokenSet> {
  switch (setup.method.type) {
    case 'oauth2':
      return exchangeCode(calls, setup as ConnectionSetup<CodeMethod>, arrival)
    case 'oauth1':
      return exchangeRequestToken(calls, setup as ConnectionSetup<OAuth1Method>, arrival)
    case 'app_installation':
      return finishInstallation(calls, setup as ConnectionSetup<AppInstallationMethod>, arrival)
  }
}

/** The granted scopes, where the callback lists them; null where it does not. */
function scopesOfCallback({ method }: RedirectSetup, { callback }: Arrival): string[] | null {
  const told = method.callback.scopes === undefined ? undefined : callback[method.callback.scopes]
  return told === undefined ? null : listedScopes(told, separatorOf(method))
}

function separatorOf(method: RedirectMethod): string | undefined {
  return method.type === 'oauth2' ? method.token.response.scopeSeparator : undefined
}
