/** Computes when a token expires, as the definition describes. */
import { at } from '../answer/answer-body.js'
import type { Expiry } from '../definition/token-call.js'

const YEAR = 365 * 24 * 3600
/** Seconds that a token is used whose answer says that it has already expired, where it can be had again. */
const SHORTEST_LIFE = 60
/** Seconds for which a token counts as valid before introspection has returned its expiry (introspection.ts). */
const LIFE_BEFORE_INTROSPECTION = 600

/**
 * Computes the expiry of a token.
 *
 * @param root the part of the answer that holds the token
 * @param sentAt when the request was sent: lifetimes are counted from then, so that none is too long
 * @param renewable whether the token can be had again. One that cannot, and is said to live for 0 seconds or less,
 *   does not end: that is how some providers say so, and RFC 6749 §5.1 knows no other sense of it
 * @returns null where the token does not expire, or its expiry is unknown
 */
export function expiryOf(
  expiry: Expiry | undefined,
  root: unknown,
  accessToken: string,
  sentAt: Date,
  renewable: boolean,
): Date | null {
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
  // A boolean, a list or an object says nothing about time.
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  if (number <= 0 && !renewable) return null
  switch (definition.as) {
    case 'seconds':
      // Nobody means thirty years: it is a point in time, in seconds or milliseconds since 1970.
      return clamp(number > 1e12 ? number : number > 1e9 ? number * 1000 : sent + number * 1000, sent)
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
