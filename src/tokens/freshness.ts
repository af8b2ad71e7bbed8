/** Decides whether a stored token is valid for long enough, or has to be refreshed first. */
import type { AuthMethod } from '../connectors/auth-method.js'
import type { StoredCredential } from '../credentials/stored-credential.js'
import { renewal } from '../oauth/definition.js'

/**
 * Seconds during which a token counts as new. A new token is not refreshed although it lasts too short: the
 * next one would not last longer.
 */
export const NEW = 30
/** Seconds before its expiry at which a token is refreshed early; a tenth of its lifetime where that is less. */
const SOON = 300

/**
 * Whether a token must be refreshed before the caller gets it. A new token is not, even if it does not last
 * `minValidity`: otherwise every query would call a provider whose tokens are short-lived.
 *
 * @param minValidity seconds
 * @param justRenewed whether this query has refreshed the token already
 */
export function isStale(
  { remaining, age, lifetime }: StoredCredential,
  minValidity: number,
  justRenewed: boolean,
): boolean {
  if (remaining === null || remaining >= minValidity) return false
  const isNew = justRenewed || age < Math.min(NEW, (lifetime ?? 0) / 2)
  return remaining <= 0 || !isNew
}

/**
 * Whether a token expires soon. The limit varies by account, by up to a fifth, so that not all are refreshed
 * at the same time.
 */
export function endsSoon({ remaining, lifetime, account_id }: StoredCredential): boolean {
  if (remaining === null || lifetime === null) return false
  const spread = 1 + Number.parseInt(account_id.slice(-4), 16) / 0xffff / 5
  return remaining <= Math.min(SOON, lifetime / 10) * spread
}

/** Seconds before the expiry at which the connector demands a refresh; 0 where it demands none. */
export function earlyRenewal({ runs }: AuthMethod): number {
  const how = renewal(runs)
  return how === false ? 0 : (how.refreshBefore ?? 0)
}
