/** The methods that are not OAuth 2.0 grants. */
import { z } from 'zod'
import { apply, bearer, request } from './api-call.js'
import { common } from './common.js'
import { callback, scopes } from './redirect.js'
import { fetchAgain } from './refresh.js'
import { tokenRequest } from './token-call.js'
import { addressTemplate, jwt, parameters, path, template } from './values.js'

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

/** Keys, tokens and passwords that the user enters: nothing is fetched, nothing expires. */
export const staticMethod = z.strictObject({
  ...common,
  type: z.literal('static'),
  preset: z.enum(['api_key', 'bearer', 'basic', 'custom']),
  apply,
})
export type StaticMethod = z.infer<typeof staticMethod>

/** A private key with which Valetkey signs a new token for each use. */
export const signedJwtMethod = z.strictObject({ ...common, type: z.literal('signed_jwt'), jwt, apply })
export type SignedJwtMethod = z.infer<typeof signedJwtMethod>

/** Credentials that are exchanged for a session token, in one step or several. */
export const tokenExchangeMethod = z.strictObject({
  ...common,
  type: z.literal('token_exchange'),
  steps: z.array(tokenRequest).min(1),
  refresh: fetchAgain,
  apply,
})
export type TokenExchangeMethod = z.infer<typeof tokenExchangeMethod>

/** An app that is installed in a workspace; short-lived tokens are fetched with the app's own signature. */
export const appInstallationMethod = z.strictObject({
  ...common,
  type: z.literal('app_installation'),
  install: z.strictObject({ url: addressTemplate, params: parameters.default({}) }),
  callback: callback.prefault({}),
  jwt,
  token: tokenRequest,
  /**
   * Proves that the person who came back may use the installation: the callback's code is exchanged
   * for a token, and `check` must succeed with it. Without this, anyone could name somebody else's
   * installation in the callback.
   */
  proof: z.strictObject({ token: tokenRequest, check: request }),
  refresh: fetchAgain,
  apply: apply.default(bearer),
})
export type AppInstallationMethod = z.infer<typeof appInstallationMethod>

/** AWS access keys as they are, or a role that is assumed with them (STS AssumeRole). Fields have AWS's own names. */
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
 * A Model Context Protocol server. With `oauth` everything is discovered (RFC 9728, RFC 8414), and
 * `registration` lists the ways to become a client in order of preference: a client id metadata
 * document, dynamic client registration (RFC 7591), or by hand.
 */
export const mcpMethod = z.strictObject({
  ...common,
  type: z.literal('mcp'),
  serverUrl: addressTemplate,
  transport: z.enum(['streamable_http', 'sse']).default('streamable_http'),
  auth: z.enum(['oauth', 'bearer', 'header', 'none']),
  registration: z.array(z.enum(['cimd', 'dcr', 'manual'])).default(['cimd', 'dcr', 'manual']),
  registrationParams: z.record(z.string(), z.json()).default({}),
  /** The resource indicator (RFC 8707); the default comes from the server's own metadata. */
  resource: template.optional(),
  scopes: scopes.prefault({}),
  apply: apply.optional(),
})
export type McpMethod = z.infer<typeof mcpMethod>

/** A service that needs no credential. */
export const noneMethod = z.strictObject({ ...common, type: z.literal('none'), apply: apply.prefault({}) })
export type NoneMethod = z.infer<typeof noneMethod>
