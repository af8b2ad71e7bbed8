/** Calls of the provider's API: where it is, one request to it, and how a request carries the account's credential. */
import { z } from 'zod'
import { addressTemplate, condition, parameters, path, template } from './values.js'

export const request = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'HEAD']).default('GET'),
  url: addressTemplate,
  headers: parameters.optional(),
  query: parameters.optional(),
  body: z.json().optional(),
  encoding: z.enum(['form', 'json', 'none']).default('none'),
  /**
   * `apply` adds the account's credential. The others authenticate the OAuth app (`client` as it
   * authenticates at the token endpoint), or nobody.
   */
  auth: z.enum(['apply', 'client', 'client_basic', 'client_body', 'none']).default('apply'),
  /** The request is skipped when this renders empty. */
  when: template.optional(),
  /** A named token to use instead of the main one, such as Slack's user token. */
  token: z.string().optional(),
  expect: condition.optional(),
  pick: z.record(z.string(), path).optional(),
})
export type RequestDefinition = z.infer<typeof request>

/** The provider's API: its base address, and what every call carries besides the credential. */
export const api = z.strictObject({
  baseUrl: addressTemplate.optional(),
  headers: parameters.optional(),
  query: parameters.optional(),
  /** The header that says how long to wait, for providers that do not send Retry-After. */
  rateLimit: z
    .strictObject({
      header: z.string(),
      kind: z.enum(['after_seconds', 'at_unix', 'at_http_date']),
      statuses: z.array(z.int()).default([429]),
    })
    .optional(),
})
export type ApiDefinition = z.infer<typeof api>

/**
 * How a call to the provider's API carries the credential. Values that render empty are left out.
 * A template that reads `{request.…}` (method, path, body), and a signature, need a concrete call; a
 * token query has none, so it leaves both to the agent.
 */
export const apply = z.strictObject({
  headers: parameters.default({}),
  query: parameters.default({}),
  /** Members of a JSON or form body. */
  body: parameters.default({}),
  cookies: parameters.default({}),
  sign: z
    .discriminatedUnion('with', [
      z.strictObject({ with: z.literal('oauth1') }),
      z.strictObject({ with: z.literal('aws_sigv4'), service: template.optional(), region: template.optional() }),
      /** RFC 7616. */
      z.strictObject({ with: z.literal('digest'), username: template, password: template }),
    ])
    .optional(),
})
export type ApplyDefinition = z.infer<typeof apply>

/** RFC 6750 §2.1. */
export const bearer = { headers: { authorization: 'Bearer {token.access}' }, query: {}, body: {}, cookies: {} }
