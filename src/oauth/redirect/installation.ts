/** Installing an app in a workspace, and the proof that the person who came back may use the installation. */
import { randomBytes } from 'node:crypto'
import { holds } from '../answer/answer-body.js'
import type { Calls } from '../calls.js'
import type { AppInstallationMethod } from '../definition/other-methods.js'
import { fetchTokens } from '../fetch.js'
import { type ConnectionSetup, scopeOf } from '../setup.js'
import { renderUrl } from '../template.js'
import { TokenFailure } from '../token-endpoint/token-failure.js'
import type { TokenSet } from '../token-endpoint/token-set.js'
import { addParameters } from './authorize-parameters.js'
import type { Arrival, Departure } from './departure.js'

export function sendToInstall(
  setup: ConnectionSetup<AppInstallationMethod>,
  account: Record<string, unknown>,
): Departure {
  const state = randomBytes(32).toString('base64url')
  const { install } = setup.method
  const scope = scopeOf(setup, account)
  const address = renderUrl(install.url, scope, setup.trustHosts)
  address.searchParams.set('state', state)
  addParameters(address, install.params, scope)
  return { address, state, secret: '' }
}

/** The person's own token proves that they may use the installation; then the app fetches its token. */
export async function finishInstallation(
  calls: Calls,
  setup: ConnectionSetup<AppInstallationMethod>,
  { code, account, redirectUri }: Arrival,
): Promise<TokenSet> {
  const { proof } = setup.method
  const person = await calls.token(
    proof.token,
    setup,
    { grant_type: 'authorization_code', code, redirect_uri: redirectUri },
    account,
    scopeOf(setup, account),
  )
  const { answer, parsed } = await calls.ask({ ...proof.check, auth: 'apply' }, setup, person, account)
  if (!holds(proof.check.expect, parsed, answer.status))
    throw new TokenFailure(
      answer.status >= 500 ? 'unknown' : 'grant',
      'Who signed in may not speak for this installation.',
      'installation_not_yours',
    )
  return fetchTokens(calls, setup, account)
}
