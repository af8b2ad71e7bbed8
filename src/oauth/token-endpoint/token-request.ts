/** Builds a request to a token endpoint (RFC 6749 §3.2) as a definition describes it. Nothing is sent here. */
import type { EgressRequest } from '../../egress/exchange.js'
import type { ClientAuth, TokenRequestDefinition } from '../definition/token-call.js'
import { render, renderJson, renderUrl, type TemplateScope } from '../template.js'

/** An OAuth client; `secret` is empty for a public client. */
export interface OAuthClient {
  id: string
  secret: string
  /** How a registered client authenticates, from the server's answer (RFC 7591); overrides the definition. */
  auth?: ClientAuth
}

/** Type of a client assertion (RFC 7523 §2.2). */
const JWT_CLIENT = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * Builds a request.
 *
 * @param standard the grant's own parameters, by their standard names
 * @param scope with `jwt` where the definition authenticates the client by one
 * @throws {ValetkeyError} when a value does not fit into the address
 */
export function buildTokenRequest(
  definition: TokenRequestDefinition,
  client: OAuthClient,
  standard: Record<string, string>,
  scope: TemplateScope,
  trusted: readonly string[],
): EgressRequest {
  const parameters: Record<string, unknown> = { ...standard }
  if (definition.grantType) parameters.grant_type = definition.grantType
  const headers: Record<string, string> = { accept: 'application/json' }
  authenticate(client, client.auth ?? definition.clientAuth, parameters, headers, scope.jwt)
  for (const name of definition.omit ?? []) delete parameters[name]
  for (const [from, to] of Object.entries(definition.rename ?? {})) {
    if (!(from in parameters)) continue
    parameters[to] = parameters[from]
    delete parameters[from]
  }
  for (const [name, value] of Object.entries(renderJson(definition.params ?? {}, scope) as Record<string, unknown>))
    if (value !== '') parameters[name] = value
  for (const [name, source] of Object.entries(definition.headers ?? {})) headers[name] = render(source, scope)
  const url = renderUrl(definition.url, scope, trusted)
  if (definition.encoding === 'query') {
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value))
    return { method: definition.method, url, headers }
  }
  const json = definition.encoding === 'json'
  headers['content-type'] = json ? 'application/json' : 'application/x-www-form-urlencoded'
  const body = json
    ? JSON.stringify(parameters)
    : new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)])).toString()
  return { method: definition.method, url, headers, body }
}

/**
 * Adds the client's authentication (RFC 6749 §2.3, RFC 7523 §2.2) to `parameters` or `headers`, at whichever endpoint.
 *
 * @param jwt the assertion of a client that authenticates by one
 */
export function authenticate(
  client: OAuthClient,
  auth: ClientAuth,
  parameters: Record<string, unknown>,
  headers: Record<string, string>,
  jwt: unknown,
) {
  switch (auth) {
    case 'basic':
      headers.authorization = basic(formEncode(client.id), formEncode(client.secret))
      break
    case 'basic_raw':
      headers.authorization = basic(client.id, client.secret)
      break
    case 'private_key_jwt':
    case 'client_secret_jwt':
      Object.assign(parameters, {
        client_id: client.id,
        client_assertion_type: JWT_CLIENT,
        client_assertion: jwt,
      })
      break
    case 'secret_as_basic_user':
      headers.authorization = basic(client.secret, '')
      break
    case 'body':
    case 'basic_or_body':
      if (client.id) parameters.client_id = client.id
      if (client.secret) parameters.client_secret = client.secret
      break
    case 'none':
      // RFC 6749 §3.2.1: a public client sends its id.
      if (client.id) parameters.client_id = client.id
      break
  }
}

/** The Basic header (RFC 7617). */
function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before they go into Basic. */
function formEncode(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1)
}
