/**
 * How a connector's definition describes OAuth 2.0: the shapes that `oauth/` executes. The frame
 * around them (name, fields, icon) is `connectors/definition.ts`.
 */
import { z } from 'zod'
import { parseTemplate, TemplateError } from './template.js'

export const template = z.string().superRefine((source, context) => {
  try {
    parseTemplate(source)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    context.addIssue(error.message)
  }
})

/** Plain http is for this server's own addresses only. */
export const addressTemplate = template.refine((source) => /^https:\/\/|^\{/.test(source), 'begins with https:// or with a hole that gives a whole address')

/** Dotted, into JSON, with indexes for lists; `$` is the whole. */
const path = z.string().regex(/^(\$|[\w-]+(\.[\w-]+)*)$/, 'is a path such as data.token or 0.id')
const parameters = z.record(z.string(), template)

const condition = z.strictObject({
  status: z.array(z.int()).optional(),
  path: path.optional(),
  equals: z.json().optional(),
  absent: z.boolean().optional(),
})
export type Condition = z.infer<typeof condition>

export const request = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'HEAD']).default('GET'),
  url: addressTemplate,
  headers: parameters.optional(),
  query: parameters.optional(),
  body: z.json().optional(),
  encoding: z.enum(['form', 'json', 'none']).default('none'),
  /** `apply` puts the account's credential on it; the others authenticate the app, or nobody. */
  auth: z.enum(['apply', 'client_basic', 'client_body', 'none']).default('apply'),
  /** A named token instead of the main one, such as Slack's user token. */
  token: z.string().optional(),
  expect: condition.optional(),
  pick: z.record(z.string(), path).optional(),
})
export type RequestDefinition = z.infer<typeof request>

const expiry = z.union([
  z.enum(['never', 'jwt_exp', 'introspect']),
  z.strictObject({ fixed: z.int().positive() }),
  z.strictObject({
    path,
    as: z.enum(['seconds', 'milliseconds', 'unix', 'unix_ms', 'iso8601']).default('seconds'),
    otherwise: z.union([z.literal('never'), z.int().positive()]).optional(),
  }),
])
export type Expiry = z.infer<typeof expiry>

const tokenResponse = z.strictObject({
  format: z.enum(['json', 'form']).optional(),
  /** What tells success from failure where the HTTP status is 200 either way. */
  ok: condition.optional(),
  error: z
    .strictObject({
      code: path.optional(),
      message: path.optional(),
      /** The provider's own words for `invalid_grant` (RFC 6749 §5.2): the grant is gone. */
      grantCodes: z.array(z.string()).default([]),
      /** The provider's own words for `invalid_client`: the connection is at fault, not the account. */
      clientCodes: z.array(z.string()).default([]),
    })
    .optional(),
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
      z.strictObject({ root: path.optional(), accessToken: path.optional(), refreshToken: path.optional(), expires: expiry.optional(), optional: z.boolean().optional() }),
    )
    .optional(),
  /** Further values of the answer, kept as `token.*`. */
  capture: z.record(z.string(), path).optional(),
})
export type TokenResponseDefinition = z.infer<typeof tokenResponse>

const tokenRequest = z.strictObject({
  url: addressTemplate,
  method: z.enum(['POST', 'GET']).default('POST'),
  clientAuth: z.enum(['basic', 'body', 'basic_or_body', 'secret_as_basic_user', 'none']).default('body'),
  encoding: z.enum(['form', 'json', 'query']).default('form'),
  grantType: z.string().optional(),
  params: z.record(z.string(), z.json()).optional(),
  omit: z.array(z.string()).optional(),
  rename: z.record(z.string(), z.string()).optional(),
  headers: parameters.optional(),
  response: tokenResponse.prefault({}),
})
export type TokenRequestDefinition = z.infer<typeof tokenRequest>

const scopeList = z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'is a scope as RFC 6749 §3.3 spells it: no space, quote or backslash'))

const scopes = z.strictObject({
  separator: z.string().default(' '),
  param: z.string().default('scope'),
  /** Always asked for, and shown locked. */
  required: scopeList.default([]),
  /** Preselected. */
  default: scopeList.default([]),
  /** Asked for besides, because without it there is no refresh token. */
  offline: scopeList.default([]),
  /** Names that the provider uses in its answers for scopes that are asked for by another. */
  aliases: z.record(z.string(), z.string()).default({}),
  known: z.array(z.union([z.string(), z.strictObject({ value: z.string(), description: z.string() })])).default([]),
  docsUrl: z.url().optional(),
})

/** The provider's API: where it is, and headers that every call carries besides the credential. */
export const api = z.strictObject({ baseUrl: addressTemplate.optional(), headers: parameters.optional() })
export type ApiDefinition = z.infer<typeof api>

/** How a call to the provider's API carries the credential. What renders empty is left out. */
const apply = z.strictObject({ headers: parameters.default({}), query: parameters.default({}) })

/** What every auth method has. */
const common = {
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  label: z.string().max(60).optional(),
  api: api.optional(),
  /** Who this is: pick `id`, and `label` and `email` where known. */
  identity: request.optional(),
  /** The cheapest call that proves a credential. `wrong` is the answer to one that is none; what is neither is a good one that may do little. */
  verify: request.extend({ wrong: condition.optional() }).optional(),
  revoke: z.array(request).default([]),
}

export const oauth2Method = z.strictObject({
  ...common,
  type: z.literal('oauth2'),
  grant: z.literal('authorization_code'),
  authorize: z.strictObject({
    url: addressTemplate,
    params: parameters.default({}),
    /** Standard parameters under other names; null drops one. */
    rename: z.record(z.string(), z.string().nullable()).default({}),
    responseMode: z.enum(['query', 'form_post']).optional(),
    pkce: z.enum(['required', 'optional', 'off']).default('optional'),
    /** The exact issuer that the callback must name, where the provider does (RFC 9207). */
    issuer: template.optional(),
  }),
  callback: z
    .strictObject({
      codeParam: z.string().default('code'),
      /** Parameters of the callback kept as `account.*`. */
      capture: z.record(z.string(), z.string()).default({}),
      require: z.array(z.string()).default([]),
    })
    .prefault({}),
  scopes: scopes.prefault({}),
  token: tokenRequest,
  refresh: z
    .union([
      z.literal(false),
      z.strictObject({
        using: z.enum(['refresh_token', 'access_token']).default('refresh_token'),
        /** A hint for people. Whatever it says, what comes back is kept, and what does not come stays. */
        rotation: z.enum(['rotates', 'keeps', 'optional']).default('optional'),
        resendScope: z.boolean().default(false),
        /** Days that a refresh token lives when unused; days that a consent lasts whatever happens. */
        maxIdleDays: z.int().positive().optional(),
        maxAgeDays: z.int().positive().optional(),
        /** Seconds that the provider still takes a refresh token after it was used. */
        reuseGraceSeconds: z.int().nonnegative().optional(),
        request: tokenRequest.partial().optional(),
      }),
    ])
    .prefault({}),
  introspect: request.optional(),
  afterConnect: z.array(request).default([]),
  apply: apply.default({ headers: { authorization: 'Bearer {token.access}' }, query: {} }),
})
export type OAuth2Method = z.infer<typeof oauth2Method>

/** Keys, tokens and passwords that the user brings along: nothing is fetched, nothing expires. */
export const staticMethod = z.strictObject({
  ...common,
  type: z.literal('static'),
  preset: z.enum(['api_key', 'bearer', 'basic', 'custom']),
  apply,
})
export type StaticMethod = z.infer<typeof staticMethod>

export type Method = OAuth2Method | StaticMethod
