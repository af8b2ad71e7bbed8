/**
 * Reads a token endpoint's answer (RFC 6749 §5). Sending the request is separate, so that an answer can be stored
 * before it is parsed.
 */
import type { EgressAnswer } from '../../egress/exchange.js'
import { at, holds, parseBody, valuesAt, wholeParts } from '../answer/answer-body.js'
import { valueIn } from '../answer/broken-json.js'
import type { ApiDefinition } from '../definition/api-call.js'
import type { ScopesDefinition } from '../definition/redirect.js'
import { type Expiry, placeUnder, type TokenResponseDefinition } from '../definition/token-call.js'
import { textsIn } from './sent-secrets.js'
import { failureOf, TokenFailure } from './token-failure.js'
import { expiryOf } from './token-lifetime.js'
import type { NamedToken, TokenSet } from './token-set.js'

const LONGEST_TOKEN = 64 * 1024

/** Other parts of the definition that are needed to read a token answer. */
export interface AnswerContext {
  scopes?: ScopesDefinition
  rateLimit?: ApiDefinition['rateLimit']
  /** Whether the token can be had again without the user, also where this answer has no refresh token. */
  renewable?: boolean
  /** Whether the provider may have ended the tokens of before with this answer: no other one brings new ones. */
  isOnlyCopy?: boolean
}

/**
 * Reads the tokens of an answer.
 *
 * @param sentAt when the request was sent: lifetimes are counted from then, so that none is too long
 * @throws {TokenFailure} for an answer without a token
 */
export function readTokenAnswer(
  answer: EgressAnswer,
  definition: TokenResponseDefinition,
  sentAt: Date,
  context: AnswerContext = {},
): TokenSet {
  const body = answer.isBroken ? null : parseBody(answer, definition)
  const isSuccess =
    body !== null && answer.status < 300 && holds(definition.ok, body) && !isErrorWithStatus200(body, definition)
  try {
    if (isSuccess) return assertWhole(tokensOf(body, definition, sentAt, context), body, definition, context)
    const rescued = context.isOnlyCopy ? bodyWithBothTokens(answer, body, definition) : null
    if (rescued !== null) return tokensOf(rescued, definition, sentAt, context)
    // A definition may name any place of the answer as its error: the tokens in it are for nobody to read there.
    throw failureOf(answer, body, definition, context.rateLimit).without(tokensIn(body))
  } catch (error) {
    const isMisread = error instanceof TokenFailure && (error.type === 'protocol' || error.type === 'rejected')
    const mayHoldTokens = body === null ? looksLikeTokens(answer.body) : tokensIn(body).length > 0
    if (isMisread && context.isOnlyCopy && answer.status < 300 && mayHoldTokens)
      throw new TokenFailure('unreadable', UNREADABLE, null, null, error)
    throw error
  }
}

const UNREADABLE =
  "The provider's answer has tokens, but not where the connector's definition looks for them. " +
  "Correct `token.response` in the connector's definition."

/**
 * A refresh token that the definition does not find would be lost, and the used one kept in its place.
 *
 * @throws {TokenFailure} unreadable
 */
function assertWhole(
  tokens: TokenSet,
  body: unknown,
  { refreshToken }: TokenResponseDefinition,
  { isOnlyCopy }: AnswerContext,
): TokenSet {
  if (!isOnlyCopy || tokens.refreshToken !== null || refreshToken === false) return tokens
  const known = Object.values(tokens.named).map(({ refresh }) => refresh)
  const isElsewhere = textsIn(body).some(
    ([name, text]) => /^refresh_?token$/i.test(name) && text !== '' && !known.includes(text),
  )
  if (isElsewhere) throw new TokenFailure('unreadable', UNREADABLE)
  return tokens
}

/**
 * A provider that has sent both tokens has ended the old ones with them, whatever else is wrong with its answer: the
 * status, the framing, a warning in front of it.
 *
 * @returns null where it says that there is an error, or where one of the tokens is missing
 */
