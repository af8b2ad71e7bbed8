import { badInput } from '../errors.js'
import { hasVisible } from '../text.js'

/** What a caller demands of a token. */
export interface Wish {
  /** Seconds that the token must last at least. */
  minValidity: number
  /** An access token that the provider rejected: it is refreshed if it is still the current one. */
  rejected: string | null
  /** Scopes that the token must have; null demands none. */
  scopes: readonly string[] | null
  /** What the token is needed for, in the caller's words; goes to the audit log. */
  purpose: string | null
}

const LONGEST_TOKEN = 64 * 1024
const LONGEST_VALIDITY = 24 * 3600
const LONGEST_PURPOSE = 200
const MOST_SCOPES = 100

/** @throws {ValetkeyError} BAD_USER_INPUT with the path of the argument at fault */
export function assertWish({ minValidity, scopes, purpose, rejected }: Wish) {
  if (rejected !== null && rejected.length > LONGEST_TOKEN)
    throw badInput('This is longer than any token.', ['rejected'])
  if (minValidity < 0 || minValidity > LONGEST_VALIDITY)
    throw badInput(`minValidity is from 0 to ${LONGEST_VALIDITY} seconds.`, ['minValidity'])
  if (purpose !== null && (purpose.length > LONGEST_PURPOSE || /\p{Cc}/u.test(purpose)))
    throw badInput(`A purpose has up to ${LONGEST_PURPOSE} characters, on one line.`, ['purpose'])
  if (scopes && scopes.length > MOST_SCOPES) throw badInput(`Up to ${MOST_SCOPES} scopes can be asked for.`, ['scopes'])
}

/** Whoever reads the record later has to find a reason in it. @throws {ValetkeyError} BAD_USER_INPUT */
export function assertPurpose({ purpose }: Wish) {
  if (purpose === null || !hasVisible(purpose))
    throw badInput('Say what the token is for: token(purpose: "…"). It goes to the audit log.', ['purpose'])
}
