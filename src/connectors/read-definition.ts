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
import { type ConnectorDefinition, connector, type MethodDefinition } from './definition.js'

/** What a definition may contain. */
export interface DefinitionRules {
  /** Whether plain http is allowed: where connectors may reach a private network. */
  http: boolean
  /** Returns the base that `extends` names. */
  bases: (key: string) => object | undefined
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
    ...badAddresses(definition, rules.http),
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
    ...badPatterns(method, path),
    ...badAuthorizeParameters(runs, path),
    ...impossibleRefresh(runs, path),
    ...badResource(method, path),
    ...secretHosts(definition, method, path),
    ...(method.identity && !method.identity.pick?.id
      ? [{ path: `${path}.identity.pick`, reason: 'has no id, which tells one person from another' }]
      : []),
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

function badPatterns(method: MethodDefinition, path: string): Fault[] {
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
