import { ValetkeyError } from '../errors.js'

/** Origins that a browser may be sent back to. Outside production, loopback addresses are allowed too. */
export interface ReturnRules {
  allowedOrigins: readonly string[]
  production: boolean
}

/**
 * Checks an address to which a browser is to be sent: its origin has to be one of the configuration, or
 * loopback outside production. A spelling that browsers normalise (backslashes, control characters, user
 * information before an @, `..` segments) is refused before the origin is compared.
 *
 * @param path of the input field, for the error
 * @returns `text` unchanged
 * @throws {ValetkeyError} REDIRECT_NOT_ALLOWED
 */
export function checkedReturnUrl(text: string, path: readonly string[], rules: ReturnRules): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isNormalised =
    url !== null &&
    (url.href === text || url.href === `${text}/`) &&
    !/%(0|1|7f)/i.test(text) &&
    !text.includes('@') &&
    !text.includes('\\')
  // A blob: address has the origin of a page, and is none.
  if (url && isNormalised && /^https?:$/.test(url.protocol)) {
    if (rules.allowedOrigins.includes(url.origin)) return text
    if (!rules.production && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return text
  }
  throw new ValetkeyError(
    'REDIRECT_NOT_ALLOWED',
    'This address may not be returned to. Write it in full (https://app.example.com/path), ' +
      'and list its origin in VALETKEY_ALLOWED_ORIGINS.',
    path,
  )
}

/** Adds query parameters to a URL; its other parameters stay. Null values are not added. */
export function withOutcome(returnUrl: string, outcome: Record<string, string | null>): string {
  const url = new URL(returnUrl)
  for (const [name, value] of Object.entries(outcome)) if (value !== null) url.searchParams.set(name, value)
  return url.href
}
