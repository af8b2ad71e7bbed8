/**
 * A call of a token endpoint (RFC 6749 §3.2), as a definition says: built from templates, sent, its
 * answer read. The two halves are separate, so that an answer can be kept before it is judged.
 */

import type { EgressAnswer, EgressRequest } from '../egress/egress.js'
import type {
  ApiDefinition,
  ClientAuth,
  Condition,
  Expiry,
  ScopesDefinition,
  TokenRequestDefinition,
  TokenResponseDefinition,
} from './definition.js'
import { render, renderJson, renderUrl, type TemplateScope } from './template.js'

/** The OAuth app of a connection; `secret` is empty for a public client. */
export interface OAuthClient {
  id: string
  secret: string
  /** How the server registered it to authenticate, where that is not for the definition to say (RFC 7591). */
  auth?: ClientAuth
}

export interface NamedToken {
  access: string
  refresh: string | null
  expiresAt: Date | null
}

/** RFC 7523 §2.2. */
export const JWT_CLIENT = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** What a token endpoint gave. Null means that the answer did not say. */
export interface TokenSet {
  accessToken: string
  tokenType: string
  refreshToken: string | null
  scopes: string[] | null
  expiresAt: Date | null
  refreshExpiresAt: Date | null
  named: Record<string, NamedToken>
  captured: Record<string, unknown>
}

/**
 * Why there is no token:
 * - `grant`: the provider says that this grant is over; only the user can renew it
 * - `client`: the provider refuses the app or the request; the connection is at fault
 * - `throttled`: not now; `retryAfter` says when
 * - `not_sent`: the request never arrived
 * - `unknown`: the provider may or may not have acted on it
 * - `protocol`: an answer that is none
 */
export type FailureKind = 'grant' | 'client' | 'throttled' | 'not_sent' | 'unknown' | 'protocol'

export class TokenFailure extends Error {
  override readonly name = 'TokenFailure'
  /**
   * @param message a sentence without secrets
   * @param providerError the provider's own code, verbatim, such as invalid_grant
   * @param retryAfter seconds
   */
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly providerError: string | null = null,
    readonly retryAfter: number | null = null,
    cause?: unknown,
  ) {
    super(message, { cause })
  }
}

const YEAR = 365 * 24 * 3600
/** Seconds given to a token that claims to be expired on arrival. */
const SHORTEST_LIFE = 60
/** Seconds that a token is trusted to last until introspection has told how long it does. */
const UNTOLD_LIFE = 600
const LONGEST_TOKEN = 64 * 1024

/**
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
  switch (client.auth ?? definition.clientAuth) {
    case 'basic':
      headers.authorization = basic(formEncode(client.id), formEncode(client.secret))
      break
    case 'private_key_jwt':
    case 'client_secret_jwt':
      Object.assign(parameters, {
        client_id: client.id,
        client_assertion_type: JWT_CLIENT,
        client_assertion: scope.jwt,
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
      // RFC 6749 §3.2.1: a public client says who it is.
      if (client.id) parameters.client_id = client.id
      break
  }
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
 * @param sentAt when the request left: lifetimes count from there, so that none is overstated
 * @throws {TokenFailure} for every answer that holds no token
 */
export function readTokenAnswer(
  answer: EgressAnswer,
  definition: TokenResponseDefinition,
  sentAt: Date,
  around: AnswerContext = {},
): TokenSet {
  const body = parseBody(answer, definition)
  const failed = body === null || answer.status >= 300 || !holds(definition.ok, body)
  if (
    failed ||
    (definition.ok === undefined &&
      at(body, definition.error?.code ?? 'error') !== undefined &&
      at(body, definition.accessToken ?? 'access_token') === undefined)
  ) {
    throw failure(answer, body, definition, around.rateLimit)
  }
  const root = definition.root ? at(body, definition.root) : body
  const accessToken = at(root, definition.accessToken ?? 'access_token')
  const named: Record<string, NamedToken> = {}
  for (const [name, part] of Object.entries(definition.named ?? {})) {
    const from = part.root ? at(body, part.root) : body
    const access = at(from, part.accessToken ?? 'access_token')
    if (isToken(access))
      named[name] = {
        access,
        refresh: tokenOrNull(at(from, part.refreshToken ?? 'refresh_token')),
        expiresAt: expiryOf(part.expires, from, access, sentAt),
      }
    else if (!part.optional) throw new TokenFailure('protocol', `The provider's answer lacks the ${name} token.`)
  }
  // An answer may hold a named token alone, and then no other; one that is there and unfit is no answer.
  if (!isToken(accessToken) && ((accessToken !== undefined && accessToken !== null) || Object.keys(named).length === 0))
    throw new TokenFailure('protocol', 'The provider answered without a usable access token.')
  const tokenType = at(root, 'token_type')
  if (typeof tokenType === 'string' && tokenType.toLowerCase() === 'mac')
    throw new TokenFailure('protocol', 'The provider gave a token of type mac, which cannot be sent as it is.')
  return {
    accessToken: isToken(accessToken) ? accessToken : '',
    tokenType:
      typeof tokenType === 'string' && tokenType !== ''
        ? tokenType.toLowerCase() === 'bearer'
          ? 'Bearer'
          : tokenType
        : 'Bearer',
    refreshToken:
      definition.refreshToken === false ? null : tokenOrNull(at(root, definition.refreshToken ?? 'refresh_token')),
    scopes: grantedScopes(body, root, definition, around.scopes),
    expiresAt: expiryOf(definition.expires, root, String(accessToken), sentAt),
    refreshExpiresAt:
      definition.refreshExpires === undefined ? null : expiryOf(definition.refreshExpires, root, '', sentAt),
    named,
    captured: Object.fromEntries(
      Object.entries(definition.capture ?? {}).flatMap(([name, path]) =>
        at(body, path) === undefined ? [] : [[name, at(body, path)]],
      ),
    ),
  }
}

