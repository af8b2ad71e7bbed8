/** Definition of a call of a token endpoint (RFC 6749 §3.2) and of its answer, as differences from the standard. */
import { z } from 'zod'
import { addressTemplate, condition, parameters, path } from './values.js'

const expiry = z.union([
  z.enum(['never', 'jwt_exp', 'introspect']),
  z.strictObject({ fixed: z.int().positive() }),
  z.strictObject({
    path,
    /** `duration` is ISO 8601 (PT2H) or h:mm:ss. */
    as: z.enum(['seconds', 'milliseconds', 'unix', 'unix_ms', 'iso8601', 'duration']).default('seconds'),
    otherwise: z.union([z.literal('never'), z.int().positive()]).optional(),
  }),
])
export type Expiry = z.infer<typeof expiry>

const errorAnswer = z.strictObject({
  code: path.optional(),
  message: path.optional(),
  /** The provider's own codes that mean `invalid_grant` (RFC 6749 §5.2): the grant is over. */
  grantCodes: z.array(z.string()).default([]),
  /** The provider's own codes that mean `invalid_client`: the connection is at fault, not the account. */
  clientCodes: z.array(z.string()).default([]),
  /** Statuses that mean `invalid_grant`, such as GitHub's 404 for an installation that was removed. */
  grantStatuses: z.array(z.int()).default([]),
})

const tokenResponse = z.strictObject({
  /** `text`: the whole body is the token. */
  format: z.enum(['json', 'form', 'text']).optional(),
  /** Tells success from failure where the provider answers both with status 200. */
  ok: condition.optional(),
  error: errorAnswer.optional(),
  root: path.optional(),
  accessToken: path.optional(),
  refreshToken: z.union([path, z.literal(false)]).optional(),
  scope: path.optional(),
  scopeSeparator: z.string().optional(),
  expires: expiry.optional(),
  refreshExpires: expiry.optional(),
  named: z
    .record(
      z.string(),
      z.strictObject({
        root: path.optional(),
        accessToken: path.optional(),
        refreshToken: path.optional(),
        expires: expiry.optional(),
        optional: z.boolean().optional(),
      }),
    )
    .optional(),
  /** Further values to store from the answer; templates read them as `token.*`. */
  capture: z.record(z.string(), path).optional(),
})
export type TokenResponseDefinition = z.infer<typeof tokenResponse>

/** Where a place under a `root` is in the whole answer. */
export function placeUnder(root: string | undefined, place: string): string {
  return root === undefined || root === '$' ? place : `${root}.${place}`
}

const CLIENT_AUTH = [
  'basic',
  'basic_raw',
  'body',
  'basic_or_body',
  'secret_as_basic_user',
  'private_key_jwt',
  'client_secret_jwt',
  'none',
] as const
export type ClientAuth = (typeof CLIENT_AUTH)[number]

export const tokenRequest = z.strictObject({
  /** The default is the token endpoint from discovery. */
  url: addressTemplate.default('{discovered.token_endpoint}'),
  method: z.enum(['POST', 'GET']).default('POST'),
  /**
   * RFC 6749 §2.3, RFC 7523 §2.2. `basic_raw` leaves out the form-encoding of §2.3.1; `secret_as_basic_user` sends the
   * secret as the user name, with no password.
   */
  clientAuth: z.enum(CLIENT_AUTH).default('body'),
  encoding: z.enum(['form', 'json', 'query']).default('form'),
  grantType: z.string().optional(),
  params: z.record(z.string(), z.json()).optional(),
  omit: z.array(z.string()).optional(),
  rename: z.record(z.string(), z.string()).optional(),
  headers: parameters.optional(),
  response: tokenResponse.prefault({}),
})
export type TokenRequestDefinition = z.infer<typeof tokenRequest>

/**
 * How another call of the token endpoint differs from the first. The members have no defaults: zod
 * would fill them in even under `optional`, and they would override the first call.
 */
export const tokenRequestChanges = tokenRequest
  .extend({
    url: addressTemplate,
    method: tokenRequest.shape.method.unwrap(),
    clientAuth: tokenRequest.shape.clientAuth.unwrap(),
    encoding: tokenRequest.shape.encoding.unwrap(),
    response: tokenResponse,
  })
  .partial()
