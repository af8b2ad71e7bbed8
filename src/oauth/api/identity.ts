/** Reads who an account belongs to, after connecting. */
import { at } from '../answer/answer-body.js'
import { plain } from '../answer/provider-text.js'
import type { Calls } from '../calls.js'
import { type ConnectionSetup, scopeOf } from '../setup.js'
import { render } from '../template.js'
import { TokenFailure } from '../token-endpoint/token-failure.js'
import type { StoredTokens } from '../token-endpoint/token-set.js'

/** The person or organization to which an account belongs; `subject` is its id at the provider. */
export interface Identity {
  subject: string
  email: string | null
  name: string | null
  /** What else the account is bound to, such as a company; null where nothing is. Earlier versions stored none. */
  tenant?: string | null
}

/**
 * Reads the identity.
 *
 * @param chosen the tenant that a lookup has chosen
 * @returns null where the definition has no request for it
 * @throws {TokenFailure}
 */
export async function identityOf(
  calls: Calls,
  setup: ConnectionSetup,
  tokens: StoredTokens,
  account: Record<string, unknown>,
  chosen: string | null,
): Promise<Identity | null> {
  const definition = setup.method.identity
  if (!definition) return null
  const body = await calls.request(definition, setup, tokens, account)
  const pick = (name: string) => {
    const value = definition.pick?.[name] === undefined ? undefined : at(body, definition.pick[name])
    return typeof value === 'string' || typeof value === 'number' ? plain(String(value), 300) : null
  }
  const subject = pick('id')
  if (subject === null || subject === '')
    throw new TokenFailure('protocol', 'The provider did not say whose account this is.')
  const tenant = chosen ?? (definition.tenant && render(definition.tenant, scopeOf(setup, account, tokens)))
  return { subject, email: pick('email'), name: pick('label'), tenant: tenant ? plain(tenant, 300) : null }
}
