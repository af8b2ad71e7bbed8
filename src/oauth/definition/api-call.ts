/** Definition of the provider's API, of a request to it, and of how requests carry the account's credential. */
import { z } from 'zod'
import { addressTemplate, condition, parameters, path, scope, template } from './values.js'

/** Scopes, each alone or as a list of alternatives, of which one is enough. */
const needs = z.union([z.literal('none'), z.array(z.union([scope, z.array(scope).min(2)])).min(1)])
export type Needs = z.infer<typeof needs>

export const request = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'HEAD']).default('GET'),
  url: addressTemplate,
  headers: parameters.optional(),
  query: parameters.optional(),
  body: z.json().optional(),
  encoding: z.enum(['form', 'json', 'none']).default('none'),
  /**
   * `apply` adds the account's credential. `client` authenticates the OAuth client as at the token endpoint,
   * `client_basic` and `client_body` in the named way; `none` adds nothing.
   */
  auth: z.enum(['apply', 'client', 'client_basic', 'client_body', 'none']).default('apply'),
  /** The request is skipped when this renders empty. */
  when: template.optional(),
  /** A named token to use instead of the main one, such as Slack's user token. */
  token: z.string().optional(),
  /** The scopes without which the provider refuses the call. */
  needs: needs.optional(),
  expect: condition.optional(),
  pick: z.record(z.string(), path).optional(),
})
export type RequestDefinition = z.infer<typeof request>

/** The provider's API: its base address, and what every call carries besides the credential. */
export const api = z.strictObject({
  baseUrl: addressTemplate.optional(),
  headers: parameters.optional(),
  query: parameters.optional(),
  /** The header with the time to wait, for providers that do not send Retry-After. */
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
 * How a call of the provider's API carries the credential. Parameters that render empty are not sent. Signatures
 * and templates with `{request.…}` (method, path, body) need a concrete call, which a token query does not have:
 * its answer leaves them to the agent.
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
