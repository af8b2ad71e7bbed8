/**
 * Finding out how a server authorizes, and becoming known to it.
 *
 *   MCP server ──401──▶ its resource metadata (RFC 9728) ─▶ authorization server metadata (RFC 8414)
 *              ─▶ a client: by metadata document, by registration (RFC 7591), or by hand
 *
 * A plain OAuth 2.0 definition may name its metadata document; then only that is read.
 */

import type { EgressAnswer } from '../egress/egress.js'
import type { Calls } from './calls.js'
import type { ClientAuth, McpMethod, Method } from './definition.js'
import { INITIALIZE } from './mcp.js'
import { NO_TOKENS, type Registration, scopeOf } from './registration.js'
import { render, renderJson, renderUrl } from './template.js'
import { type OAuthClient, parseBody, plain, TokenFailure } from './token-request.js'

/** What was found, as it is kept with the connection. */
export interface Discovered {
  /** `{discovered.…}` of the templates: authorization_endpoint, token_endpoint, revocation_endpoint, issuer, iss, resource. */
  values: Record<string, string>
  /** Asked for where the connection names no scopes. */
  scopes: string[]
  /** The client that was registered; null where the developer brings one. */
  client: OAuthClient | null
}

/** This server, as it presents itself to authorization servers. */
export interface ClientCard {
  name: string
  uri: string
  redirectUri: string
  /** Where its metadata document is; null where this server has no https address to serve it from. */
  metadataUrl: string | null
}

export function needsDiscovery(method: Method): boolean {
  return method.type === 'mcp' ? method.auth === 'oauth' : method.type === 'oauth2' && method.discovery !== undefined
}

/**
 * @param method as the definition says it
 * @throws {TokenFailure} with a sentence for the developer
 */
export async function discover(
  calls: Calls,
  method: Method,
  registration: Registration,
  card: ClientCard,
): Promise<Discovered> {
  const scope = scopeOf(registration, {}, NO_TOKENS)
  if (method.type === 'oauth2' && method.discovery !== undefined) {
    const metadata = await document(calls, renderUrl(method.discovery, scope, registration.trustHosts))
    return { values: valuesOf(metadata, ''), scopes: [], client: null }
  }
  if (method.type !== 'mcp') throw new Error('This method has nothing to discover.')
  const server = renderUrl(method.serverUrl, scope, registration.trustHosts)
  const { resource, issuer, scopes } = await protectedResource(calls, server)
  const metadata = await authorizationServer(calls, issuer)
  const given = metadata.code_challenge_methods_supported
  if (!Array.isArray(given) || !given.includes('S256'))
    throw new TokenFailure('client', `${issuer} does not offer PKCE with S256, without which no code is safe.`)
  const named = method.resource === undefined ? resource : render(method.resource, scope)
  const offline = strings(metadata.scopes_supported).includes('offline_access') ? ['offline_access'] : []
  return {
    values: valuesOf(metadata, named),
    scopes: [...new Set([...scopes, ...(scopes.length > 0 ? offline : [])])],
    client: registration.client.id ? null : await becomeClient(calls, method, metadata, card, registration),
  }
}

function valuesOf(metadata: Record<string, unknown>, resource: string): Record<string, string> {
  const endpoints = [
    'authorization_endpoint',
    'token_endpoint',
    'revocation_endpoint',
    'introspection_endpoint',
    'userinfo_endpoint',
    'issuer',
  ]
  const values = Object.fromEntries(
    endpoints.flatMap((name) => (typeof metadata[name] === 'string' ? [[name, metadata[name]]] : [])),
  )
  for (const name of ['authorization_endpoint', 'token_endpoint'])
    if (!values[name]) throw new TokenFailure('client', `The provider's metadata has no ${name}.`)
  for (const [name, value] of Object.entries(values))
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
      throw new TokenFailure('client', `The provider's metadata has no usable ${name}.`)
  return {
    ...values,
    resource,
    ...(metadata.authorization_response_iss_parameter_supported === true && values.issuer
      ? { iss: values.issuer }
      : {}),
  }
}

/** RFC 9728 §5: the server's 401 says where its metadata is; without that, its well-known place does. */
async function protectedResource(
  calls: Calls,
  server: URL,
): Promise<{ resource: string; issuer: string; scopes: string[] }> {
  const answer = await calls.send({
    method: 'POST',
    url: server,
    headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify(INITIALIZE),
  })
  const challenge = answer.status === 401 ? (answer.headers['www-authenticate'] ?? '') : ''
  const told = parameter(challenge, 'resource_metadata')
  const path = server.pathname.replace(/\/$/, '')
  const places = [
    ...(told && URL.canParse(told) ? [told] : []),
    `${server.origin}/.well-known/oauth-protected-resource${path}`,
    `${server.origin}/.well-known/oauth-protected-resource`,
  ]
  for (const place of new Set(places)) {
    const metadata = await optionalDocument(calls, new URL(place))
    if (!metadata) continue
    const resource = typeof metadata.resource === 'string' ? metadata.resource : ''
    // RFC 9728 §3.3: a document that speaks for another resource is not to be used.
    if (!URL.canParse(resource) || !covers(new URL(resource), server))
      throw new TokenFailure(
        'client',
        `${new URL(place).host} gives metadata for ${plain(resource, 200) || 'no resource'}, and the server is ${server.href}.`,
      )
    const [issuer] = strings(metadata.authorization_servers)
    if (!issuer) throw new TokenFailure('client', `${server.host} names no authorization server.`)
    const asked = parameter(challenge, 'scope')
    return { resource, issuer, scopes: asked ? asked.split(' ').filter(Boolean) : strings(metadata.scopes_supported) }
  }
  // Servers of 2025-03-26 are their own authorization servers.
  return { resource: server.href, issuer: server.origin, scopes: [] }
}

