/**
 * Templates of connector definitions: text with placeholders such as `{namespace.name}`, here called holes. They
 * have no loops, conditions or code.
 *
 *   {a.x ?? b.y ?? 'literal'}         the first value that is not empty
 *   {a.x + ':' + a.y | base64}        joined, then filtered
 *   {a.x | hmac_sha256:a.key | hex}   a filter's argument is a name, or a literal in quotes
 *
 * A brace is plain text unless a letter or a quote follows it directly.
 */
import { createHash, createHmac, createPublicKey } from 'node:crypto'
import { BoundedCache } from '../bounded-cache.js'
import { ValetkeyError } from '../errors.js'
import { readPrivateKey } from './signing/private-key.js'

/** The values for the holes: `{ account: { subdomain: 'acme' }, … }`. A function is called for each use. */
export type TemplateScope = Record<string, unknown>

type Term = { literal: string } | { name: string[] }
interface Hole {
  /** The first one that is not empty is used; each is a concatenation. */
  alternatives: Term[][]
  filters: { name: string; argument?: Term }[]
}
/** A parsed template. */
export interface Template {
  source: string
  parts: (string | Hole)[]
  /** Whether it reads `{request.…}`. Stored here because every token query needs it. */
  readsRequest: boolean
}

/** The filters. Between filters, bytes stay bytes; a result that is still bytes is rendered as hexadecimal. */
const FILTERS: Record<string, (value: unknown, argument?: string) => unknown> = {
  base64: (value) => bytes(value).toString('base64'),
  base64url: (value) => bytes(value).toString('base64url'),
  hex: (value) => bytes(value).toString('hex'),
  upper: (value) => text(value).toUpperCase(),
  lower: (value) => text(value).toLowerCase(),
  urlencode: (value) => encodeURIComponent(text(value)),
  join: (value, separator = ' ') => (Array.isArray(value) ? value.map(text).join(separator) : text(value)),
  /** The text before the first, or after the last, occurrence of the argument; all of it if there is none. */
  before: (value, mark = ':') => text(value).split(mark)[0],
  after: (value, mark = ':') => text(value).split(mark).at(-1),
  sha256: (value) => createHash('sha256').update(bytes(value)).digest(),
  hmac_sha256: (value, key = '') => createHmac('sha256', key).update(bytes(value)).digest(),
  /** SHA-256 of the public half of a private key in PEM, as Snowflake demands; the argument is the passphrase. */
  spkiSha256Base64: (value, passphrase) => {
    const publicKey = createPublicKey(readPrivateKey(text(value), passphrase))
    return createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64')
  },
  /** A Unix time in seconds, written in UTC; the pattern may hold yyyy, MM, dd, HH, mm and ss. */
  date: (value, pattern = 'yyyy-MM-dd') => {
    const [day = '', time = ''] = new Date(Number(value) * 1000).toISOString().split(/[T.]/)
    const [yyyy, MM, dd] = day.split('-')
    const [HH, mm, ss] = time.split(':')
    const parts: Record<string, string | undefined> = { yyyy, MM, dd, HH, mm, ss }
    return pattern.replace(/yyyy|MM|dd|HH|mm|ss/g, (part) => parts[part] ?? part)
  },
}

/** What the argument of a filter may be that puts it into the result. */
const PATTERNS: Record<string, RegExp> = {
  date: /^(yyyy|MM|dd|HH|mm|ss|[-_.:,/ TZ]){1,12}$/,
  join: /^[ ,;|+&]{0,2}$/,
}

/** Thrown for a template with a syntax error, when a definition is loaded. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}

/** The templates of calls: all that are shipped fit in several times. */
export const usedTemplates = new BoundedCache<Template>(20_000, 2_000_000)

/** The parsed template that a call uses: it will be used again, and is kept. @throws {TemplateError} */
export function templateOf(source: string): Template {
  return usedTemplates.get(source, () => parseTemplate(source))
}

