/** Reads the metadata documents that servers publish. */
import type { EgressAnswer } from '../../egress/exchange.js'
import { ValetkeyError } from '../../errors.js'
import { parseBody } from '../answer/answer-body.js'
import { plain } from '../answer/provider-text.js'
import type { Calls } from '../calls.js'
import { TokenFailure } from '../token-endpoint/token-failure.js'

/** A metadata document, unchecked. */
export type Metadata = Record<string, unknown>

/** Reads a document. @throws {TokenFailure} where the address has none */
export async function readMetadata(calls: Calls, url: URL): Promise<Metadata> {
  const metadata = await findMetadata(calls, url)
  if (!metadata) throw new TokenFailure('client', `${url.href} is no metadata document.`)
  return metadata
}

/** Reads the metadata of an issuer: RFC 8414 §3.1, OpenID Connect Discovery §4. @throws {TokenFailure} */
export async function authorizationServerMetadata(calls: Calls, issuer: string): Promise<Metadata> {
  if (!URL.canParse(issuer))
    throw new TokenFailure('client', 'The server names an authorization server that is no address.')
  const url = new URL(issuer)
  const path = url.pathname.replace(/\/$/, '')
  const places = [
    `${url.origin}/.well-known/oauth-authorization-server${path}`,
    `${url.origin}/.well-known/openid-configuration${path}`,
    `${url.origin}${path}/.well-known/openid-configuration`,
  ]
  const metadata = (await firstMetadata(calls, places))?.metadata
  if (!metadata) throw new TokenFailure('client', `${issuer} publishes no metadata (RFC 8414).`)
  // RFC 8414 §3.3: compared as strings. A final slash is ignored, because many servers add or drop it.
  if (String(metadata.issuer).replace(/\/$/, '') !== issuer.replace(/\/$/, '')) {
    const actual = plain(String(metadata.issuer), 200)
    throw new TokenFailure(
      'client',
      `${url.host} gives metadata for the issuer ${actual}, and ${issuer} was asked for.`,
    )
  }
  return metadata
}

/** The metadata of a protected resource (RFC 9728). */
export interface ProtectedResource {
  resource: string
  /** Issuers of its authorization servers: any of them will do. */
  issuers: string[]
  scopes: string[]
}

/**
 * Reads the metadata of a protected resource.
 *
 * @param places addresses; the first that has a document is used
 * @returns null where none has a document
 * @throws {TokenFailure} for a document about another resource than `server`
 */
export async function resourceMetadata(
  calls: Calls,
  server: URL,
  places: readonly string[],
): Promise<ProtectedResource | null> {
  const found = await firstMetadata(calls, places)
  if (!found) return null
  const { metadata, place } = found
  const resource = typeof metadata.resource === 'string' ? metadata.resource : ''
  // RFC 9728 §3.3: metadata of another resource must not be used.
  if (!URL.canParse(resource) || !covers(new URL(resource), server)) {
    const actual = plain(resource, 200) || 'no resource'
    throw new TokenFailure('client', `${place.host} gives metadata for ${actual}, and the server is ${server.href}.`)
  }
  const issuers = stringsOf(metadata.authorization_servers)
  if (issuers.length === 0) throw new TokenFailure('client', `${server.host} names no authorization server.`)
  return { resource, issuers, scopes: stringsOf(metadata.scopes_supported) }
}

function covers(resource: URL, server: URL): boolean {
  const path = resource.pathname.replace(/\/$/, '')
  return resource.origin === server.origin && (server.pathname === path || server.pathname.startsWith(`${path}/`))
}

/**
 * The document at the first place that has one. A place that fails is no reason not to look at the next one.
 *
 * @returns null where there is none
 * @throws {TokenFailure} where there is none, and a place failed: that proves no absence
 */
async function firstMetadata(
  calls: Calls,
  places: readonly string[],
): Promise<{ metadata: Metadata; place: URL } | null> {
  let failure: unknown = null
  for (const place of new Set(places)) {
    try {
      const metadata = await findMetadata(calls, new URL(place))
      if (metadata) return { metadata, place: new URL(place) }
    } catch (error) {
      if (!(error instanceof TokenFailure || error instanceof ValetkeyError)) throw error
      failure ??= error
    }
  }
  if (failure) throw failure
  return null
}

/** Null where the answer is not a document. @throws {TokenFailure} for a server error */
async function findMetadata(calls: Calls, url: URL): Promise<Metadata | null> {
  const answer: EgressAnswer = await calls.send({ method: 'GET', url, headers: { accept: 'application/json' } })
  if (answer.status >= 500) throw new TokenFailure('unknown', `${url.host} answered with status ${answer.status}.`)
  const body = answer.status === 200 ? parseBody(answer, { format: 'json' }) : null
  return body !== null && !Array.isArray(body) ? (body as Metadata) : null
}

/** The non-empty strings of a list; empty where it is not a list. */
export function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : []
}
