/** How tokens are renewed. */
import { z } from 'zod'
import { tokenRequestChanges } from './token-call.js'

const common = {
  /** A hint for people. It changes nothing: a new refresh token is always stored, and without one the old one stays. */
  rotation: z.enum(['rotates', 'keeps', 'optional']).default('optional'),
  resendScope: z.boolean().default(false),
  /** Seconds before its end at which a token is renewed: some providers renew only a token that still works. */
  refreshBefore: z.int().positive().optional(),
  /** Days after which an unused refresh token ends, and days after which a consent ends even when it is used. */
  maxIdleDays: z.int().positive().optional(),
  maxAgeDays: z.int().positive().optional(),
  /** Seconds for which the provider still accepts a refresh token that was already used. */
  reuseGraceSeconds: z.int().nonnegative().optional(),
  /** Whether a refresh ends the previous access token. */
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