/** Parses a template, and keeps nothing: it may be of a definition that is only looked at. @throws {TemplateError} */
function parseTemplate(source: string): Template {
  const parts: (string | Hole)[] = []
  let end = 0
  for (const match of source.matchAll(/\{(?=[A-Za-z'])((?:[^{}']|'[^']*')*)\}/g)) {
    if (match.index > end) parts.push(source.slice(end, match.index))
    parts.push(parseHole(match[1] as string, source))
    end = match.index + match[0].length
  }
  if (end < source.length) parts.push(source.slice(end))
  for (const part of parts) {
    if (typeof part === 'string' && /\{[A-Za-z']/.test(part))
      throw new TemplateError(`${source}: a brace is not closed`)
  }
  return { source, parts, readsRequest: namesIn(parts).some((name) => name.startsWith('request.')) }
}

/** Whether a text can be parsed: what is wrong with one that cannot is said where its names are checked. */
export function isTemplate(source: string): boolean {
  try {
    parseTemplate(source)
    return true
  } catch (error) {
    if (error instanceof TemplateError) return false
    throw error
  }
}

function parseHole(hole: string, source: string): Hole {
  const tokens = hole.match(/'[^']*'|\?\?|[+|]|:'[^']*'|:[A-Za-z][\w.]*|[A-Za-z][\w.]*|\S/g) ?? []
  const alternatives: Term[][] = [[]]
  const filters: Hole['filters'] = []
  let expectTerm = true
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as string
    if (token === '|') {
      const name = tokens[++i] ?? ''
      if (!Object.hasOwn(FILTERS, name))
        throw new TemplateError(`${source}: there is no filter ${name}; there are ${Object.keys(FILTERS).join(', ')}`)
      const word = tokens[i + 1]?.startsWith(':') ? (tokens[++i] as string).slice(1) : undefined
      const argument = word === undefined ? undefined : termOf(word, source)
      assertNoText(name, argument, source)
      filters.push({ name, ...(argument === undefined ? {} : { argument }) })
    } else if (filters.length > 0) throw new TemplateError(`${source}: nothing may follow a filter but a filter`)
    else if (token === '??' || token === '+') {
      if (expectTerm) throw new TemplateError(`${source}: ${token} has nothing before it`)
      if (token === '??') alternatives.push([])
      expectTerm = true
    } else {
      if (!expectTerm) throw new TemplateError(`${source}: ${token} stands without ?? or + before it`)
      alternatives.at(-1)?.push(termOf(token, source))
      expectTerm = false
    }
  }
  if (expectTerm) throw new TemplateError(`${source}: a hole ends without a name`)
  return { alternatives, filters }
}

/**
 * What the author writes stands in the template as such, where whoever checks a definition reads it. A filter makes
 * something of a value, and no text of its own: its argument is a pattern, a separator or a key.
 *
 * @throws {TemplateError}
 */
function assertNoText(filter: string, argument: Term | undefined, source: string) {
  const allowed = PATTERNS[filter]
  if (!allowed || argument === undefined) return
  if (!('literal' in argument) || !allowed.test(argument.literal))
    throw new TemplateError(`${source}: the argument of ${filter} is not one that it takes`)
}

function termOf(token: string, source: string): Term {
  if (!/^('[^']*'|[A-Za-z]\w*(\.\w+)*)$/.test(token)) throw new TemplateError(`${source}: ${token} is not a name`)
  return token.startsWith("'") ? { literal: token.slice(1, -1) } : { name: token.split('.') }
}

/** Every name that the template reads, such as `account.subdomain`. @throws {TemplateError} */
export function templateNames(source: string): string[] {
  return namesIn(parseTemplate(source).parts)
}

/** Filters from whose result nobody gets back to the value, nor to the argument. */
const ONE_WAY = new Set(['sha256', 'hmac_sha256', 'spkiSha256Base64'])

/** Filters that keep the whole of a value. */
const WHOLE = new Set(['base64', 'base64url', 'hex', 'urlencode'])

/**
 * The names whose values can be read from what the template renders: not those that only a digest is made of. A digest
 * of a part of a value, such as its first character, can be guessed: it hides nothing.
 */
export function readableNames(source: string): string[] {
  return namesIn(
    parseTemplate(source).parts.filter((part) => {
      if (typeof part === 'string') return false
      const decisive = part.filters.find(({ name }) => !WHOLE.has(name))
      return decisive === undefined || !ONE_WAY.has(decisive.name)
    }),
  )
}

/** Filters whose result is ASCII, whatever goes in. */
const TO_ASCII = new Set(['base64', 'base64url', 'hex', 'urlencode', ...ONE_WAY])

/** The names whose values stand in what the template renders as they are, with all their characters. */
export function plainNames(source: string): string[] {
  return namesIn(
    parseTemplate(source).parts.filter(
      (part) => typeof part === 'string' || !part.filters.some(({ name }) => TO_ASCII.has(name)),
    ),
  )
}

/** The names that stand before the colon of a user name and a password (RFC 7617 §2). */
export function userNames(source: string): string[] {
  return parseTemplate(source).parts.flatMap((part) =>
    typeof part === 'string' || !part.filters.some(({ name }) => name === 'base64')
      ? []
      : part.alternatives.flatMap((terms) => {
          const colon = terms.findIndex((term) => 'literal' in term && term.literal.includes(':'))
          return terms.slice(0, Math.max(0, colon)).flatMap((term) => ('name' in term ? [term.name.join('.')] : []))
        }),
  )
}

function namesIn(parts: Template['parts']): string[] {
  return parts.flatMap((part) => {
    if (typeof part === 'string') return []
    const terms = [...part.alternatives.flat(), ...part.filters.flatMap(({ argument }) => argument ?? [])]
    return terms.flatMap((term) => ('name' in term ? [term.name.join('.')] : []))
  })
}

/** Renders a template with the values of `scope`; a missing value is rendered as empty text. */
export function render(source: string, scope: TemplateScope): string {
  return templateOf(source)
    .parts.map((part) => (typeof part === 'string' ? part : fill(part, scope)))
    .join('')
}

/** Renders every string inside a JSON value. A string that is a single hole keeps the type of its value. */
export function renderJson(value: unknown, scope: TemplateScope): unknown {
  if (typeof value === 'string') {
    const [only, ...rest] = templateOf(value).parts
    if (typeof only === 'object' && rest.length === 0 && only.filters.length === 0) return first(only, scope) ?? ''
    return render(value, scope)
  }
  if (Array.isArray(value)) return value.map((item) => renderJson(item, scope))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renderJson(item, scope)]))
  return value
}

/**
 * Renders an address. A value is percent-encoded as its position requires. In the host it may have only the
 * characters of a host name, so that no slash, @ or port in a value can change where the request is sent. A hole
 * at the start is a whole address from the provider, such as Salesforce's `instance_url`. The address is judged as it
 * was rendered.
 *
 * @param trusted globs of hosts (`*.zendesk.com`) that an address with a hole in its host may have
 * @throws {ValetkeyError} BAD_USER_INPUT for a value that does not fit; EGRESS_BLOCKED for a host that
 *   is not trusted
 */
export function renderUrl(source: string, scope: TemplateScope, trusted: readonly string[]): URL {
  const template = templateOf(source)
  let address = ''
  for (const part of template.parts) {
    if (typeof part === 'string') {
      address += part
      continue
    }
    const value = fill(part, scope)
    if (address === '') {
      address = value.replace(/\/+$/, '')
      if (/[?#]/.test(address))
        throw new ValetkeyError(
          'BAD_USER_INPUT',
          `The address ${source} starts with a value that has a query or a fragment.`,
        )
    } else if (/^[a-z]+:\/\/[^/?#]*$/i.test(address)) {
      if (!/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(value) || value.includes('..'))
        throw new ValetkeyError(
          'BAD_USER_INPUT',
          `The address ${source} needs a host name where it says ${holeName(part)}; the value there is not one.`,
        )
      address += value
    } else address += address.includes('?') ? encodeURIComponent(value) : encodeSegment(value)
  }
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url || url.username || url.password || !/^https?:$/.test(url.protocol))
    throw new ValetkeyError(
      'BAD_USER_INPUT',
      `The address ${source} did not become a whole address: a value in it is missing or not fit.`,
    )
  const isTrusted =
    url.origin === originOf(template) ||
    trusted.some((glob) => hostMatches(url.hostname, glob)) ||
    isKnownOrigin(url, scope)
  if (!isTrusted)
    throw new ValetkeyError(
      'EGRESS_BLOCKED',
      `The host ${url.hostname} is not one that this connector trusts (${trusted.join(', ') || 'it names none'}).`,
    )
  return url
}

/**
 * The origin that the author of an address wrote out, with nothing in it for a value to change.
 *
 * Only the plain form counts. Others mean the same to a browser, and something else to who reads them: further slashes,
 * backslashes, white space, a user name (WHATWG URL, host parsing).
 *
 * @returns null where a value decides it, or where it is not written in the plain form
 */
export function writtenOrigin(source: string): string | null {
  return originOf(parseTemplate(source))
}

function originOf({ source, parts }: Template): string | null {
  const [beginning] = parts
  if (typeof beginning !== 'string') return null
  const [, origin = '', end] = /^(https?:\/\/[A-Za-z0-9.\-_:[\]]+)([/?#]|$)/.exec(beginning) ?? []
  // What follows directly on a host is a part of it.
  if (end === '' && beginning !== source) return null
  return URL.canParse(origin) ? new URL(origin).origin : null
}

/** RFC 3986 §3.3 allows : and @ in a path segment, and some providers accept them only unencoded. */
function encodeSegment(value: string): string {
  return encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%40', '@')
}

function hostMatches(host: string, glob: string): boolean {
  return glob.startsWith('*.') ? host.endsWith(glob.slice(1)) : glob === '*' || host === glob
}

/**
 * Whether the address is at this server, or where the provider's metadata say, whose own address was checked when
 * they were read. The rendered address is judged, not the template: a filter may have made something else of it.
 */
function isKnownOrigin(url: URL, { server, discovered }: TemplateScope): boolean {
  return [server, discovered]
    .flatMap((values) => Object.values((values ?? {}) as Record<string, unknown>))
    .some((value) => typeof value === 'string' && URL.canParse(value) && new URL(value).origin === url.origin)
}

function fill(hole: Hole, scope: TemplateScope): string {
  const value = first(hole, scope)
  if (hole.filters.length === 0) return text(value)
  return text(
    hole.filters.reduce<unknown>(
      (result, { name, argument }) => FILTERS[name]?.(result, argument && text(resolve(argument, scope))),
      value,
    ),
  )
}

function first(hole: Hole, scope: TemplateScope): unknown {
  for (const terms of hole.alternatives) {
    const values = terms.map((term) => resolve(term, scope))
    if (
      values.length === 1
        ? !isEmpty(values[0]) || isLiteral(terms[0])
        : values.every((value, i) => !isEmpty(value) || isLiteral(terms[i]))
    ) {
      return values.length === 1 ? values[0] : values.map(text).join('')
    }
  }
  return undefined
}

function resolve(term: Term, scope: TemplateScope): unknown {
  if ('literal' in term) return term.literal
  const value = term.name.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key)
        ? (inner as TemplateScope)[key]
        : undefined,
    scope,
  )
  return typeof value === 'function' ? value() : value
}

function isLiteral(term: Term | undefined): boolean {
  return term !== undefined && 'literal' in term
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function holeName(hole: Hole): string {
  return hole.alternatives
    .flat()
    .map((term) => ('name' in term ? `{${term.name.join('.')}}` : `'${term.literal}'`))
    .join(' or ')
}

function bytes(value: unknown): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(text(value))
}

function text(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Buffer.isBuffer(value)) return value.toString('hex')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
