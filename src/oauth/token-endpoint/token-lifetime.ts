/** When a token ends, from what a definition says about the answer. */
import { at } from '../answer/answer-body.js'
import type { Expiry } from '../definition/token-call.js'

const YEAR = 365 * 24 * 3600
/** Seconds that a token gets which claims to be expired on arrival. */
const SHORTEST_LIFE = 60
/** Seconds for which a token is trusted until introspection has answered (introspection.ts). */
const LIFE_BEFORE_INTROSPECTION = 600

/**
 * @param root the part of the answer that holds the token
 * @param sentAt when the request was sent: lifetimes count from there, so that none is overstated
 * @returns null where the token does not end, or its end is unknown
 */
export function expiryOf(expiry: Expiry | undefined, root: unknown, accessToken: string, sentAt: Date): Date | null {
  const definition = expiry ?? { path: 'expires_in', as: 'seconds' as const }
  const sent = sentAt.getTime()
  if (definition === 'never') return null
  if (definition === 'introspect') return new Date(sent + LIFE_BEFORE_INTROSPECTION * 1000)
  if (definition === 'jwt_exp') return clamp(jwtExpiry(accessToken), sent)
  if ('fixed' in definition) return new Date(sent + definition.fixed * 1000)
  const value = at(root, definition.path)
  if (value === undefined || value === null || value === '') {
    return typeof definition.otherwise === 'number' ? new Date(sent + definition.otherwise * 1000) : null
  }
  const number = Number(value)
  switch (definition.as) {
    case 'seconds':
      return clamp(sent + number * 1000, sent)
    case 'milliseconds':
      return clamp(sent + number, sent)
    case 'unix':
      return clamp(number * 1000, sent)
    case 'unix_ms':
      return clamp(number, sent)
    case 'iso8601':
      return clamp(Date.parse(String(value)), sent)
    case 'duration':
      return clamp(sent + durationOf(String(value)) * 1000, sent)
  }
}

/** At most ten years ahead; a time in the past becomes one minute ahead; NaN becomes null. */
function clamp(time: number, sent: number): Date | null {
  if (Number.isNaN(time)) return null
  return new Date(time < sent + 1000 ? sent + SHORTEST_LIFE * 1000 : Math.min(time, sent + 10 * YEAR * 1000))
}

/** Seconds of an ISO 8601 duration such as P1DT2H, or of h:mm:ss; NaN for anything else. */
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
