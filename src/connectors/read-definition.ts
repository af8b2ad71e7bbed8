/** Reads a connector's definition, with the checks that a schema cannot express. */
import { RE2JS } from 're2js'
import type { z } from 'zod'
import { type ExecutableMethod, redirects, renewal } from '../oauth/definition.js'
import { executable } from '../oauth/mcp.js'
import { badAddresses, untrustedHosts } from './definition/addresses.js'
import { secretHosts } from './definition/destinations.js'
import { DefinitionError, type Fault } from './definition/error.js'
import { withBase } from './definition/extends.js'
import { handedOut } from './definition/handed-out.js'
import { undeclaredNames } from './definition/names.js'
import { unmetNeeds } from './definition/needs.js'
import { type ConnectorDefinition, connector, type MethodDefinition } from './definition.js'

/** What a definition may contain. */
export interface DefinitionRules {
  /** Whether plain http is allowed: where connectors may reach a private network. */
  http: boolean
  /** Returns the base that `extends` names. */
  bases: (key: string) => object | undefined
  /** Whether it was accepted before: a version that checks more goes on with what an earlier one took. */
  accepted?: boolean
}

/**
 * Checks and completes a definition.
 *
 * @param value a parsed YAML or JSON document
 * @throws {DefinitionError} with every fault
 */
export function readDefinition(
  value: unknown,
  rules: DefinitionRules = { http: false, bases: () => undefined },
): ConnectorDefinition {
  const result = connector.safeParse(withBase(value, rules.bases))
  if (!result.success) throw new DefinitionError(result.error.issues.flatMap((issue) => faultsOf(issue)))
  const definition = result.data
  const faults = [
    ...definition.auth.flatMap((method, index) => methodFaults(definition, method, `auth.${index}`)),
    ...badPatterns(definition),
    ...badAddresses(definition, rules.http),
    ...(rules.accepted ? [] : definition.auth.flatMap((method, i) => unmetNeeds(executable(method), `auth.${i}`))),
  ]
  if (new Set(definition.auth.map(({ id }) => id)).size < definition.auth.length)
    faults.push({ path: 'auth', reason: 'two methods have one id' })
  if (faults.length > 0) throw new DefinitionError(faults)
  return definition
}

function methodFaults(definition: ConnectorDefinition, method: MethodDefinition, path: string): Fault[] {
  const runs = executable(method)
  return [
    ...undeclaredNames(definition, method, runs, path),
    ...untrustedHosts(definition, method, path),
    ...handedOut(definition, method, runs, path),
    ...badAuthorizeParameters(runs, path),
    ...impossibleRefresh(runs, path),
    ...badResource(method, path),
    ...badChoice(method, path),
    ...secretHosts(definition, method, path),
    ...(method.identity && !method.identity.pick?.id
      ? [{ path: `${path}.identity.pick`, reason: 'has no id, which tells one person from another' }]
      : []),
  ]
}

/** What is chosen is the tenant of the account's identity: there is one, and no other way to say it. */
function badChoice({ afterConnect, identity }: MethodDefinition, path: string): Fault[] {
  const choices = afterConnect.flatMap(({ choose }, index) => (choose ? [`${path}.afterConnect.${index}.choose`] : []))
  if (choices.length === 0) return []
  return [
    ...choices.slice(1).map((at) => ({ path: at, reason: 'is the second choice, and an account has one tenant' })),
    ...(identity ? [] : [{ path: choices[0] ?? path, reason: 'needs an identity, whose tenant is what is chosen' }]),
    ...(identity?.tenant === undefined
      ? []
      : [{ path: `${path}.identity.tenant`, reason: 'is what afterConnect chooses, and is not said a second time' }]),
  ]
}

/** For a union zod reports the faults of every branch; the branch that matched furthest is the intended one. */
function faultsOf(issue: z.core.$ZodIssue, path: PropertyKey[] = []): Fault[] {
  const here = [...path, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const depth = (issues: z.core.$ZodIssue[]) => Math.max(...issues.map((inner) => inner.path.length))
    const deepest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? []
    if (deepest.length > 0) return deepest.flatMap((inner) => faultsOf(inner, here))
  }
  return [{ path: here.join('.') || 'the document', reason: issue.message }]
}

/** Parameters that protect an authorization (RFC 6749 §4.1.1, RFC 7636, RFC 9101); a definition must not set them. */
const RESERVED = new Set([
  'client_id',
  'redirect_uri',
  'response_type',
  'state',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
])

function badAuthorizeParameters(method: ExecutableMethod, path: string): Fault[] {
  if (!redirects(method)) return []
  const { url, params } = method.type === 'app_installation' ? method.install : method.authorize
  const inUrl = [...new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? '').keys()]
  return [...Object.keys(params), ...inUrl]
    .filter((name) => RESERVED.has(name))
    .map((name) => ({ path: `${path}.authorize`, reason: `sets ${name}, which is not for a definition to set` }))
}

/** A refresh by refresh token contradicts a token answer without one; `refresh: false` or another way resolves it. */
function impossibleRefresh(method: ExecutableMethod, path: string): Fault[] {
  const how = renewal(method)
  const hasNone = 'token' in method && method.token.response.refreshToken === false
  return how !== false &&
    how.using === 'refresh_token' &&
    hasNone &&
    method.type === 'oauth2' &&
    method.further.length === 0
    ? [{ path: `${path}.refresh`, reason: 'refreshes by a refresh token, and the token answer is said to have none' }]
    : []
}

/** RFC 8707 §2: a resource is named by an absolute URI without a fragment. */
function badResource(method: MethodDefinition, path: string): Fault[] {
  if (method.type !== 'mcp' || method.resource === undefined) return []
  const { resource } = method
  const isAbsolute = resource.startsWith('{') || URL.canParse(resource.replaceAll(/\{[^}]*\}/g, 'x'))
  return isAbsolute && !resource.includes('#')
    ? []
    : [{ path: `${path}.resource`, reason: 'is an absolute address without a fragment (RFC 8707)' }]
}

/** Instructions of the program that a pattern is compiled to. `.{1000}` has a thousand. */
const LARGEST_PATTERN = 2_500
/** Instructions of all patterns of a definition. */
const LARGEST_PATTERNS = 20_000
/** What a class of Unicode such as `\pL` counts, since reading its ranges takes as long. */
const OF_A_CLASS = 250

/** Compiling is work of whoever sends a definition, which everybody else waits for: it ends at the first fault. */
function badPatterns({ auth }: ConnectorDefinition): Fault[] {
  let left = LARGEST_PATTERNS
  for (const [index, method] of auth.entries())
    for (const { key, pattern } of [...method.connectionFields, ...method.accountFields]) {
      if (pattern === undefined) continue
      const size = sizeOf(pattern)
      left -= size ?? 0
      const reason =
        size === null
          ? 'is not a regular expression of RE2, which has no look-around and no back references'
          : size > LARGEST_PATTERN
            ? 'is too large: repeat less in it, such as .+ for .{1000}, or fewer repetitions inside of repetitions'
            : left < 0
              ? 'is too much together with the patterns before it: repeat less in them, or use fewer'
              : null
      if (reason) return [{ path: `auth.${index}.${key}.pattern`, reason }]
    }
  return []
}

/** Null for what is no pattern. */
function sizeOf(pattern: string): number | null {
  const classes = pattern.match(/\\p/gi)?.length ?? 0
  // Not compiled at all, since that would take long.
  if (classes * OF_A_CLASS > LARGEST_PATTERN) return classes * OF_A_CLASS
  try {
    return RE2JS.compile(pattern).programSize() + classes * OF_A_CLASS
  } catch {
    return null
  }
}
