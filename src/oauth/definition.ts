/**
 * How a connector's definition describes the ways to authenticate: the shapes that `oauth/` executes,
 * one for each auth type. The frame around them (name, fields, icon) is `connectors/definition.ts`.
 *
 * A plain OAuth 2.0 provider needs two addresses; everything else has the standard's value unless the
 * definition says how the provider departs from it.
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

/** Plain http passes here, and only where the configuration lets connectors reach a private network: connectors/definition.ts. */
export const addressTemplate = template.refine(
  (source) => /^https?:\/\/|^\{/.test(source),
  'begins with https:// or with a hole that gives a whole address',
)

/** Dotted, into JSON, with indexes for lists; `$` is the whole. */
const path = z.string().regex(/^(\$|[\w-]+(\.[\w-]+)*)$/, 'is a path such as data.token or 0.id')
const parameters = z.record(z.string(), template)

/** A JWT that is made here (RFC 7519): `{jwt}` of the templates. */
const jwt = z.strictObject({
  alg: z.enum(['RS256', 'PS256', 'ES256', 'HS256']),
  /** A PEM file for all but HS256; left out, the client secret. */
  key: template.default('{app.client_secret}'),
  /** How the bytes of an HS256 key are written. */
  keyEncoding: z.enum(['utf8', 'hex', 'base64']).default('utf8'),
  passphrase: template.optional(),
  header: parameters.default({}),
  /** `iat` and `exp` are added. Left out where it authenticates the client: what RFC 7523 §3 asks for. */
  claims: z.record(z.string(), z.json()).optional(),
  /** Seconds. */
  ttl: z.int().positive().default(300),
})
export type JwtDefinition = z.infer<typeof jwt>

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
  /** `apply` puts the account's credential on it; the others authenticate the app, or nobody. `client` does it as at the token endpoint. */
  auth: z.enum(['apply', 'client', 'client_basic', 'client_body', 'none']).default('apply'),
  /** Not sent where this renders empty. */
  when: template.optional(),
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
    /** `duration` is ISO 8601 (PT2H) or h:mm:ss. */
    as: z.enum(['seconds', 'milliseconds', 'unix', 'unix_ms', 'iso8601', 'duration']).default('seconds'),
    otherwise: z.union([z.literal('never'), z.int().positive()]).optional(),
  }),
])
export type Expiry = z.infer<typeof expiry>

const tokenResponse = z.strictObject({
  /** `text`: the whole body is the token. */
  format: z.enum(['json', 'form', 'text']).optional(),
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
      /** Statuses that say the same as `invalid_grant`, such as GitHub's 404 for an installation that was removed. */
      grantStatuses: z.array(z.int()).default([]),
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
      z.strictObject({
        root: path.optional(),
        accessToken: path.optional(),
        refreshToken: path.optional(),
        expires: expiry.optional(),
        optional: z.boolean().optional(),
      }),
    )
    .optional(),
  /** Further values of the answer, kept as `token.*`. */
  capture: z.record(z.string(), path).optional(),
})
export type TokenResponseDefinition = z.infer<typeof tokenResponse>

export const CLIENT_AUTH = [
  'basic',
  'body',
  'basic_or_body',
  'secret_as_basic_user',
  'private_key_jwt',
  'client_secret_jwt',
  'none',
] as const
export type ClientAuth = (typeof CLIENT_AUTH)[number]