/** What the rest of a definition says about a token answer. */
export interface AnswerContext {
  scopes?: ScopesDefinition
  rateLimit?: ApiDefinition['rateLimit']
}

/** Scopes of every scope parameter, as a connection spells them; null where the answer names none. */
function grantedScopes(
  body: unknown,
  root: unknown,
  definition: TokenResponseDefinition,
  scopes: ScopesDefinition | undefined,
): string[] | null {
  const separator = definition.scopeSeparator ?? ' '
  const main = scopesOf(at(root, definition.scope ?? 'scope'), separator)
  const further = Object.entries(scopes?.extra ?? {}).map(
    ([param, { granted }]) => granted && scopesOf(at(body, granted), separator)?.map((scope) => `${param}:${scope}`),
  )
  return main === null && further.every((list) => !list)
    ? null
    : [...(main ?? []), ...further.flatMap((list) => list || [])]
}

/** Whether `body` (and `status`, where it matters) is what a definition calls success. */
export function holds(condition: Condition | undefined, body: unknown, status = 200): boolean {
  if (condition === undefined) return status < 300
  if (condition.status ? !condition.status.includes(status) : status >= 300) return false
  if (condition.path === undefined) return true
  const value = at(body, condition.path)
  if (condition.absent) return value === undefined || value === null
  if ('equals' in condition) return JSON.stringify(value) === JSON.stringify(condition.equals)
  return value !== undefined && value !== null
}

/** The value at a dotted path; `$` is the whole. Arrays take indexes. */
export function at(value: unknown, path: string): unknown {
  if (path === '$') return value
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key)
          ? (inner as Record<string, unknown>)[key]
          : undefined,
      value,
    )
}

/** Null where the body is neither JSON nor a form. */
export function parseBody(answer: EgressAnswer, definition: { format?: 'json' | 'form' | 'text' } = {}): unknown {
  // A page that came instead of a token has white space in it, or a tag.
  if (definition.format === 'text')
    return answer.status < 300 && !/[\s<]/.test(answer.body.trim()) ? { access_token: answer.body.trim() } : null
  if (definition.format !== 'form') {
    try {
      const value: unknown = JSON.parse(answer.body)
      if (value !== null && typeof value === 'object') return value
    } catch {}
  }
  const type = answer.headers['content-type'] ?? ''
  const looksLikeForm =
    definition.format === 'form' ||
    type.includes('x-www-form-urlencoded') ||
    (type.startsWith('text/plain') && /^[\w.]+=[^\s<]*$/.test(answer.body.trim()))
  return looksLikeForm ? Object.fromEntries(new URLSearchParams(answer.body.trim())) : null
}

function failure(
  answer: EgressAnswer,
  body: unknown,
  definition: TokenResponseDefinition,
  rateLimit: ApiDefinition['rateLimit'],
): TokenFailure {
  const code = at(body, definition.error?.code ?? 'error')
  const said = at(body, definition.error?.message ?? 'error_description')
  const providerError =
    code === undefined || code === null || typeof code === 'object' ? null : plain(String(code), 100)
  const words = providerError
    ? `The provider answered ${providerError}${typeof said === 'string' && said ? `: ${plain(said, 300).replace(/\.$/, '')}` : ''}.`
    : `The provider answered with status ${answer.status}.`
  const retryAfter = pauseOf(answer, rateLimit)
  if (
    answer.status === 429 ||
    ((answer.status === 503 || rateLimit?.statuses.includes(answer.status)) && retryAfter !== null)
  )
    return new TokenFailure('throttled', words, providerError, retryAfter ?? 30)
  if (definition.error?.grantStatuses.includes(answer.status)) return new TokenFailure('grant', words, providerError)
  if (providerError !== null) {
    if (providerError === 'invalid_grant' || definition.error?.grantCodes.includes(providerError))
      return new TokenFailure('grant', words, providerError)
    if (definition.error?.clientCodes.includes(providerError)) return new TokenFailure('client', words, providerError)
    if (providerError === 'server_error' || providerError === 'temporarily_unavailable')
      return new TokenFailure('unknown', words, providerError)
  }
  if (answer.status >= 500) return new TokenFailure('unknown', words, providerError)
  if (answer.status >= 300) return new TokenFailure('client', words, providerError)
  return providerError === null
    ? new TokenFailure('protocol', 'The provider answered with something that is not a token answer.')
    : new TokenFailure('client', words, providerError)
}

