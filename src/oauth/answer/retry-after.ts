/** How long a provider asks to be left alone. */
import type { EgressAnswer } from '../../egress/exchange.js'
import type { ApiDefinition } from '../definition/api-call.js'

/** Seconds, from Retry-After or from the header that the definition names; null where neither says. */
export function pauseOf({ headers, status }: EgressAnswer, rateLimit: ApiDefinition['rateLimit']): number | null {
  const standard = retryAfterOf(headers['retry-after'])
  if (standard !== null || !rateLimit?.statuses.includes(status)) return standard
  const value = String(headers[rateLimit.header.toLowerCase()] ?? '')
  if (!/^\d+(\.\d+)?$/.test(value)) return rateLimit.kind === 'at_http_date' && value ? retryAfterOf(value) : null
  return retryAfterOf(
    String(Math.max(1, Math.ceil(rateLimit.kind === 'at_unix' ? Number(value) - Date.now() / 1000 : Number(value)))),
  )
}

/** RFC 9110 §10.2.3: seconds or a date. Kept between 1 s and 1 h; null where it is neither. */
function retryAfterOf(header: string | undefined): number | null {
  if (header === undefined) return null
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return Number.isNaN(seconds) ? null : Math.min(3600, Math.max(1, Math.ceil(seconds)))
}
