/** Reads how long a provider demands to wait. */
import { clock } from '../../clock.js'
import type { EgressAnswer } from '../../egress/exchange.js'
import type { ApiDefinition } from '../definition/api-call.js'

/** Seconds, from Retry-After or from the header that the definition names; null where there is neither. */
export function pauseOf({ headers, status }: EgressAnswer, rateLimit: ApiDefinition['rateLimit']): number | null {
  const standard = retryAfterOf(headers['retry-after'])
  if (standard !== null || !rateLimit?.statuses.includes(status)) return standard
  const value = String(headers[rateLimit.header.toLowerCase()] ?? '')
  if (!/^\d+(\.\d+)?$/.test(value)) return rateLimit.kind === 'at_http_date' && value ? retryAfterOf(value) : null
  return retryAfterOf(
    String(Math.max(1, Math.ceil(rateLimit.kind === 'at_unix' ? Number(value) - clock.seconds() : Number(value)))),
  )
}

/** RFC 9110 §10.2.3: seconds or a date. Limited to between 1 s and 1 h; null for any other value. */
function retryAfterOf(header: string | undefined): number | null {
  if (header === undefined) return null
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : Date.parse(header) / 1000 - clock.seconds()
  return Number.isNaN(seconds) ? null : Math.min(3600, Math.max(1, Math.ceil(seconds)))
}
