import { LAST_MOMENT } from '../../clock.js'
import { ValetkeyError } from '../../errors.js'
import { at } from '../answer/answer-body.js'
import type { Calls } from '../calls.js'
import type { ConnectionSetup } from '../setup.js'
import { TokenFailure } from './token-failure.js'
import type { StoredTokens } from './token-set.js'

/**
 * Reads the expiry of tokens by introspection (RFC 7662), where the token answer does not contain it.
 *
 * @returns null where the definition has no introspection, or the call fails: then the token set's expiry stays
 */
export async function expiryByIntrospection(
  calls: Calls,
  setup: ConnectionSetup,
  tokens: StoredTokens,
  account: Record<string, unknown>,
): Promise<Date | null> {
  const { method } = setup
  if (method.type !== 'oauth2' || !method.introspect || method.token.response.expires !== 'introspect') return null
  try {
    const body = await calls.request(method.introspect, setup, tokens, account)
    const expires = Number(at(body, method.introspect.pick?.exp ?? 'exp'))
    return Number.isFinite(expires) && expires > 0 ? new Date(Math.min(expires * 1000, LAST_MOMENT)) : null
  } catch (error) {
    if (error instanceof TokenFailure || error instanceof ValetkeyError) return null
    throw error
  }
}
