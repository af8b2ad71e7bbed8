/** Whether a stored token serves, or has to be renewed first. */
import type { AuthMethod } from '../connectors/auth-method.js'
import type { StoredCredential } from '../credentials/stored-credential.js'
import { renewal } from '../oauth/definition.js'

/**
 * A token that is younger than this, in seconds, is not refreshed for lasting too short: the next would
 * not last longer.
 */
export const NEW = 30
/** Seconds before its end at which a token is renewed ahead of time; a tenth of its life where that is less. */
const SOON = 300

/**
 * Whether a token must be refreshed before it is handed out. One that does not last `minValidity`
 * although it is new will not be outlasted by the next: providers whose tokens are short-lived would
 * be asked with every query.
 *
 * @param minValidity seconds
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

/** Whether a token nears its end. Spread by account, by up to a fifth, so that not all are renewed at once. */
export function endsSoon({ remaining, lifetime, account_id }: StoredCredential): boolean {
  if (remaining === null || lifetime === null) return false
  const spread = 1 + Number.parseInt(account_id.slice(-4), 16) / 0xffff / 5
  return remaining <= Math.min(SOON, lifetime / 10) * spread
}

/** Seconds before its end at which the connector wants a token renewed. */
export function earlyRenewal({ runs }: AuthMethod): number {
  const how = renewal(runs)
  return how === false ? 0 : (how.refreshBefore ?? 0)
}
