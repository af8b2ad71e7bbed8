/**
 * Discovery: reads how a server authorizes, so that a connection needs only the server's address.
 *
 *   MCP server ──401──▶ its resource metadata (RFC 9728) ─▶ authorization server metadata (RFC 8414)
 *              ─▶ a client (discovery/client-registration.ts)
 *
 * For an OAuth 2.0 definition with a metadata document, only that document is read.
 */
import { ValetkeyError } from '../errors.js'
import type { Calls } from './calls.js'
import type { McpMethod } from './definition/other-methods.js'
import type { Method } from './definition.js'
import { type ClientCard, obtainClient } from './discovery/client-registration.js'
import {
  authorizationServerMetadata,
  type Metadata,
  type ProtectedResource,
  readMetadata,
  resourceMetadata,
  stringsOf,
} from './discovery/metadata.js'
import { INITIALIZE } from './mcp.js'
import { type ConnectionSetup, scopeOf } from './setup.js'
import { render, renderUrl } from './template.js'
import { TokenFailure } from './token-endpoint/token-failure.js'
import type { OAuthClient } from './token-endpoint/token-request.js'

/** The result, as it is stored with the connection. */
export interface DiscoveryResult {
  /** `{discovered.…}` of the templates: the endpoints of `ENDPOINTS`, and iss and resource. */
  values: Record<string, string>
  /** Requested where the connection has no scopes of its own. */
  scopes: string[]
  /** The registered client; null where the developer has to enter one. */
  client: OAuthClient | null
}

/** Whether the method needs discovery before it can be used. */
export function needsDiscovery(method: Method): boolean {
  return method.type === 'mcp' ? method.auth === 'oauth' : method.type === 'oauth2' && method.discovery !== undefined
}

/** What discovery found to be trusted with secrets: the issuer, and the origins of its endpoints. */
export function authorityOf({ values }: Pick<DiscoveryResult, 'values'>): string {
  const endpoints = ENDPOINTS.filter((name) => name !== 'issuer')
  const origins = endpoints.flatMap((name) => (values[name] ? new URL(values[name]).origin : []))
  const issuer = values.issuer ? new URL(values.issuer).href : 'no issuer'
  return `${issuer} (${[...new Set(origins)].sort().join(' ')})`
}

/**
 * Runs discovery and, for an MCP server without an entered client, client registration. No client is registered
 * where another authority than before is found: what a registration says may be secret, too.
 *
 * @param method as in the definition, not yet converted by mcp.ts
 * @param former the authority that was found before; null for none
 * @throws {TokenFailure} with a message for the developer
 */
export async function discover(
  calls: Calls,
  method: Method,
  setup: ConnectionSetup,
  card: ClientCard,
  former: string | null,
): Promise<DiscoveryResult> {
  if (method.type === 'oauth2' && method.discovery !== undefined) {
    const metadata = await readMetadata(calls, renderUrl(method.discovery, scopeOf(setup, {}), setup.trustHosts))
    return { values: valuesOf(metadata, ''), scopes: [], client: null }
  }
  if (method.type !== 'mcp') throw new Error('This method has nothing to discover.')
  return discoverMcp(calls, method, setup, card, former)
}

async function discoverMcp(
  calls: Calls,
  method: McpMethod,
  setup: ConnectionSetup,
  card: ClientCard,
  former: string | null,
): Promise<DiscoveryResult> {
  const scope = scopeOf(setup, {})
  const server = renderUrl(method.serverUrl, scope, setup.trustHosts)
  const { resource, issuers, scopes } = await protectedResource(calls, server)
  const metadata = await firstUsable(calls, issuers)
  const offline = stringsOf(metadata.scopes_supported).includes('offline_access') ? ['offline_access'] : []
  const values = valuesOf(metadata, method.resource === undefined ? resource : render(method.resource, scope))
  const isElsewhere = former !== null && former !== authorityOf({ values })
  const usual = [...new Set([...scopes, ...(scopes.length > 0 ? offline : [])])]
  // RFC 7591 §2: a client registers for what it will ask for.
  const asking = { ...card, scopes: setup.scopes.length > 0 ? setup.scopes : usual }
  return {
    values,
    scopes: usual,
    client: setup.client.id || isElsewhere ? null : await obtainClient(calls, method, metadata, asking, setup),
  }
}

/** The metadata of the first authorization server that can be used. @throws {TokenFailure} of the first one */
async function firstUsable(calls: Calls, issuers: readonly string[]): Promise<Metadata> {
  let failure: unknown = null
  for (const issuer of issuers) {
    try {
      return await usableMetadata(calls, issuer)
    } catch (error) {
      if (!(error instanceof TokenFailure || error instanceof ValetkeyError)) throw error
      failure ??= error
    }
  }
  throw failure
}

/** @throws {TokenFailure} */
async function usableMetadata(calls: Calls, issuer: string): Promise<Metadata> {
  const metadata = await authorizationServerMetadata(calls, issuer)
  const challengeMethods = metadata.code_challenge_methods_supported
  if (!Array.isArray(challengeMethods) || !challengeMethods.includes('S256'))
    throw new TokenFailure('client', `${issuer} does not offer PKCE with S256, without which no code is safe.`)
  valuesOf(metadata, '')
  return metadata
}

const ENDPOINTS = [
  'authorization_endpoint',
  'token_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'userinfo_endpoint',
  'issuer',
]

function valuesOf(metadata: Metadata, resource: string): Record<string, string> {
  const values: Record<string, string> = Object.fromEntries(
    ENDPOINTS.flatMap((name) => (typeof metadata[name] === 'string' ? [[name, metadata[name]]] : [])),
  )
  for (const name of ['authorization_endpoint', 'token_endpoint'])
    if (!values[name]) throw new TokenFailure('client', `The provider's metadata has no ${name}.`)
  for (const [name, value] of Object.entries(values))
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
      throw new TokenFailure('client', `The provider's metadata has no usable ${name}.`)
  // RFC 9207 §3: only a server that announces this parameter sends its issuer in the callback.
  const namesIssuer = metadata.authorization_response_iss_parameter_supported === true && values.issuer
  return { ...values, resource, ...(namesIssuer ? { iss: namesIssuer } : {}) }
}

/** RFC 9728 §5: the server's 401 contains the address of its metadata; otherwise the well-known ones are read. */
async function protectedResource(calls: Calls, server: URL): Promise<ProtectedResource> {
  const answer = await calls.head({
    method: 'POST',
    url: server,
    headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify(INITIALIZE),
  })
  const challenge = answer.status === 401 ? (answer.headers['www-authenticate'] ?? '') : ''
  const address = parameter(challenge, 'resource_metadata')
  const path = server.pathname.replace(/\/$/, '')
  const published = await resourceMetadata(calls, server, [
    ...(address && URL.canParse(address) ? [address] : []),
    `${server.origin}/.well-known/oauth-protected-resource${path}`,
    `${server.origin}/.well-known/oauth-protected-resource`,
  ])
  // An MCP server of 2025-03-26 publishes nothing, and is its own authorization server.
  if (!published) return { resource: server.href, issuers: [server.origin], scopes: [] }
  const scopes = parameter(challenge, 'scope')
  return { ...published, ...(scopes ? { scopes: scopes.split(' ').filter(Boolean) } : {}) }
}

/** A parameter of a WWW-Authenticate header (RFC 9110 §11.6.1). */
function parameter(challenge: string, name: string): string | null {
  const match = new RegExp(`(?:^|[\\s,])${name}=(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(challenge)
  return match?.[1] ?? match?.[2] ?? null
}
