/**
 * What a connector is, as its YAML file says it: the frame. How its OAuth 2.0 departs from the plain
 * is `oauth/definition.ts`.
 */
import { z } from 'zod'
import { api, oauth2Method, staticMethod } from '../oauth/definition.js'
import { templateNames } from '../oauth/template.js'

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
  label: z.string().min(1).max(60),
  help: z.string().max(300).optional(),
  placeholder: z.string().optional(),
  kind: z.enum(['text', 'secret', 'subdomain', 'hostname', 'url', 'email', 'uuid', 'digits', 'select', 'boolean', 'pem', 'json']),
  required: z.boolean().default(true),
  secret: z.boolean().optional(),
  /** Matches the whole value, whether or not it says ^ and $. */
  pattern: z.string().optional(),
  default: z.string().optional(),
  options: z.array(z.strictObject({ value: z.string(), label: z.string().optional() })).default([]),
  prefix: z.string().optional(),
  suffix: z.string().optional(),
  normalize: z.array(z.enum(['trim', 'lower', 'upper', 'stripProtocol', 'stripSuffix', 'stripTrailingSlash'])).default([]),
  visibleWhen: z.strictObject({ field: fieldKey, equals: z.string() }).optional(),
})
export type FieldDefinition = z.infer<typeof field>

const forms = { connectionFields: z.array(field).default([]), accountFields: z.array(field).default([]) }
const method = z.discriminatedUnion('type', [oauth2Method.extend(forms), staticMethod.extend(forms)])
export type MethodDefinition = z.infer<typeof method>

const connector = z.strictObject({
  schema: z.literal(1),
  key: z.string().regex(/^[a-z][a-z0-9-]{1,62}$/, 'is 2 to 63 lower-case letters, digits and -'),
  name: z.string().min(1).max(80),
  summary: z.string().max(140).optional(),
  categories: z.array(z.enum(CATEGORIES)).min(1),
  icon: z
    .strictObject({
      color: z
        .string()
        .regex(/^[0-9A-F]{6}$/)
        .optional(),
    })
    .default({}),
  docsUrl: z.url().optional(),
  /** Where the developer makes the app or the key. */
  consoleUrl: z.url().optional(),
  status: z.enum(['stable', 'beta', 'legacy']).default('stable'),
  environments: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  trustHosts: z.array(z.string()).default([]),
  api: api.default({}),
  auth: z.array(method).min(1),
  provenance: z.strictObject({ checkedOn: z.iso.date(), docs: z.array(z.url()).default([]), live: z.boolean().default(false) }).optional(),
})
export type ConnectorDefinition = z.infer<typeof connector>

/** The format as JSON Schema 2020-12, for editors: what a file may say. What reaches further (names, hosts) is checked on loading. */
export function connectorJsonSchema(): object {
  return z.toJSONSchema(connector, { io: 'input', unrepresentable: 'any' })
}

/** Names that templates may read besides the declared fields, captures and picks. */
const ALWAYS_KNOWN = ['app.client_id', 'app.client_secret', 'token.access', 'token.refresh', 'server.public_url', 'server.callback_url', 'server.name']

/** A definition that cannot be used, with every fault: where it is, and why. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError'
  constructor(readonly faults: readonly { path: string; reason: string }[]) {
    super(faults.map(({ path, reason }) => `${path}: ${reason}`).join('\n'))
  }
}

/**
 * @param value a parsed YAML or JSON document
 * @throws {DefinitionError} naming every fault
 */
export function readDefinition(value: unknown): ConnectorDefinition {
  const parsed = connector.safeParse(value)
  if (!parsed.success) throw new DefinitionError(parsed.error.issues.map((issue) => ({ path: issue.path.join('.') || 'the document', reason: issue.message })))
  const faults = parsed.data.auth.flatMap((one, index) => [
    ...undeclaredNames(parsed.data, one, `auth.${index}`),
    ...untrustedHosts(parsed.data, one, `auth.${index}`),
    ...badPatterns(one, `auth.${index}`),
    ...(one.identity && !one.identity.pick?.id ? [{ path: `auth.${index}.identity.pick`, reason: 'has no id, which tells one person from another' }] : []),
  ])
  if (new Set(parsed.data.auth.map(({ id }) => id)).size < parsed.data.auth.length) faults.push({ path: 'auth', reason: 'two methods have one id' })
  if (faults.length > 0) throw new DefinitionError(faults)
  return parsed.data
}

function undeclaredNames(definition: ConnectorDefinition, method: MethodDefinition, path: string) {
  const known = new Set([
    ...ALWAYS_KNOWN,
    ...method.connectionFields.map(({ key }) => `connection.${key}`),
    ...method.accountFields.map(({ key }) => `account.${key}`),
    ...Object.values(definition.environments ?? {}).flatMap((values) => Object.keys(values).map((key) => `env.${key}`)),
    ...(method.type === 'oauth2' ? foundNames(method) : []),
  ])
  return strings({ ...method, connectionFields: [], accountFields: [], api: { ...definition.api, ...method.api } }, path).flatMap(({ path, value }) =>
    templateNames(value)
      .filter((name) => !known.has(name) && !name.startsWith('callback.'))
      .map((name) => ({ path, reason: `reads {${name}}, which nothing declares` })),
  )
}

/** What the callback, the token answer and the lookups after connecting bring in. */
function foundNames({ callback, afterConnect, token }: Extract<MethodDefinition, { type: 'oauth2' }>) {
  const { named = {}, capture = {} } = token.response
  return [
    ...[...Object.keys(callback.capture), ...afterConnect.flatMap(({ pick }) => Object.keys(pick ?? {}))].map((key) => `account.${key}`),
    ...Object.keys(capture).map((key) => `token.${key}`),
    ...Object.keys(named).flatMap((name) => [`token.${name}.access`, `token.${name}.refresh`]),
  ]
}

/** A host that a value can change must be held by trustHosts, or a secret can be sent anywhere. */
function untrustedHosts(definition: ConnectorDefinition, method: MethodDefinition, path: string) {
  if (definition.trustHosts.length > 0) return []
  return strings(method, path).flatMap(({ path, value }) =>
    /^(https:\/\/[^/?#]*\{|\{(?!server\.))/.test(value) && /(^|\.)(url|baseUrl)$/.test(path)
      ? [{ path, reason: 'has a hole in its host, and the connector has no trustHosts' }]
      : [],
  )
}

function badPatterns(method: MethodDefinition, path: string) {
  return [...method.connectionFields, ...method.accountFields].flatMap(({ key, pattern }) => {
    try {
      new RegExp(`^(?:${pattern ?? ''})$`)
      return []
    } catch {
      return [{ path: `${path}.${key}.pattern`, reason: 'is not a regular expression' }]
    }
  })
}

function strings(value: unknown, path: string): { path: string; value: string }[] {
  if (typeof value === 'string') return [{ path, value }]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => strings(item, `${path}.${key}`))
}