const tokenRequest = z.strictObject({
  /** Left out, the token endpoint that discovery finds. */
  url: addressTemplate.default('{discovered.token_endpoint}'),
  method: z.enum(['POST', 'GET']).default('POST'),
  /** RFC 6749 §2.3, RFC 7523 §2.2; `secret_as_basic_user` is the secret as user name with no password. */
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

/** How another call of the token endpoint departs from the first. Zod fills defaults inside optional fields: these have none. */
const tokenRequestChanges = tokenRequest
  .extend({
    url: addressTemplate,
    method: tokenRequest.shape.method.unwrap(),
    clientAuth: tokenRequest.shape.clientAuth.unwrap(),
    encoding: tokenRequest.shape.encoding.unwrap(),
    response: tokenResponse,
  })
  .partial()

const scopeList = z.array(
  z
    .string()
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'is a scope as RFC 6749 §3.3 spells it: no space, quote or backslash'),
)

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
  /**
   * Further scope parameters, by name, such as Slack's `user_scope`. A connection asks for such a scope
   * as `user_scope:search:read`; `granted` is where the token answer lists what was given.
   */
  extra: z
    .record(
      z.string(),
      z.strictObject({ label: z.string(), known: z.array(z.string()).default([]), granted: path.optional() }),
    )
    .default({}),
  docsUrl: z.url().optional(),
})
export type ScopesDefinition = z.infer<typeof scopes>

