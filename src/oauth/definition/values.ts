/** The value types that all parts of a definition use. */
import { z } from 'zod'
import { isVisible } from '../../text.js'
import { TemplateError, templateNames } from '../template.js'

export const template = z.string().superRefine((source, context) => {
  try {
    templateNames(source)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    context.addIssue(error.message)
  }
})

/** Text that people are shown: what they cannot see in it, or what turns it around, would show something else. */
export const shown = z.string().refine(isVisible, 'has a character that cannot be seen, such as one without a width')

/** A page that people open as it stands: where each tenant has its own, `help` says how to get there. */
export const webPage = z
  .url({ protocol: /^https$/, error: 'is an https address' })
  .regex(/^[^{}]*$/, 'is an address without braces, since nothing fills them')

/**
 * Accepts http as well: whether plain http is allowed depends on the configuration, so
 * `connectors/definition/addresses.ts` decides it for the whole connector.
 */
export const addressTemplate = template.refine(
  (source) => /^https?:\/\/|^\{/.test(source),
  'begins with https:// or with a hole that gives a whole address',
)

/** A dotted path into JSON, with indexes for lists; `$` is the whole document. */
export const path = z.string().regex(/^(\$|[\w-]+(\.[\w-]+)*)$/, 'is a path such as data.token or 0.id')

export const parameters = z.record(z.string(), template)

export const scope = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'is a scope as RFC 6749 §3.3 spells it: no space, quote or backslash')

/** A JWT that Valetkey signs (RFC 7519); templates read it as `{jwt}`. */
export const jwt = z.strictObject({
  alg: z.enum(['RS256', 'PS256', 'ES256', 'HS256']),
  /** A private key in PEM, or for HS256 the shared key; the default is the client secret. */
  key: template.default('{app.client_secret}'),
  /** How an HS256 key is written as text. */
  keyEncoding: z.enum(['utf8', 'hex', 'base64']).default('utf8'),
  passphrase: template.optional(),
  header: parameters.default({}),
  /** `iat` and `exp` are added. The default authenticates the client, with the claims of RFC 7523 §3. */
  claims: z.record(z.string(), z.json()).optional(),
  /** Seconds. */
  ttl: z.int().positive().default(300),
})
export type JwtDefinition = z.infer<typeof jwt>

/** What an answer must look like: its status, and optionally one value in its body. */
export const condition = z.strictObject({
  status: z.array(z.int()).optional(),
  path: path.optional(),
  equals: z.json().optional(),
  absent: z.boolean().optional(),
  /** What a text has in it, or one of the texts of a list. */
  contains: z.string().min(1).optional(),
})
export type Condition = z.infer<typeof condition>
