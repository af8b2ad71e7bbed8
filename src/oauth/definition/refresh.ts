/** Definition of how tokens are refreshed. */
import { z } from 'zod'
import { tokenRequestChanges } from './token-call.js'

const common = {
  /**
   * Whether a refresh replaces the refresh token. A new one is always stored, and without one the old one stays.
   * With `rotates`, a refresh whose outcome is unknown is repeated within reuseGraceSeconds, and after that only when
   * the access token has expired.
   */
  rotation: z.enum(['rotates', 'keeps', 'optional']).default('optional'),
  resendScope: z.boolean().default(false),
  /** Seconds before its expiry at which a token is refreshed: some providers refresh only a valid token. */
  refreshBefore: z.int().positive().optional(),
  /** Days after which an unused refresh token expires. */
  maxIdleDays: z.int().positive().optional(),
  /** Days after which a consent expires even when it is used. */
  maxAgeDays: z.int().positive().optional(),
  /** Seconds for which the provider still accepts a refresh token that was already used. */
  reuseGraceSeconds: z.int().nonnegative().optional(),
  /** Whether a refresh ends the previous access token: one whose outcome is unknown is then repeated at once. */
  endsOldAccess: z.boolean().optional(),
  request: tokenRequestChanges.optional(),
}

/** For tokens that a user authorized. */
export const refresh = z
  .union([
    z.literal(false),
    z.strictObject({ using: z.enum(['refresh_token', 'access_token']).default('refresh_token'), ...common }),
  ])
  .prefault({})

/** For tokens that are fetched without a user. */
export const fetchAgain = z
  .strictObject({ using: z.enum(['reauthenticate', 'refresh_token']).default('reauthenticate'), ...common })
  .prefault({})

export type RefreshDefinition = Exclude<z.infer<typeof refresh>, false> | z.infer<typeof fetchAgain>
