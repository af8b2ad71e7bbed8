/**
 * The format of a connector's definition, in a YAML file or an argument of `createConnector`. The auth types
 * are defined in `oauth/definition.ts`; `read-definition.ts` reads and checks a definition.
 */
import { z } from 'zod'
import { type ApiDefinition, api } from '../oauth/definition/api-call.js'
import { clientCredentialsMethod, codeMethod, jwtBearerMethod } from '../oauth/definition/oauth2.js'
import {
  appInstallationMethod,
  awsMethod,
  mcpMethod,
  noneMethod,
  oauth1Method,
  signedJwtMethod,
  staticMethod,
  tokenExchangeMethod,
} from '../oauth/definition/other-methods.js'
import { shown, webPage } from '../oauth/definition/values.js'

/** Bytes of a definition that an operator writes, as JSON. */
export const LARGEST_DEFINITION = 64 * 1024

/** Categories that a connector may belong to. */
export const CATEGORIES = [
  'accounting',
  'ai',
  'analytics',
  'automation',
  'calendar',
  'cloud',
  'commerce',
  'communication',
  'content',
  'crm',
  'data',
  'databases',
  'design',
  'developer-tools',
  'documents',
  'email',
  'finance',
  'hr',
  'knowledge',
  'legal',
  'marketing',
  'media',
  'monitoring',
  'payments',
  'productivity',
  'project-management',
  'sales',
  'search',
  'security',
  'social',
  'storage',
  'support',
  'testing',
  'travel',
] as const

const fieldKey = z.string().regex(/^[a-z][a-z0-9_]*$/, 'is lower-case letters, digits and _')

const field = z.strictObject({
  key: fieldKey,
  label: shown.min(1).max(60),
  help: shown.max(300).optional(),
  helpUrl: webPage.optional(),
  placeholder: shown.optional(),
  kind: z.enum([
    'text',
    'secret',
    'subdomain',
    'hostname',
    'url',
    'email',
    'uuid',
    'digits',
    'select',
    'boolean',
    'pem',
    'json',
  ]),
  required: z.boolean().default(true),
  secret: z.boolean().optional(),
  /** Matches the whole value, with or without ^ and $. In RE2's syntax, which takes linear time whatever the input. */
  pattern: z.string().max(250).optional(),
  default: z.string().optional(),
  options: z.array(z.strictObject({ value: z.string(), label: shown.optional() })).default([]),
  prefix: shown.optional(),
  suffix: shown.optional(),
  normalize: z
    .array(z.enum(['trim', 'lower', 'upper', 'stripProtocol', 'stripSuffix', 'stripTrailingSlash']))
    .default([]),
  visibleWhen: z.strictObject({ field: fieldKey, equals: z.string() }).optional(),
})
export type FieldDefinition = z.infer<typeof field>

const forms = { connectionFields: z.array(field).default([]), accountFields: z.array(field).default([]) }
const method = z.discriminatedUnion('type', [
  z.discriminatedUnion('grant', [
    codeMethod.extend(forms),
    clientCredentialsMethod.extend(forms),
    jwtBearerMethod.extend(forms),
  ]),
  oauth1Method.extend(forms),
  staticMethod.extend(forms),
  signedJwtMethod.extend(forms),
  tokenExchangeMethod.extend(forms),
  appInstallationMethod.extend(forms),
  awsMethod.extend(forms),
  mcpMethod.extend(forms),
  noneMethod.extend(forms),
])
export type MethodDefinition = z.infer<typeof method>

/** The schema of a definition. */
export const connector = z.strictObject({
  schema: z.literal(1),
  key: z.string().regex(/^[a-z][a-z0-9-]{1,62}$/, 'is 2 to 63 lower-case letters, digits and -'),
  name: shown
    .min(1)
    .max(80)
    .refine((name) => name.trim() === name, 'has blanks at its ends'),
  summary: shown.max(140).optional(),
  categories: z.array(z.enum(CATEGORIES)).min(1),
  /** How much people look for it: the catalogue opens with what has the most, and goes on by name. */
  popularity: z.int().min(0).max(100).default(0),
  icon: z
    .strictObject({
      /** A brand's name in simpleicons.org's set (CC0), or in icons/. Without it the icon is a monogram. */
      simpleIcons: z
        .string()
        .regex(/^[a-z0-9_]+$/)
        .optional(),
      color: z
        .string()
        .regex(/^[0-9A-F]{6}$/)
        .optional(),
    })
    .default({}),
  docsUrl: webPage.optional(),
  /** Where the developer creates the app or the key. */
  consoleUrl: webPage.optional(),
  status: z.enum(['stable', 'beta', 'legacy']).default('stable'),
  /** The day on which the provider ends it, if it has announced one. */
  endsOn: z.iso.date().optional(),
  environments: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  trustHosts: z.array(z.string()).default([]),
  api: api.default({}),
  auth: z.array(method).min(1),
  provenance: z
    .strictObject({
      checkedOn: z.iso.date(),
      docs: z.array(z.url()).default([]),
      live: z.boolean().default(false),
      /** What nobody has looked up: a connector with it is `beta`. */
      uncertain: shown.max(300).optional(),
    })
    .optional(),
})
export type ConnectorDefinition = z.infer<typeof connector>

/**
 * The format as JSON Schema 2020-12, for editors. It covers the contents of a single file; names and hosts are
 * checked when the file is loaded. A definition that extends another one is incomplete before that, so the
 * schema checks only its head.
 */
export function connectorJsonSchema(): object {
  const { $schema, ...complete } = z.toJSONSchema(connector, { io: 'input', unrepresentable: 'any' })
  const extension = {
    properties: { schema: { const: 1 }, extends: { type: 'string' } },
    required: ['schema', 'key', 'extends'],
  }
  return { $schema, type: 'object', anyOf: [complete, extension] }
}

/** The API that accepts a method's credentials: the connector's, or the MCP server of an MCP method. */
export function apiOf(definition: ConnectorDefinition, method: MethodDefinition): ApiDefinition {
  return method.type === 'mcp' ? { baseUrl: method.serverUrl, ...method.api } : { ...definition.api, ...method.api }
}
