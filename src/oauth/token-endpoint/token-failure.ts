/** Why a provider returned no token: whose fault it is, and whether to try again. */
import { type EgressAnswer, Unreachable } from '../../egress/exchange.js'
import { at } from '../answer/answer-body.js'
import { appendix, plain, withoutSecrets } from '../answer/provider-text.js'
import { pauseOf } from '../answer/retry-after.js'
import type { ApiDefinition } from '../definition/api-call.js'
import type { TokenResponseDefinition } from '../definition/token-call.js'

/**
 * - `grant`: the grant has ended; only the user can renew it
 * - `client`: the provider refuses the app itself; the connection is at fault
 * - `rejected`: the provider refuses the request, and does not say whether the grant or the app is the reason
 * - `throttled`: too many requests; `retryAfter` is the time to wait
 * - `not_sent`: the request never arrived
 * - `unknown`: the provider may have processed the request, or not
 * - `protocol`: the answer is not a valid one of the protocol
 * - `unreadable`: the answer has tokens, but not where the definition looks for them: the definition is at fault
 */
export type FailureType =
  | 'grant'
  | 'client'
  | 'rejected'
  | 'throttled'
  | 'not_sent'
  | 'unknown'
  | 'protocol'
  | 'unreadable'

/** The code of a grant that cannot be renewed: nobody has asked the provider. */
export const NO_REFRESH_TOKEN = 'no_refresh_token'

/** Thrown where a call of a provider failed. */
export class TokenFailure extends Error {
  override readonly name = 'TokenFailure'
  /**
   * @param message a sentence without secrets
   * @param providerError the provider's own code, verbatim, such as invalid_grant
   * @param retryAfter seconds
   */
  constructor(
    readonly type: FailureType,
    message: string,
    readonly providerError: string | null = null,
    readonly retryAfter: number | null = null,
    cause?: unknown,
  ) {
    super(message, { cause })
  }

  /** The same failure, without the secrets that the provider's words or its code repeat. */
  without(secrets: readonly (string | undefined)[]): TokenFailure {
    const code = this.providerError && withoutSecrets(this.providerError, secrets)
    return new TokenFailure(this.type, withoutSecrets(this.message, secrets), code, this.retryAfter, this.cause)
  }

  /** Whether the provider was not asked, since there is nothing to renew the token by. */
  get isOurs(): boolean {
    return this.providerError === NO_REFRESH_TOKEN
  }

  /** Whether the provider got the request, and no whole answer came back: it may have carried it out. */
  get isCutOff(): boolean {
    return this.cause instanceof Unreachable && this.cause.sent
  }

  /** Whether the provider gave no verdict, and may give one soon. */
  get isOutage(): boolean {
    return this.type === 'not_sent' || this.type === 'unknown' || this.type === 'throttled'
  }

  /** Whether no answer came in time: the provider may still be working on the request. */
  get timedOut(): boolean {
    return this.cause instanceof Unreachable && this.cause.timedOut
  }
}

/** Classifies an answer without a token. @param body null where it could not be parsed */
export function failureOf(
  answer: EgressAnswer,
  body: unknown,
  { error }: TokenResponseDefinition,
  rateLimit: ApiDefinition['rateLimit'],
): TokenFailure {
  const { status } = answer
  const code = at(body, error?.code ?? 'error')
  const providerError =
    code === undefined || code === null || typeof code === 'object' ? null : plain(String(code), 100)
  const sentence = providerError
    ? `The provider answered ${providerError}${appendix(at(body, error?.message ?? 'error_description'), 300)}.`
    : `The provider answered with status ${status}.`
  const failure = (type: FailureType) => new TokenFailure(type, sentence, providerError)
  const retryAfter = pauseOf(answer, rateLimit)
  if (isThrottled(answer, sentence, providerError, retryAfter, rateLimit))
    return new TokenFailure('throttled', sentence, providerError, retryAfter ?? USUAL_PAUSE)
  // Told to come again later, and not why: that may be this account's affair alone.
  if (providerError === 'slow_down' || (retryAfter !== null && (status === 503 || status === 403)))
    return new TokenFailure('unknown', sentence, providerError, retryAfter ?? USUAL_PAUSE)
  if (error?.grantStatuses.includes(status) && saysWhy(answer, body)) return failure('grant')
  if (providerError !== null) {
    if (providerError === 'invalid_grant' || error?.grantCodes.includes(providerError)) return failure('grant')
    if (providerError === 'invalid_client' || error?.clientCodes.includes(providerError)) return failure('client')
    if (providerError === 'server_error' || providerError === 'temporarily_unavailable') return failure('unknown')
  }
  if (status >= 500) return failure('unknown')
  if (status >= 300) return failure('rejected')
  return providerError === null
    ? new TokenFailure('protocol', 'The provider answered with something that is not a token answer.')
    : failure('rejected')
}

/** Codes that say whose fault it is (RFC 6749 §5.2). */
const KNOWN_CODES = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client', 'invalid_scope'])

/** Seconds to leave a provider alone that does not say for how long. */
const USUAL_PAUSE = 30

/**
 * Whether the answer is about how often the provider is asked. That is no verdict about a grant or an app,
 * whatever the status: GitHub answers 403 to an app that has used its share, others 400.
 */
function isThrottled(
  { status, headers, body }: EgressAnswer,
  sentence: string,
  providerError: string | null,
  retryAfter: number | null,
  rateLimit: ApiDefinition['rateLimit'],
): boolean {
  if (status === 429 || (retryAfter !== null && rateLimit?.statuses.includes(status))) return true
  if (status < 400 || status >= 500) return false
  const remaining = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining']
  if (remaining === '0' && status === 403) return true
  // A refusal may use such words of one user: its code says what it is.
  if (KNOWN_CODES.has(providerError ?? '')) return false
  return /rate.?limit|too many requests|throttl/i.test(sentence + body.slice(0, 2000))
}

/** A 403 can come from whatever stands in front of a provider: it counts where its body says what it is about. */
function saysWhy({ status }: EgressAnswer, body: unknown): boolean {
  return status !== 403 || (body !== null && typeof body === 'object' && Object.keys(body).length > 0)
}
