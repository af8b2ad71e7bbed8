import { ValetkeyError } from '../../errors.js'
import type { Calls } from '../calls.js'
import { type ConnectionSetup, scopeOf } from '../setup.js'
import { render } from '../template.js'
import { TokenFailure } from '../token-endpoint/token-failure.js'
import type { StoredTokens } from '../token-endpoint/token-set.js'

/** What became of a grant at the provider. */
export type RevocationOutcome =
  | { outcome: 'REVOKED' | 'NOT_SUPPORTED' | 'NOTHING_TO_REVOKE' }
  | { outcome: 'FAILED'; message: string }

/** Sends every revocation request of the definition that applies: RFC 7009, or the provider's own way. */
export async function revokeGrant(
  calls: Calls,
  setup: ConnectionSetup,
  tokens: StoredTokens,
  account: Record<string, unknown>,
): Promise<RevocationOutcome> {
  const scope = scopeOf(setup, account, tokens)
  const applicable = setup.method.revoke.filter(
    ({ when, token }) =>
      (when === undefined || render(when, scope) !== '') && (token === undefined || tokens.named[token]),
  )
  if (applicable.length === 0) return { outcome: 'NOT_SUPPORTED' }
  let failure: string | null = null
  for (const definition of applicable) {
    try {
      await calls.request(definition, setup, tokens, account)
    } catch (error) {
      if (!(error instanceof TokenFailure || error instanceof ValetkeyError)) throw error
      failure ??= error.message
    }
  }
  return failure === null ? { outcome: 'REVOKED' } : { outcome: 'FAILED', message: failure }
}
