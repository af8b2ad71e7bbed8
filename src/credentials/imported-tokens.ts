import { isStorableTime } from '../clock.js'
import type { OAuth2TokenInput } from '../connected-accounts/connected-account.input.js'
import { badInput } from '../errors.js'
import type { TokenSet } from '../oauth/token-endpoint/token-set.js'

const LONGEST_TOKEN = 64 * 1024

/**
 * Validates tokens that were obtained elsewhere.
 *
 * @throws {ValetkeyError} BAD_USER_INPUT for a malformed token or scope, or an expired access token without
 *   a refresh token
 */
export function importedTokens(input: OAuth2TokenInput, now: Date): TokenSet {
  const path = ['input', 'oauth2']
  for (const key of ['accessToken', 'refreshToken'] as const) {
    const token = input[key]
    if (token != null && (token.length > LONGEST_TOKEN || !/^[\x21-\x7e]+$/.test(token)))
      throw badInput('A token is visible ASCII without white space.', [...path, key])
  }
  const scopes = input.scopes ?? null
  scopes?.forEach((scope, index) => {
    if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/.test(scope))
      throw badInput('A scope is visible ASCII without space, quote or backslash.', [...path, 'scopes', index])
  })
  if (input.expiresAt && !isStorableTime(input.expiresAt))
    throw badInput('An expiry is in the years from 1970 to 9999.', [...path, 'expiresAt'])
  if (input.expiresAt && input.expiresAt <= now && !input.refreshToken)
    throw badInput('This access token has expired, and without a refresh token it cannot be renewed.', [
      ...path,
      'expiresAt',
    ])
  return {
    accessToken: input.accessToken,
    tokenType: 'Bearer',
    refreshToken: input.refreshToken ?? null,
    scopes,
    expiresAt: input.expiresAt ?? null,
    refreshExpiresAt: null,
    named: {},
    captured: {},
  }
}
