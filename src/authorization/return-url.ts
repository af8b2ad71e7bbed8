import { ValetkeyError } from '../errors.js'

/** Origins that a browser may be sent back to; loopback ones besides, outside production. */
export interface ReturnRules {
  allowedOrigins: readonly string[]
  production: boolean
}

/**
 * Where a browser may be sent after an authorization: an exact origin from the configuration, or
 * loopback outside production. The text must be what it seems: a spelling that a browser would read
 * differently from how it looks (backslashes, control characters, another user's name before an @,
 * dots that climb) is refused whole, before any rule is asked.
 *
 * @throws {ValetkeyError} REDIRECT_NOT_ALLOWED
 */
export function checkedReturnUrl(text: string, path: readonly string[], rules: ReturnRules): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const asItSeems =
    url !== null &&
    (url.href === text || url.href === `${text}/`) &&
    !/%(0|1|7f)/i.test(text) &&
    !text.includes('@') &&
    !text.includes('\\')
  if (url && asItSeems) {
    if (rules.allowedOrigins.includes(url.origin)) return text
    if (
      !rules.production &&
      /^https?:$/.test(url.protocol) &&
      ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
    )
      return text
  }
  throw new ValetkeyError(
    'REDIRECT_NOT_ALLOWED',
    `This address may not be returned to. Write it in full (https://app.example.com/path), and list its origin in VALETKEY_ALLOWED_ORIGINS.`,
    path,
  )
}

/** `returnUrl` with the outcome added; what it had of its own stays. */
export function withOutcome(returnUrl: string, outcome: Record<string, string | null>): string {
  const url = new URL(returnUrl)
  for (const [name, value] of Object.entries(outcome)) if (value !== null) url.searchParams.set(name, value)
  return url.href
}
