/** Builds a request to the provider's API as a definition describes it. Nothing is sent here. */
import type { EgressRequest } from '../../egress/exchange.js'
import type { ApplyDefinition, RequestDefinition } from '../definition/api-call.js'
import type { CodeMethod } from '../definition/oauth2.js'
import type { ClientAuth } from '../definition/token-call.js'
import type { ExecutableMethod } from '../definition.js'
import type { ConnectionSetup } from '../setup.js'
import { jwtForEndpoint } from '../signing/assertion.js'
import { render, renderJson, renderUrl, type TemplateScope } from '../template.js'
import { authenticate, type OAuthClient } from '../token-endpoint/token-request.js'
import { cookieHeader, filled } from './apply.js'

type Payload = Record<string, unknown> | undefined

/**
 * Builds a request.
 *
 * @param apply how the account's credential is put on the request; undefined where the OAuth client authenticates
 *   instead
 * @throws {ValetkeyError} BAD_USER_INPUT or EGRESS_BLOCKED for an address that a value makes invalid
 */
export async function buildApiRequest(
  definition: RequestDefinition,
  apply: ApplyDefinition | undefined,
  setup: ConnectionSetup,
  scope: TemplateScope,
): Promise<EgressRequest & { headers: Record<string, string> }> {
  const { api, trustHosts } = setup
  const url = renderUrl(definition.url, scope, trustHosts)
  for (const [name, source] of Object.entries(definition.query ?? {})) url.searchParams.set(name, render(source, scope))
  const headers: Record<string, string> = { accept: 'application/json' }
  let payload = renderJson(definition.body, scope) as Payload
  payload = await withClient(payload, headers, definition, setup, url, scope)
  if (apply && Object.keys(apply.body).length > 0)
    payload = { ...payload, ...Object.fromEntries(filled(apply.body, scope)) }
  let body: string | undefined
  if (payload !== undefined && definition.encoding !== 'none') {
    const json = definition.encoding === 'json'
    headers['content-type'] = json ? 'application/json' : 'application/x-www-form-urlencoded'
    body = json ? JSON.stringify(payload) : new URLSearchParams(payload as Record<string, string>).toString()
  }
  if (apply) {
    const full = { ...scope, request: { method: definition.method, path: url.pathname, body: body ?? '' } }
    for (const [name, value] of [...filled({ ...api.headers, ...apply.headers }, full), ...cookieHeader(apply, full)])
      headers[name] = value
    for (const [name, value] of filled({ ...api.query, ...apply.query }, full)) url.searchParams.set(name, value)
  }
  for (const [name, source] of Object.entries(definition.headers ?? {})) headers[name] = render(source, scope)
  return { method: definition.method, url, headers, body }
}

/** The payload with the client's authentication in it, where it does not go into a header. */
async function withClient(
  payload: Payload,
  headers: Record<string, string>,
  { auth }: RequestDefinition,
  { method, client }: ConnectionSetup,
  url: URL,
  scope: TemplateScope,
): Promise<Payload> {
  if (auth === 'apply' || auth === 'none') return payload
  const way = auth === 'client' ? authOf(method, client) : auth === 'client_basic' ? 'basic' : 'body'
  const isByJwt = way === 'private_key_jwt' || way === 'client_secret_jwt'
  const parameters: Record<string, unknown> = {}
  authenticate(client, way, parameters, headers, isByJwt ? await jwtForEndpoint(method, url, scope) : undefined)
  return Object.keys(parameters).length > 0 ? { ...payload, ...parameters } : payload
}

/** The client authenticates as at the token endpoint (RFC 7009 §2.1); a public client sends its id. */
function authOf(method: ExecutableMethod, client: OAuthClient): ClientAuth {
  return client.auth ?? (method as Partial<CodeMethod>).token?.clientAuth ?? 'body'
}
