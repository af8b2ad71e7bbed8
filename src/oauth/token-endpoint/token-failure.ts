/** Why a provider gave no token, so that callers can tell whose fault it is and whether to try again. */
import type { EgressAnswer } from '../../egress/exchange.js'
import { at } from '../answer/answer-body.js'
import { appendix, plain } from '../answer/provider-text.js'
import { pauseOf } from '../answer/retry-after.js'
import type { ApiDefinition } from '../definition/api-call.js'
import type { TokenResponseDefinition } from '../definition/token-call.js'

/**
 * - `grant`: the grant is over; only the user can renew it
 * - `client`: the provider refuses the app or the request; the connection is at fault
 * - `throttled`: too many requests; `retryAfter` says when to come back
 * - `not_sent`: the request never arrived
 * - `unknown`: the provider may have acted on the request, or not
 * - `protocol`: the answer is not one that the protocol allows
 */
export type FailureKind = 'grant' | 'client' | 'throttled' | 'not_sent' | 'unknown' | 'protocol'

export class TokenFailure extends Error {
  override readonly name = 'TokenFailure'
  /**
   * @param message a sentence without secrets
   * @param providerError the provider's own code, verbatim, such as invalid_grant
   * @param retryAfter seconds
   */
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly providerError: string | null = null,
    readonly retryAfter: number | null = null,
    cause?: unknown,
  ) {
    super(message, { cause })
  }
}

/** What an answer without a token means. @param body null where it could not be parsed */
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
  const failure = (kind: FailureKind) => new TokenFailure(kind, sentence, providerError)
  const retryAfter = pauseOf(answer, rateLimit)
  if (status === 429 || ((status === 503 || rateLimit?.statuses.includes(status)) && retryAfter !== null))
    return new TokenFailure('throttled', sentence, providerError, retryAfter ?? 30)
  if (error?.grantStatuses.includes(status)) return failure('grant')
  if (providerError !== null) {
    if (providerError === 'invalid_grant' || error?.grantCodes.includes(providerError)) return failure('grant')
    if (error?.clientCodes.includes(providerError)) return failure('client')
    if (providerError === 'server_error' || providerError === 'temporarily_unavailable') return failure('unknown')
  }
  if (status >= 500) return failure('unknown')
  if (status >= 300) return failure('client')
  return providerError === null
    ? new TokenFailure('protocol', 'The provider answered with something that is not a token answer.')
    : failure('client')
}
