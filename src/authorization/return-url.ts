import { ValetkeyError } from '../errors.js'

/** Where a browser may be sent back to. Outside production, loopback addresses are allowed too. */
export interface ReturnRules {
  /** Origins, and schemes of desktop and mobile applications, such as `acme-app:`. */
  allowedOrigins: readonly string[]
  production: boolean
}

/**
 * Checks an address to which a browser is to be sent: its origin, or its own scheme, has to be one of the
 * configuration, or loopback outside production. The origin is compared as a browser reads it. Spellings that
 * programs read differently are refused before: backslashes, white space, control characters, a user before an @, and
 * `..` segments.
 *
 * @param path of the input field, for the error
 * @returns `text` unchanged
 * @throws {ValetkeyError} REDIRECT_NOT_ALLOWED
 */
export function checkedReturnUrl(text: string, path: readonly string[], rules: ReturnRules): string {
  const refused = (reason: string) => new ValetkeyError('REDIRECT_NOT_ALLOWED', reason, path)
  const [, scheme = '', authority = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(text) ?? []
  if (scheme === '' || !URL.canParse(text))
    throw refused('Write this address in full, such as https://app.example.com/path.')
  if (/[\\\s\p{Cc}]|%(0[0-9a-f]|1[0-9a-f]|7f)/iu.test(text))
    throw refused('This address has a backslash, white space or a control character in it.')
  if (authority.includes('@')) throw refused('This address has a user name in it.')
  if (/\/(\.|%2e){1,2}(\/|$)/i.test(text.replace(/[?#].*$/, '')))
    throw refused('This address has . or .. in its path; write where it leads.')
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol)) {
    if (rules.allowedOrigins.includes(url.protocol)) return text
    throw refused(`List ${url.protocol} in VALETKEY_ALLOWED_ORIGINS to return to addresses of this scheme.`)
  }
  if (rules.allowedOrigins.includes(url.origin)) return text
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  // Other spellings of the same number are no habit of anybody's.
  if (!rules.production && isLoopback && authority.toLowerCase().startsWith(url.hostname)) return text
  throw refused(`List ${url.origin} in VALETKEY_ALLOWED_ORIGINS to return there.`)
}

/**
 * Adds query parameters to a URL. Its own query stays as it is, byte for byte, but for parameters of these names. Null
 * values are not added.
 */
export function withOutcome(returnUrl: string, outcome: Record<string, string | null>): string {
  const url = new URL(returnUrl)
  const added = Object.entries(outcome).filter((pair): pair is [string, string] => pair[1] !== null)
  const own = url.search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !added.some(([name]) => [...new URLSearchParams(part).keys()].includes(name)))
  url.search = [...own, ...added.map((pair) => new URLSearchParams([pair]).toString())].join('&')
  return url.href
}
