/** Definition of the redirect to the provider: scopes, authorization address, and callback. */
import { z } from 'zod'
import { addressTemplate, parameters, path, scope, shown, template } from './values.js'

const scopeList = z.array(scope)

export const scopes = z.strictObject({
  separator: z.string().default(' '),
  param: z.string().default('scope'),
  /** Always requested; forms show them locked. */
  required: scopeList.default([]),
  /** Preselected on forms. */
  default: scopeList.default([]),
  /** Requested as well, because without them the provider returns no refresh token. */
  offline: scopeList.default([]),
  /** Names in the provider's answers for scopes that are requested under another name. */
  aliases: z.record(z.string(), z.string()).default({}),
  /** Documented scopes, for forms. */
  known: z.array(z.union([z.string(), z.strictObject({ value: z.string(), description: shown })])).default([]),
  /**
   * Further scope parameters, by name, such as Slack's `user_scope`. A connection requests such a scope
   * as `user_scope:search:read`; `granted` is where the token answer lists the granted ones.
   */
  extra: z
    .record(
      z.string(),
      z.strictObject({ label: shown, known: z.array(z.string()).default([]), granted: path.optional() }),
    )
    .default({}),
  docsUrl: z.url().optional(),
})
export type ScopesDefinition = z.infer<typeof scopes>

export const authorize = z.strictObject({
  /** The default is the authorization endpoint from discovery. */
  url: addressTemplate.default('{discovered.authorization_endpoint}'),
  /** Parameters that render empty are not sent. */
  params: parameters.default({}),
  /** New names for standard parameters; null removes one. */
  rename: z.record(z.string(), z.string().nullable()).default({}),
  /** Sends scopes without percent-encoding. */
  rawScope: z.boolean().default(false),
  /** Puts the parameters after the `#`, for pages that route there. */
  inFragment: z.boolean().default(false),
  responseMode: z.enum(['query', 'form_post']).optional(),
  pkce: z.enum(['required', 'optional', 'off']).default('optional'),
  /** The exact issuer that the callback must name, for providers that send it (RFC 9207). */
  issuer: template.optional(),
  /**
   * Where an administrator installs the app before the first sign-in. The hosted page shows it unless
   * it renders empty.
   */
  installFirst: template.optional(),
})

export const callback = z.strictObject({
  codeParam: z.string().default('code'),
  /** Parameters of the callback to store as `account.*`. */
  capture: z.record(z.string(), z.string()).default({}),
  require: z.array(z.string()).default([]),
  /** The parameter with the granted scopes, for providers whose token answer does not list them. */
  scopes: z.string().optional(),
  /**
   * A parameter with the hexadecimal HMAC-SHA256 of all the others, sorted by name and joined as in a
   * query string. Shopify signs its callbacks in this way.
   */
  signature: z.strictObject({ param: z.string(), key: template }).optional(),
})