function bodyWithBothTokens(answer: EgressAnswer, parsed: unknown, definition: TokenResponseDefinition): unknown {
  if (definition.refreshToken === false || definition.format === 'text') return null
  const candidates = [parsed, wholeParts(answer, definition), ...(parsed === null ? [spelled(answer, definition)] : [])]
  return candidates.find((body) => body !== null && hasBothTokens(body, definition)) ?? null
}

function hasBothTokens(body: unknown, definition: TokenResponseDefinition): boolean {
  const { ok, error } = definition
  const [access, refresh] = places(definition)
  return (
    holds(ok && { ...ok, status: undefined }, body) &&
    isNothing(at(body, error?.code ?? 'error')) &&
    isToken(trimmed(at(body, access))) &&
    refreshTokenOf(at(body, refresh)) !== null
  )
}

/** Some providers always have an error in their answer, which is empty where there is none. */
function isNothing(value: unknown): boolean {
  return !value || value === '0' || (typeof value === 'object' && Object.keys(value).length === 0)
}

/** Where the answer has the access token and the refresh token. */
function places({ root, accessToken = 'access_token', refreshToken }: TokenResponseDefinition): [string, string] {
  return [placeUnder(root, accessToken), placeUnder(root, refreshToken || 'refresh_token')]
}

/** Both tokens by their names, wherever they stand in what no parser takes; null where they cannot be told. */
function spelled({ body }: EgressAnswer, definition: TokenResponseDefinition): unknown {
  const [access, refresh] = places(definition).map((place) => {
    const value = valueIn(body, place.split('.').at(-1) as string)
    return value === null ? null : placed(place, value)
  })
  return access && refresh ? merged(access, refresh) : null
}

/** An object that has the value at the path. */
function placed(path: string, value: unknown): Record<string, unknown> {
  const [first = '', ...rest] = path.split('.')
  return { [first]: rest.length === 0 ? value : placed(rest.join('.'), value) }
}

