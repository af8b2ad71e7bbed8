/**
 * What a connector is, as its YAML file (or `createConnector`) says it: the frame, and the checks that
 * no shape can make. What each auth type may say is `oauth/definition.ts`.
 */
import { RE2JS } from 're2js'
import { z } from 'zod'
import {
  type ApiDefinition,
  api,
  appInstallationMethod,
  awsMethod,
  clientCredentialsMethod,
  codeMethod,
  type ExecutableMethod,
  jwtBearerMethod,
  mcpMethod,
  noneMethod,
  oauth1Method,
  redirects,
  renewal,
  signedJwtMethod,
  staticMethod,
  type TokenRequestDefinition,
  tokenExchangeMethod,
} from '../oauth/definition.js'
import { needsDiscovery } from '../oauth/discovery.js'
import { executable } from '../oauth/mcp.js'
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

const webPage = z.url({ protocol: /^https$/, error: 'is an https address' })
const fieldKey = z.string().regex(/^[a-z][a-z0-9_]*$/, 'is lower-case letters, digits and _')

const field = z.strictObject({
  key: fieldKey,
  label: z.string().min(1).max(60),
  help: z.string().max(300).optional(),
  helpUrl: webPage.optional(),
  placeholder: z.string().optional(),
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
  /** Matches the whole value, whether or not it says ^ and $. RE2's syntax: linear in time, whatever is pasted. */
  pattern: z.string().optional(),
  default: z.string().optional(),
  options: z.array(z.strictObject({ value: z.string(), label: z.string().optional() })).default([]),
  prefix: z.string().optional(),
  suffix: z.string().optional(),
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

const connector = z.strictObject({
  schema: z.literal(1),
  key: z.string().regex(/^[a-z][a-z0-9-]{1,62}$/, 'is 2 to 63 lower-case letters, digits and -'),
  name: z.string().min(1).max(80),
  summary: z.string().max(140).optional(),
  categories: z.array(z.enum(CATEGORIES)).min(1),
  icon: z
    .strictObject({
      /** A brand's name in simpleicons.org's set (CC0); else a monogram is drawn. */
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
  /** Where the developer makes the app or the key. */
  consoleUrl: webPage.optional(),
  status: z.enum(['stable', 'beta', 'legacy']).default('stable'),
  /** The day on which the provider ends it, where it said so. */
  endsOn: z.iso.date().optional(),
  environments: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  trustHosts: z.array(z.string()).default([]),
  api: api.default({}),
  auth: z.array(method).min(1),
  provenance: z
    .strictObject({ checkedOn: z.iso.date(), docs: z.array(z.url()).default([]), live: z.boolean().default(false) })
    .optional(),
})
export type ConnectorDefinition = z.infer<typeof connector>

/**
 * The format as JSON Schema 2020-12, for editors: what a file may say. What reaches further (names,
 * hosts) is checked on loading, and so is a definition that extends another, as only then it is whole.
 */
export function connectorJsonSchema(): object {
  const { $schema, ...whole } = z.toJSONSchema(connector, { io: 'input', unrepresentable: 'any' })
  const part = {
    properties: { schema: { const: 1 }, extends: { type: 'string' } },
    required: ['schema', 'key', 'extends'],
  }
  return { $schema, type: 'object', anyOf: [whole, part] }
}

/** Names that templates may read besides the declared fields, captures and picks. */
const ALWAYS_KNOWN = [
  'app.client_id',
  'app.client_secret',
  'connection.scopes',
  'token.access',
  'token.refresh',
  'server.public_url',
  'server.callback_url',
  'server.callback_host',
  'server.name',
  'request.method',
  'request.path',
  'request.body',
  'now',
  'uuid',
  'nonce',
]
const DISCOVERED = [
  'authorization_endpoint',
  'token_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'userinfo_endpoint',
  'issuer',
  'iss',
  'resource',
]

/** A definition that cannot be used, with every fault: where it is, and why. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError'
  constructor(readonly faults: readonly { path: string; reason: string }[]) {
    super(faults.map(({ path, reason }) => `${path}: ${reason}`).join('\n'))
  }
}

export interface DefinitionRules {
  /** Plain http is allowed: connectors may reach a private network. */
  http: boolean
  /** What `extends` may name. */
  bases: (key: string) => object | undefined
}

/**
 * @param value a parsed YAML or JSON document
 * @throws {DefinitionError} naming every fault
 */
export function readDefinition(
  value: unknown,
  rules: DefinitionRules = { http: false, bases: () => undefined },
): ConnectorDefinition {
  const parsed = connector.safeParse(extended(value, rules.bases))
  if (!parsed.success) throw new DefinitionError(parsed.error.issues.flatMap((issue) => faultsOf(issue)))
  const definition = parsed.data
  const faults = definition.auth.flatMap((one, index) => {
    const path = `auth.${index}`
    const runs = executable(one)
    return [
      ...undeclaredNames(definition, one, runs, path),
      ...untrustedHosts(definition, one, path),
      ...badPatterns(one, path),
      ...badAuthorizeParameters(runs, path),
      ...hopelessRefresh(runs, path),
      ...(one.identity && !one.identity.pick?.id
        ? [{ path: `${path}.identity.pick`, reason: 'has no id, which tells one person from another' }]
        : []),
    ]
  })
  faults.push(...badAddresses(definition, rules.http))
  if (new Set(definition.auth.map(({ id }) => id)).size < definition.auth.length)
    faults.push({ path: 'auth', reason: 'two methods have one id' })
  if (faults.length > 0) throw new DefinitionError(faults)
  return definition
}

/** Inside a union zod tells the fault of each branch: the one that got furthest is what was meant. */
function faultsOf(issue: z.core.$ZodIssue, path: PropertyKey[] = []): { path: string; reason: string }[] {
  const here = [...path, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const deepest =
      [...issue.errors].sort(
        (a, b) => Math.max(...b.map((one) => one.path.length)) - Math.max(...a.map((one) => one.path.length)),
      )[0] ?? []
    if (deepest.length > 0) return deepest.flatMap((inner) => faultsOf(inner, here))
  }
  return [{ path: here.join('.') || 'the document', reason: issue.message }]
}

/**
 * `extends`: objects merge, arrays replace, auth methods merge by id. What the base has and the
 * definition does not name (as an auth method) is not taken over: a base is a stock to choose from.
 */
function extended(value: unknown, bases: DefinitionRules['bases']): unknown {
  if (!isObject(value) || value.extends === undefined) return value
  const { extends: name, ...own } = value
  const base = typeof name === 'string' ? bases(name) : undefined
  if (!base)
    throw new DefinitionError([
      { path: 'extends', reason: `names ${JSON.stringify(String(name).slice(0, 64))}, and there is no such base` },
    ])
  const { auth: stock, key: _key, ...frame } = base as Record<string, unknown>
  const methods = Array.isArray(own.auth)
    ? own.auth.map((one) =>
        merged(
          list(stock).find((other) => isObject(other) && isObject(one) && other.id === one.id),
          one,
        ),
      )
    : stock
  return { ...(merged(frame, own) as object), auth: methods }
}

function merged(base: unknown, own: unknown): unknown {
  if (!isObject(base) || !isObject(own)) return own ?? base
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(own)])].map((key) => [
      key,
      key in own ? merged(base[key], own[key]) : base[key],
    ]),
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function undeclaredNames(
  definition: ConnectorDefinition,
  method: MethodDefinition,
  runs: ExecutableMethod,
  path: string,
) {
  const known = new Set([
    ...ALWAYS_KNOWN,
    ...method.connectionFields.map(({ key }) => `connection.${key}`),
    ...method.accountFields.map(({ key }) => `account.${key}`),
    ...Object.values(definition.environments ?? {}).flatMap((values) => Object.keys(values).map((key) => `env.${key}`)),
    ...(needsDiscovery(method) ? DISCOVERED.map((name) => `discovered.${name}`) : []),
    ...('assertion' in runs && runs.assertion
      ? ['jwt']
      : 'jwt' in runs
        ? ['jwt']
        : 'token' in runs && runs.token.clientAuth === 'client_secret_jwt'
          ? ['jwt']
          : []),
    ...foundNames(runs),
  ])
  // Values of a JSON field are read by a path of their own.
  const json = [
    ...method.connectionFields.map((one) => ({ ...one, of: 'connection' })),
    ...method.accountFields.map((one) => ({ ...one, of: 'account' })),
  ]
    .filter(({ kind }) => kind === 'json')
    .map(({ key, of }) => `${of}.${key}.`)
  return strings(
    { ...method, ...runs, connectionFields: [], accountFields: [], api: apiOf(definition, method) },
    path,
  ).flatMap(({ path, value }) =>
    templateNames(value)
      .filter(
        (name) => !known.has(name) && !name.startsWith('callback.') && !json.some((prefix) => name.startsWith(prefix)),
      )
      .map((name) => ({
        path,
        reason: name.startsWith('discovered.')
          ? 'is missing, and there is no discovery that would find it'
          : `reads {${name}}, which nothing declares`,
      })),
  )
}

/** What the callback, the token answers and the lookups after connecting bring in. */
function foundNames(method: ExecutableMethod): string[] {
  const steps = tokenCalls(method)
  const captured = redirects(method) ? Object.keys(method.callback.capture) : []
  return [
    ...[...captured, ...method.afterConnect.flatMap(({ pick }) => Object.keys(pick ?? {}))].map(
      (key) => `account.${key}`,
    ),
    ...steps.flatMap(({ response }, index) => {
      const { named = {}, capture = {} } = response
      const step = `step${index + 1}`
      return [
        ...Object.keys(capture).flatMap((key) => [`token.${key}`, `${step}.${key}`]),
        ...Object.keys(named).flatMap((name) => [`token.${name}.access`, `token.${name}.refresh`]),
        `${step}.access`,
        `${step}.refresh`,
      ]
    }),
    ...(method.type === 'oauth1'
      ? ['token.secret', ...Object.keys(method.accessToken.capture).map((key) => `token.${key}`)]
      : []),
  ]
}

function tokenCalls(method: ExecutableMethod): TokenRequestDefinition[] {
  if (method.type === 'oauth2') return [method.token, ...method.further]
  if (method.type === 'token_exchange') return method.steps
  return method.type === 'app_installation' ? [method.token] : []
}

/** A host that a value can change must be held by trustHosts, or a secret can be sent anywhere. */
function untrustedHosts(definition: ConnectorDefinition, method: MethodDefinition, path: string) {
  if (definition.trustHosts.length > 0) return []
  return strings(method, path).flatMap(({ path, value }) =>
    /^(https?:\/\/[^/?#]*\{|\{(?!server\.|discovered\.))/.test(value) && isAddress(path)
      ? [{ path, reason: 'has a hole in its host, and the connector has no trustHosts' }]
      : [],
  )
}

function isAddress(path: string): boolean {
  return /(^|\.)(url|baseUrl|serverUrl|stsUrl|discovery)$/.test(path)
}

/** The API that a method's credentials are for: the connector's, and for an MCP method its server. */
export function apiOf(definition: ConnectorDefinition, method: MethodDefinition): ApiDefinition {
  return method.type === 'mcp' ? { baseUrl: method.serverUrl, ...method.api } : { ...definition.api, ...method.api }
}

/** Every address in a definition, with the way to it. */
export function addressesIn(definition: ConnectorDefinition): { path: string; value: string }[] {
  return strings({ api: definition.api, auth: definition.auth }, '')
    .filter(({ path }) => isAddress(path))
    .map(({ path, value }) => ({ path: path.slice(1), value }))
}

/** https, without a user, a fragment or an odd port; what private addresses are is for the egress rules to say. */
function badAddresses(definition: ConnectorDefinition, http: boolean) {
  return addressesIn(definition).flatMap(({ path, value }) => {
    if (!http && value.startsWith('http://'))
      return [{ path, reason: 'begins with https:// or with a hole that gives a whole address' }]
    const authority = /^https?:\/\/([^/?#]*)/.exec(value)?.[1] ?? ''
    if (authority.includes('@')) return [{ path, reason: 'has a user name in it; credentials go into fields' }]
    if (value.includes('#') && !path.endsWith('.authorize.url'))
      return [{ path, reason: 'has a fragment, which is never sent' }]
    const plain = value.replaceAll(/\{[^}]*\}/g, 'x')
    return value.startsWith('{') || URL.canParse(plain) ? [] : [{ path, reason: 'is not an address' }]
  })
}

/** Parameters that hold an authorization together (RFC 6749 §4.1.1, RFC 7636, RFC 9101) are not for a definition to set. */
const RESERVED = new Set([
  'client_id',
  'redirect_uri',
  'state',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
])

function badAuthorizeParameters(method: ExecutableMethod, path: string) {
  if (!redirects(method)) return []
  const { url, params } = method.type === 'app_installation' ? method.install : method.authorize
  const inUrl = [...new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? '').keys()]
  return [...Object.keys(params), ...inUrl]
    .filter((name) => RESERVED.has(name))
    .map((name) => ({ path: `${path}.authorize`, reason: `sets ${name}, which is not for a definition to set` }))
}

/** A token that ends, and that nothing renews, is said to be so: by `refresh: false` or `expires: never`. */
function hopelessRefresh(method: ExecutableMethod, path: string) {
  const how = renewal(method)
  const never = 'token' in method && method.token.response.refreshToken === false
  return how !== false &&
    how.using === 'refresh_token' &&
    never &&
    method.type === 'oauth2' &&
    method.further.length === 0
    ? [{ path: `${path}.refresh`, reason: 'refreshes by a refresh token, and the token answer is said to have none' }]
    : []
}

function badPatterns(method: MethodDefinition, path: string) {
  return [...method.connectionFields, ...method.accountFields].flatMap(({ key, pattern }) => {
    try {
      RE2JS.compile(pattern ?? '')
      return []
    } catch {
      return [
        {
          path: `${path}.${key}.pattern`,
          reason: 'is not a regular expression of RE2, which has no look-around and no back references',
        },
      ]
    }
  })
}

function strings(value: unknown, path: string): { path: string; value: string }[] {
  if (typeof value === 'string') return [{ path, value }]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => strings(item, `${path}.${key}`))
}
