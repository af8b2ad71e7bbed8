/** The OAuth 2.0 methods, one for each grant. */
import { z } from 'zod'
import { apply, bearer, request } from './api-call.js'
import { common } from './common.js'
import { authorize, callback, scopes } from './redirect.js'
import { fetchAgain, refresh } from './refresh.js'
import { tokenRequest } from './token-call.js'
import { addressTemplate, jwt } from './values.js'

const oauth2 = {
  ...common,
  type: z.literal('oauth2'),
  /** Address of a metadata document (RFC 8414, OpenID Connect Discovery); templates read it as `{discovered.…}`. */
  discovery: addressTemplate.optional(),
  scopes: scopes.prefault({}),
  token: tokenRequest.prefault({}),
  /** Further exchanges, each of which sees the earlier ones as `{step1.access}`; the last one gives the token. */
  further: z.array(tokenRequest).default([]),
  /** Makes `{jwt}`: the grant of `jwt_bearer`, or the client's proof where clientAuth is a JWT. */
  assertion: jwt.optional(),
  introspect: request.optional(),
  apply: apply.default(bearer),
}

/** RFC 6749 §4.1: the user consents at the provider. */
export const codeMethod = z.strictObject({
  ...oauth2,
  grant: z.literal('authorization_code'),
  authorize: authorize.prefault({}),
  callback: callback.prefault({}),
  refresh,
})
export type CodeMethod = z.infer<typeof codeMethod>

/** RFC 6749 §4.4. */
export const clientCredentialsMethod = z.strictObject({
  ...oauth2,
  grant: z.literal('client_credentials'),
  refresh: fetchAgain,
})
export type ClientCredentialsMethod = z.infer<typeof clientCredentialsMethod>

/** RFC 7523 §2.1: a signed assertion is exchanged for a token. */
export const jwtBearerMethod = z.strictObject({
  ...oauth2,
  grant: z.literal('jwt_bearer'),
  assertion: jwt,
  refresh: fetchAgain,
})
export type JwtBearerMethod = z.infer<typeof jwtBearerMethod>
