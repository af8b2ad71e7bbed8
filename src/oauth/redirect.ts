/**
 * Sending users to a provider and taking them back. Three types of methods do it, each in a file of
 * its own with a function for the way there and one for the way back:
 *
 *   redirect/authorization-code.ts   RFC 6749 §4.1
 *   redirect/request-token.ts        RFC 5849 §2
 *   redirect/installation.ts         the installation of an app
 *
 * In between, `redirect/callback.ts` checks what the browser brought.
 */

import type { Calls } from './calls.js'
import type { CodeMethod } from './definition/oauth2.js'
import type { AppInstallationMethod, OAuth1Method } from './definition/other-methods.js'
import { exchangeCode, sendForCode } from './redirect/authorization-code.js'
import type { Arrival, Departure } from './redirect/departure.js'
import { finishInstallation, sendToInstall } from './redirect/installation.js'
import { exchangeRequestToken, sendWithRequestToken } from './redirect/request-token.js'
import type { ConnectionSetup, RedirectSetup } from './setup.js'
import type { TokenSet } from './token-endpoint/token-set.js'

/** @throws {TokenFailure} where the provider must be asked first, and refuses */
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

/** @throws {TokenFailure} where the provider gives no tokens */
export async function arrive(calls: Calls, setup: RedirectSetup, arrival: Arrival): Promise<TokenSet> {
  switch (setup.method.type) {
    case 'oauth2':
      return exchangeCode(calls, setup as ConnectionSetup<CodeMethod>, arrival)
    case 'oauth1':
      return exchangeRequestToken(calls, setup as ConnectionSetup<OAuth1Method>, arrival)
    case 'app_installation':
      return finishInstallation(calls, setup as ConnectionSetup<AppInstallationMethod>, arrival)
  }
}
