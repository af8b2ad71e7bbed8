/** Obtains an OAuth client from an authorization server without a developer: RFC 7591, or by a metadata document. */

import { parseBody } from '../answer/answer-body.js'
import { plain } from '../answer/provider-text.js'
import type { Calls } from '../calls.js'
import type { McpMethod } from '../definition/other-methods.js'
import type { ClientAuth } from '../definition/token-call.js'
import { type ConnectionSetup, scopeOf } from '../setup.js'
import { renderJson, renderUrl } from '../template.js'
import { TokenFailure } from '../token-endpoint/token-failure.js'
import type { OAuthClient } from '../token-endpoint/token-request.js'
import { stringsOf } from './metadata.js'

/** This server, as it presents itself to authorization servers. */
export interface ClientCard {
  name: string
  uri: string
  redirectUri: string
  /** What it will ask for; empty where that is not known. */
  scopes: readonly string[]
  /** Address of its Client ID Metadata Document; null where this server has no https address. */
  metadataUrl: string | null
}

/**
 * Obtains a client by the first way in the definition's `registration` that the server supports.
 *
 * @param metadata of the authorization server
 * @returns null where the developer has to enter a client
 * @throws {TokenFailure} where the server refuses to register a client
 */
export async function obtainClient(
  calls: Calls,
  method: McpMethod,
  metadata: Record<string, unknown>,
  card: ClientCard,
  setup: ConnectionSetup,
): Promise<OAuthClient | null> {
  for (const way of method.registration) {
    if (way === 'cimd' && card.metadataUrl && metadata.client_id_metadata_document_supported === true)
      return { id: card.metadataUrl, secret: '', auth: 'none' }
    if (way === 'dcr' && typeof metadata.registration_endpoint === 'string')
      return register(calls, method, metadata, card, setup)
  }
  return null
}

/** RFC 7591 §3. Some servers answer with status 200 instead of 201. */
async function register(
  calls: Calls,
  method: McpMethod,
  metadata: Record<string, unknown>,
  card: ClientCard,
  setup: ConnectionSetup,
): Promise<OAuthClient> {
  const supported = stringsOf(metadata.token_endpoint_auth_methods_supported)
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
      ...(renderJson(method.registrationParams, scopeOf(setup, {})) as object),
    }),
  })
  const body = parseBody(answer) as Record<string, unknown> | null
  if (answer.status >= 300 || typeof body?.client_id !== 'string') {
    const reason = [body?.error_description, body?.error].find((value) => typeof value === 'string')
    throw new TokenFailure(
      answer.status >= 500 ? 'unknown' : 'client',
      `${url.host} did not register this server as a client: ${plain(reason ?? `status ${answer.status}`, 200)}.`,
    )
  }
  const secret = typeof body.client_secret === 'string' ? body.client_secret : ''
  return { id: body.client_id, secret, auth: authOf(String(body.token_endpoint_auth_method ?? authentication), secret) }
}

/** Characters of a page that are looked at. */
const LONGEST_PAGE = 20_000
/** How servers say on their authorization page that they do not know a client: no standard has words for it. */
const UNKNOWN_CLIENT = [
  /invalid_client|unauthorized_client|unknown client/i,
  /client.{0,60}?(unknown|not (found|registered|known|recogni[sz]ed)|(does not|doesn't) exist)/i,
]

/**
 * Whether a server has forgotten a client that it registered. It says so to the user alone, on its own page: nothing
 * ever comes back.
 *
 * @param address of the authorization page, for this client
 * @returns false also where the server says something else, or nothing
 */
export async function isForgotten(calls: Calls, address: URL): Promise<boolean> {
  try {
    const { status, body } = await calls.send({ method: 'GET', url: address, headers: { accept: 'text/html' } })
    return status >= 400 && status < 500 && UNKNOWN_CLIENT.some((words) => words.test(wordsOf(body)))
  } catch (error) {
    if (error instanceof TokenFailure) return false
    throw error
  }
}

/** What a page says, without its tags. */
function wordsOf(page: string): string {
  return page
    .slice(0, LONGEST_PAGE)
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
}

function authOf(method: string, secret: string): ClientAuth {
  if (secret === '' || method === 'none') return 'none'
  return method === 'client_secret_post' ? 'body' : 'basic'
}

/** The client metadata of this server, for RFC 7591 §2 and for the Client ID Metadata Document. */
export function clientMetadata({ name, uri, redirectUri, scopes }: ClientCard, authentication: string) {
  return {
    ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    client_name: name,
    client_uri: uri,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: authentication,
  }
}