function covers(resource: URL, server: URL): boolean {
  const path = resource.pathname.replace(/\/$/, '')
  return resource.origin === server.origin && (server.pathname === path || server.pathname.startsWith(`${path}/`))
}

/** RFC 8414 §3.1, and OpenID Connect Discovery §4. */
async function authorizationServer(calls: Calls, issuer: string): Promise<Record<string, unknown>> {
  if (!URL.canParse(issuer))
    throw new TokenFailure('client', 'The server names an authorization server that is no address.')
  const url = new URL(issuer)
  const path = url.pathname.replace(/\/$/, '')
  const places = [
    `${url.origin}/.well-known/oauth-authorization-server${path}`,
    `${url.origin}/.well-known/openid-configuration${path}`,
    `${url.origin}${path}/.well-known/openid-configuration`,
  ]
  for (const place of new Set(places)) {
    const metadata = await optionalDocument(calls, new URL(place))
    if (!metadata) continue
    // §3.3: compared as strings; only the slash of a bare origin is no difference.
    if (String(metadata.issuer).replace(/\/$/, '') !== issuer.replace(/\/$/, ''))
      throw new TokenFailure(
        'client',
        `${url.host} gives metadata for the issuer ${plain(String(metadata.issuer), 200)}, and ${issuer} was asked for.`,
      )
    return metadata
  }
  throw new TokenFailure('client', `${issuer} publishes no metadata (RFC 8414).`)
}

/** @returns null where the definition leaves it to the developer, or the server offers nothing */
async function becomeClient(
  calls: Calls,
  method: McpMethod,
  metadata: Record<string, unknown>,
  card: ClientCard,
  registration: Registration,
): Promise<OAuthClient | null> {
  for (const way of method.registration) {
    if (way === 'cimd' && card.metadataUrl && metadata.client_id_metadata_document_supported === true)
      return { id: card.metadataUrl, secret: '', auth: 'none' }
    if (way === 'dcr' && typeof metadata.registration_endpoint === 'string')
      return register(calls, method, metadata, card, registration)
  }
  return null
}

/** RFC 7591 §3. */
async function register(
  calls: Calls,
  method: McpMethod,
  metadata: Record<string, unknown>,
  card: ClientCard,
  registration: Registration,
): Promise<OAuthClient> {
  const supported = strings(metadata.token_endpoint_auth_methods_supported)
  const authentication =
    ['client_secret_basic', 'client_secret_post', 'none'].find((way) => supported.includes(way)) ??
    'client_secret_basic'
  const url = renderUrl(String(metadata.registration_endpoint), {}, ['*'])
  const answer = await calls.send({
    method: 'POST',
    url,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({
      ...clientMetadata(card, authentication),
      ...(renderJson(method.registrationParams, scopeOf(registration, {})) as object),
    }),
  })
  const body = parseBody(answer) as Record<string, unknown> | null
  if (answer.status >= 300 || typeof body?.client_id !== 'string') {
    const why =
      typeof body?.error_description === 'string'
        ? body.error_description
        : typeof body?.error === 'string'
          ? body.error
          : `status ${answer.status}`
    throw new TokenFailure(
      answer.status >= 500 ? 'unknown' : 'client',
      `${url.host} did not register this server as a client: ${plain(why, 200)}.`,
    )
  }
  const secret = typeof body.client_secret === 'string' ? body.client_secret : ''
  return { id: body.client_id, secret, auth: authOf(String(body.token_endpoint_auth_method ?? authentication), secret) }
}

function authOf(method: string, secret: string): ClientAuth {
  if (secret === '' || method === 'none') return 'none'
  return method === 'client_secret_post' ? 'body' : 'basic'
}

/** What this server says of itself: RFC 7591 §2, and the client id metadata document. */
export function clientMetadata({ name, uri, redirectUri }: ClientCard, authentication: string) {
  return {
    client_name: name,
    client_uri: uri,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: authentication,
  }
}

async function document(calls: Calls, url: URL): Promise<Record<string, unknown>> {
  const found = await optionalDocument(calls, url)
  if (!found) throw new TokenFailure('client', `${url.href} is no metadata document.`)
  return found
}

async function optionalDocument(calls: Calls, url: URL): Promise<Record<string, unknown> | null> {
  const answer: EgressAnswer = await calls.send({ method: 'GET', url, headers: { accept: 'application/json' } })
  if (answer.status >= 500) throw new TokenFailure('unknown', `${url.host} answered with status ${answer.status}.`)
  const body = answer.status === 200 ? parseBody(answer, { format: 'json' }) : null
  return body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : null
}

/** A parameter of a WWW-Authenticate header (RFC 9110 §11.6.1). */
function parameter(challenge: string, name: string): string | null {
  const found = new RegExp(`(?:^|[\\s,])${name}=(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(challenge)
  return found?.[1] ?? found?.[2] ?? null
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : []
}