function merged(one: Record<string, unknown>, other: Record<string, unknown>): Record<string, unknown> {
  const inner = Object.entries(other).map(([key, value]): [string, unknown] => [
    key,
    isObject(value) && isObject(one[key]) ? merged(one[key], value) : value,
  ])
  return { ...one, ...Object.fromEntries(inner) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object'
}

/** Whether a body that nobody can parse names tokens, as no page about an outage does. */
function looksLikeTokens(body: string): boolean {
  return /access_?token["']?\s*[:=]/i.test(body) && /refresh_?token["']?\s*[:=]/i.test(body)
}

function tokensOf(body: unknown, definition: TokenResponseDefinition, sentAt: Date, context: AnswerContext): TokenSet {
  const root = definition.root ? at(body, definition.root) : body
  const accessToken = trimmed(at(root, definition.accessToken ?? 'access_token'))
  const named = namedTokens(body, definition, sentAt)
  // A main token may be missing where there is a named one. If it is there, it has to be usable.
  if (!isToken(accessToken) && ((accessToken !== undefined && accessToken !== null) || Object.keys(named).length === 0))
    throw new TokenFailure('protocol', 'The provider answered without a usable access token.')
  const refreshToken =
    definition.refreshToken === false ? null : refreshTokenOf(at(root, definition.refreshToken ?? 'refresh_token'))
  const renewable = context.renewable === true || refreshToken !== null
  return {
    accessToken: isToken(accessToken) ? accessToken : '',
    tokenType: tokenTypeOf(at(root, 'token_type')),
    refreshToken,
    scopes: grantedScopes(body, root, definition, context.scopes),
    expiresAt: expiryOf(definition.expires, root, String(accessToken), sentAt, renewable),
    refreshExpiresAt: expiryOf(definition.refreshExpires ?? usualRefreshExpiry(root), root, '', sentAt, false),
    named,
    captured: valuesAt(body, definition.capture),
  }
}

/** Names under which providers say how long a refresh token lasts: no standard has one. */
const REFRESH_LIFETIMES = [
  'refresh_token_expires_in',
  'refresh_expires_in',
  'x_refresh_token_expires_in',
  'refreshTokenExpiresIn',
]

function usualRefreshExpiry(root: unknown): Expiry {
  const path = REFRESH_LIFETIMES.find((name) => at(root, name) !== undefined)
  return path === undefined ? 'never' : { path, as: 'seconds' }
}

/** No token begins or ends with white space: it could not be sent in a header. */
function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value
}

/** Names under which answers have what is secret. */
const SECRET_NAMES = /token|secret|password|passwd|credential|assertion|api_?key|private|signature|code_verifier/i

/** The texts of an answer that may be secret, by their names. */
function tokensIn(body: unknown): string[] {
  return textsIn(body).flatMap(([name, text]) =>
    SECRET_NAMES.test(name) && text.length >= 8 && !/^[a-z_ ]+$/.test(text) ? [text] : [],
  )
}

/** Some providers answer errors with status 200, although their definition has no condition for success. */
function isErrorWithStatus200(body: unknown, { ok, error, accessToken }: TokenResponseDefinition): boolean {
  return (
    ok === undefined &&
    at(body, error?.code ?? 'error') !== undefined &&
    at(body, accessToken ?? 'access_token') === undefined
  )
}

function namedTokens(body: unknown, definition: TokenResponseDefinition, sentAt: Date): Record<string, NamedToken> {
  const tokens: Record<string, NamedToken> = {}
  for (const [name, part] of Object.entries(definition.named ?? {})) {
    const root = part.root ? at(body, part.root) : body
    const access = at(root, part.accessToken ?? 'access_token')
    const refresh = refreshTokenOf(at(root, part.refreshToken ?? 'refresh_token'))
    if (isToken(access))
      tokens[name] = { access, refresh, expiresAt: expiryOf(part.expires, root, access, sentAt, refresh !== null) }
    else if (!part.optional) throw new TokenFailure('protocol', `The provider's answer lacks the ${name} token.`)
  }
  return tokens
}

/** RFC 6749 §7.1; the value is case-insensitive, and `Bearer` where there is none. */
function tokenTypeOf(type: unknown): string {
  if (typeof type !== 'string' || type === '' || type.toLowerCase() === 'bearer') return 'Bearer'
  if (type.toLowerCase() === 'mac')
    throw new TokenFailure('protocol', 'The provider gave a token of type mac, which cannot be sent as it is.')
  return type
}

/** Scopes of every scope parameter, in the connection's spelling; null where the answer has none. */
function grantedScopes(
  body: unknown,
  root: unknown,
  definition: TokenResponseDefinition,
  scopes: ScopesDefinition | undefined,
): string[] | null {
  const separator = definition.scopeSeparator
  const main = listedScopes(at(root, definition.scope ?? 'scope'), separator)
  const further = Object.entries(scopes?.extra ?? {}).map(
    ([param, { granted }]) =>
      granted && listedScopes(at(body, granted), separator)?.map((scope) => `${param}:${scope}`),
  )
  return main === null && further.every((list) => !list)
    ? null
    : [...(main ?? []), ...further.flatMap((list) => list || [])]
}

/** The scopes of a list, or of a text with a separator between them; null for anything else. */
export function listedScopes(value: unknown, separator = ' '): string[] | null {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string')
  if (typeof value !== 'string') return null
  // Some providers take scopes separated by spaces and answer with commas.
  return value
    .split(separator === ' ' ? /[\s,]+/ : new RegExp(`[\\s${separator.replace(/[\\\]^-]/g, '\\$&')}]+`))
    .filter(Boolean)
}

/** Printable ASCII of a sensible length, so that it can be sent in a header. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TOKEN && /^[\x20-\x7e]+$/.test(value)
}

/**
 * A refresh token goes back in a body, as it came: whatever it is made of, the one before it may have ended with it.
 *
 * @returns null where there is none
 */
function refreshTokenOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}