/** The provider's API: where it is, and headers that every call carries besides the credential. */
export const api = z.strictObject({
  baseUrl: addressTemplate.optional(),
  headers: parameters.optional(),
  query: parameters.optional(),
  /** Where an answer says when to come back, besides Retry-After. */
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
 * How a call to the provider's API carries the credential. What renders empty is left out. What reads
 * `{request.…}` (method, path, body) or is signed can be put only on a call that is there: a token
 * query leaves it to the agent.
 */
const apply = z.strictObject({
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
const bearer = { headers: { authorization: 'Bearer {token.access}' }, query: {}, body: {}, cookies: {} }

/** What every auth method has. */
const common = {
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  label: z.string().max(60).optional(),
  /** `legacy`: the provider is ending it, on `endsOn` where it said so. */
  status: z.enum(['stable', 'beta', 'legacy']).default('stable'),
  endsOn: z.iso.date().optional(),
  api: api.optional(),
  /** Lookups after connecting; what they pick becomes `account.*`. */
  afterConnect: z.array(request).default([]),
  /** Who this is: pick `id`, and `label` and `email` where known. */
  identity: request.optional(),
  /** The cheapest call that proves a credential. `wrong` is the answer to one that is none; what is neither is a good one that may do little. */
  verify: request.extend({ wrong: condition.optional() }).optional(),
  revoke: z.array(request).default([]),
}

/** The trip of a browser to the provider. */
const authorize = z.strictObject({
  /** Left out, the authorization endpoint that discovery finds. */
  url: addressTemplate.default('{discovered.authorization_endpoint}'),
  /** What renders empty is left out. */
  params: parameters.default({}),
  /** Standard parameters under other names; null drops one. */
  rename: z.record(z.string(), z.string().nullable()).default({}),
  /** Scopes as they are, not percent-encoded. */
  rawScope: z.boolean().default(false),
  /** Parameters behind the `#`, for pages that route there. */
  inFragment: z.boolean().default(false),
  responseMode: z.enum(['query', 'form_post']).optional(),
  pkce: z.enum(['required', 'optional', 'off']).default('optional'),
  /** The exact issuer that the callback must name, where the provider does (RFC 9207). */
  issuer: template.optional(),
  /** Where an administrator installs the app before the first sign-in; shown on the hosted page unless it renders empty. */
  installFirst: template.optional(),
})

/** What comes back with the browser. */
const callback = z.strictObject({
  codeParam: z.string().default('code'),
  /** Parameters of the callback kept as `account.*`. */
  capture: z.record(z.string(), z.string()).default({}),
  require: z.array(z.string()).default([]),
  /** A parameter that holds the hexadecimal HMAC-SHA256 of all others, sorted by name and joined as in a query (Shopify). */
  signature: z.strictObject({ param: z.string(), key: template }).optional(),
})

const refreshed = {
  /** A hint for people. Whatever it says, what comes back is kept, and what does not come stays. */
  rotation: z.enum(['rotates', 'keeps', 'optional']).default('optional'),
  resendScope: z.boolean().default(false),
  /** Seconds before its end at which a token is renewed: some providers renew only a token that still works. */
  refreshBefore: z.int().positive().optional(),
  /** Days that a refresh token lives when unused; days that a consent lasts whatever happens. */
  maxIdleDays: z.int().positive().optional(),
  maxAgeDays: z.int().positive().optional(),
  /** Seconds that the provider still takes a refresh token after it was used. */
  reuseGraceSeconds: z.int().nonnegative().optional(),
  /** Whether a refresh ends the access token before it. */
  endsOldAccess: z.boolean().optional(),
  request: tokenRequestChanges.optional(),
}
/** How the authorization that a user gave is kept alive. */
const refresh = z
  .union([
    z.literal(false),
    z.strictObject({ using: z.enum(['refresh_token', 'access_token']).default('refresh_token'), ...refreshed }),
  ])
  .prefault({})
/** Tokens that are fetched without a user are fetched again, or refreshed. */
const fetchAgain = z
  .strictObject({ using: z.enum(['reauthenticate', 'refresh_token']).default('reauthenticate'), ...refreshed })
  .prefault({})
export type RefreshDefinition = Exclude<z.infer<typeof refresh>, false> | z.infer<typeof fetchAgain>

const oauth2 = {
  ...common,
  type: z.literal('oauth2'),
  /** Address of a metadata document (RFC 8414, OpenID Connect Discovery): `{discovered.…}` of the templates. */
  discovery: addressTemplate.optional(),
  scopes: scopes.prefault({}),
  token: tokenRequest.prefault({}),
  /** Further exchanges, each seeing the ones before as `{step1.access}`; the last one's token counts. */
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

/** RFC 7523 §2.1: a signed assertion for a token. */
export const jwtBearerMethod = z.strictObject({
  ...oauth2,
  grant: z.literal('jwt_bearer'),
  assertion: jwt,
  refresh: fetchAgain,
})
export type JwtBearerMethod = z.infer<typeof jwtBearerMethod>

/** RFC 5849. */
export const oauth1Method = z.strictObject({
  ...common,
  type: z.literal('oauth1'),
  signature: z.enum(['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT']).default('HMAC-SHA1'),
  requestToken: z.strictObject({
    method: z.enum(['POST', 'GET']).default('POST'),
    url: addressTemplate,
    params: parameters.default({}),
  }),
  authorize: z.strictObject({ url: addressTemplate, params: parameters.default({}) }),
  callback: callback.prefault({ codeParam: 'oauth_verifier' }),
  accessToken: z.strictObject({
    method: z.enum(['POST', 'GET']).default('POST'),
    url: addressTemplate,
    capture: z.record(z.string(), path).default({}),
  }),
  scopes: scopes.prefault({}),
  apply: apply.default({ headers: {}, query: {}, body: {}, cookies: {}, sign: { with: 'oauth1' } }),
})
export type OAuth1Method = z.infer<typeof oauth1Method>

/** Keys, tokens and passwords that the user brings along: nothing is fetched, nothing expires. */
export const staticMethod = z.strictObject({
  ...common,
  type: z.literal('static'),
  preset: z.enum(['api_key', 'bearer', 'basic', 'custom']),
  apply,
})
export type StaticMethod = z.infer<typeof staticMethod>

/** A key that signs a token here, anew for each use. */
export const signedJwtMethod = z.strictObject({ ...common, type: z.literal('signed_jwt'), jwt, apply })
export type SignedJwtMethod = z.infer<typeof signedJwtMethod>

/** Credentials exchanged for a session token, in one step or several. */
export const tokenExchangeMethod = z.strictObject({
  ...common,
  type: z.literal('token_exchange'),
  steps: z.array(tokenRequest).min(1),
  refresh: fetchAgain,
  apply,
})
export type TokenExchangeMethod = z.infer<typeof tokenExchangeMethod>

/** An app that is installed in a workspace; short tokens are fetched with the app's own signature. */
export const appInstallationMethod = z.strictObject({
  ...common,
  type: z.literal('app_installation'),
  install: z.strictObject({ url: addressTemplate, params: parameters.default({}) }),
  callback: callback.prefault({}),
  jwt,
  token: tokenRequest,
  /**
   * That the person who came back may speak for the installation: the code of the callback is
   * exchanged, and `check` must succeed with that token. Without it anyone could name the installation of another.
   */
  proof: z.strictObject({ token: tokenRequest, check: request }),
  refresh: fetchAgain,
  apply: apply.default(bearer),
})
export type AppInstallationMethod = z.infer<typeof appInstallationMethod>

/** AWS access keys as they are, or a role taken on with them (STS AssumeRole). Fields have AWS's own names. */
export const awsMethod = z.strictObject({
  ...common,
  type: z.literal('aws'),
  mode: z.enum(['access_key', 'assume_role']),
  accessKeyId: template,
  secretAccessKey: template,
  region: template.optional(),
  /** For assume_role. */
  roleArn: template.optional(),
  externalId: template.optional(),
  /** Seconds; AWS allows 900 to 43200. */
  duration: z.int().min(900).max(43_200).default(3600),
  stsUrl: addressTemplate.default('https://sts.amazonaws.com/'),
})
export type AwsMethod = z.infer<typeof awsMethod>

/**
 * A Model Context Protocol server. With `oauth` everything is discovered (RFC 9728, RFC 8414) and the
 * client is registered as `registration` prefers: by a client id metadata document, dynamically
 * (RFC 7591), or by hand.
 */
export const mcpMethod = z.strictObject({
  ...common,
  type: z.literal('mcp'),
  serverUrl: addressTemplate,
  transport: z.enum(['streamable_http', 'sse']).default('streamable_http'),
  auth: z.enum(['oauth', 'bearer', 'header', 'none']),
  registration: z.array(z.enum(['cimd', 'dcr', 'manual'])).default(['cimd', 'dcr', 'manual']),
  registrationParams: z.record(z.string(), z.json()).default({}),
  /** The resource indicator (RFC 8707), where it is not the server's address. */
  resource: template.optional(),
  scopes: scopes.prefault({}),
  apply: apply.optional(),
})
export type McpMethod = z.infer<typeof mcpMethod>

/** Nothing at all is needed. */
export const noneMethod = z.strictObject({ ...common, type: z.literal('none'), apply: apply.prefault({}) })
export type NoneMethod = z.infer<typeof noneMethod>

/** What a file may say. */
export type Method =
  | CodeMethod
  | ClientCredentialsMethod
  | JwtBearerMethod
  | OAuth1Method
  | StaticMethod
  | SignedJwtMethod
  | TokenExchangeMethod
  | AppInstallationMethod
  | AwsMethod
  | McpMethod
  | NoneMethod

/** What is executed: an MCP server's method is one of the others, once it is spelled out (mcp.ts). */
export type ExecutableMethod = Exclude<Method, McpMethod>

/** Sends the user to the provider. */
export type RedirectMethod = CodeMethod | OAuth1Method | AppInstallationMethod
/** Fetches its tokens without the user. */
export type FetchingMethod =
  | ClientCredentialsMethod
  | JwtBearerMethod
  | TokenExchangeMethod
  | AppInstallationMethod
  | AwsMethod

export function redirects(method: ExecutableMethod): method is RedirectMethod {
  return (
    method.type === 'oauth1' ||
    method.type === 'app_installation' ||
    (method.type === 'oauth2' && method.grant === 'authorization_code')
  )
}

export function fetches(method: ExecutableMethod): method is FetchingMethod {
  switch (method.type) {
    case 'oauth2':
      return method.grant !== 'authorization_code'
    case 'aws':
      return method.mode === 'assume_role'
    case 'token_exchange':
    case 'app_installation':
      return true
    default:
      return false
  }
}

/** How tokens are renewed; false where they are not. */
export function renewal(method: ExecutableMethod): RefreshDefinition | false {
  if (method.type === 'aws' && method.mode === 'assume_role')
    return { using: 'reauthenticate', rotation: 'optional', resendScope: false }
  return 'refresh' in method ? method.refresh : false
}