/** Seconds that the answer asks to wait, by Retry-After or by the header that the definition names; null where it says nothing. */
export function pauseOf({ headers, status }: EgressAnswer, rateLimit: ApiDefinition['rateLimit']): number | null {
  const standard = retryAfterOf(headers['retry-after'])
  if (standard !== null || !rateLimit?.statuses.includes(status)) return standard
  const value = String(headers[rateLimit.header.toLowerCase()] ?? '')
  if (!/^\d+(\.\d+)?$/.test(value)) return rateLimit.kind === 'at_http_date' && value ? retryAfterOf(value) : null
  return retryAfterOf(
    String(Math.max(1, Math.ceil(rateLimit.kind === 'at_unix' ? Number(value) - Date.now() / 1000 : Number(value)))),
  )
}

/** Seconds, from a number or a date; between 1 s and 1 h; null where it says neither. RFC 9110 §10.2.3. */
export function retryAfterOf(header: string | undefined): number | null {
  if (header === undefined) return null
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return Number.isNaN(seconds) ? null : Math.min(3600, Math.max(1, Math.ceil(seconds)))
}

function expiryOf(expiry: Expiry | undefined, root: unknown, accessToken: string, sentAt: Date): Date | null {
  const definition = expiry ?? { path: 'expires_in', as: 'seconds' as const }
  if (definition === 'never') return null
  if (definition === 'introspect') return new Date(sentAt.getTime() + UNTOLD_LIFE * 1000)
  if (definition === 'jwt_exp') return clamp(jwtExpiry(accessToken), sentAt)
  if ('fixed' in definition) return new Date(sentAt.getTime() + definition.fixed * 1000)
  const value = at(root, definition.path)
  if (value === undefined || value === null || value === '') {
    return typeof definition.otherwise === 'number' ? new Date(sentAt.getTime() + definition.otherwise * 1000) : null
  }
  const number = Number(value)
  switch (definition.as) {
    case 'seconds':
      return clamp(sentAt.getTime() + number * 1000, sentAt)
    case 'milliseconds':
      return clamp(sentAt.getTime() + number, sentAt)
    case 'unix':
      return clamp(number * 1000, sentAt)
    case 'unix_ms':
      return clamp(number, sentAt)
    case 'iso8601':
      return clamp(Date.parse(String(value)), sentAt)
    case 'duration':
      return clamp(sentAt.getTime() + durationOf(String(value)) * 1000, sentAt)
  }
}

/** Within ten years; what is over already counts as a minute; what is no time counts as unknown. */
function clamp(time: number, sentAt: Date): Date | null {
  if (Number.isNaN(time)) return null
  const earliest = sentAt.getTime() + 1000
  return new Date(
    time < earliest ? sentAt.getTime() + SHORTEST_LIFE * 1000 : Math.min(time, sentAt.getTime() + 10 * YEAR * 1000),
  )
}

/** Seconds of an ISO 8601 duration such as P1DT2H, or of h:mm:ss; NaN for what is neither. */
function durationOf(value: string): number {
  const clock = /^(\d+):([0-5]\d):([0-5]\d)(?:\.\d+)?$/.exec(value)
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3])
  const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/.exec(value)
  if (!iso || iso.slice(1).every((part) => part === undefined)) return Number.NaN
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = iso.slice(1).map((part) => Number(part ?? 0))
  return (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds
}

function jwtExpiry(token: string): number {
  try {
    return Number(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).exp) * 1000
  } catch {
    return Number.NaN
  }
}

function scopesOf(value: unknown, separator: string): string[] | null {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string')
  if (typeof value !== 'string') return null
  // Some that ask for scopes with spaces answer with commas.
  return value
    .split(separator === ' ' ? /[\s,]+/ : new RegExp(`[\\s${separator.replace(/[\\\]^-]/g, '\\$&')}]+`))
    .filter(Boolean)
}

/** A token that can be put into a header: visible ASCII, no line break. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TOKEN && /^[\x20-\x7e]+$/.test(value)
}

function tokenOrNull(value: unknown): string | null {
  return isToken(value) ? value : null
}

/** What a provider says, fit for a person: no control characters, no line breaks, not endless. */
export function plain(words: string, longest: number): string {
  return words
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, longest)
}

/** Some providers repeat what they refuse: `words` without the secrets that were sent. */
export function withoutSecrets(words: string, secrets: readonly (string | undefined)[]): string {
  return secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '…') : text), words)
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before they go into Basic. */
function formEncode(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1)
}
