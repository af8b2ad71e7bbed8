/** Trying a credential with the cheapest call that its definition has. */
import { at, holds } from '../answer/answer-body.js'
import { appendix } from '../answer/provider-text.js'
import { pauseOf } from '../answer/retry-after.js'
import type { Calls } from '../calls.js'
import type { Condition } from '../definition/values.js'
import type { ConnectionSetup } from '../setup.js'
import { TokenFailure } from '../token-endpoint/token-failure.js'
import type { StoredTokens } from '../token-endpoint/token-set.js'

/** `narrow`: valid, with fewer permissions than the call needs. `untried`: the definition has no such call. */
export type Verification = 'valid' | 'narrow' | 'untried'

/** @throws {TokenFailure} `grant` for an invalid credential; another kind where the provider gave no verdict */
export async function verifyCredential(
  calls: Calls,
  setup: ConnectionSetup,
  tokens: StoredTokens,
  account: Record<string, unknown>,
): Promise<Verification> {
  const definition = setup.method.verify
  if (!definition) return 'untried'
  const { answer, parsed, host } = await calls.ask(definition, setup, tokens, account)
  const { status } = answer
  if (holds(definition.expect, parsed, status)) return 'valid'
  const pause = pauseOf(answer, setup.api.rateLimit)
  if (status === 429 || (pause !== null && setup.api.rateLimit?.statuses.includes(status)))
    throw new TokenFailure('throttled', `${host} is asked too often at the moment.`, null, pause ?? 30)
  if (status >= 500) throw new TokenFailure('unknown', `${host} answered with status ${status}.`)
  // RFC 9110 §15.5.2: a 401 is about the credential, unless the definition says which 401 is.
  const isWrong = definition.wrong
    ? matches(definition.wrong, parsed, status) || (status === 401 && !definition.wrong.status?.includes(401))
    : status === 401 || status === 403
  if (isWrong)
    throw new TokenFailure('grant', `${host} refused it with status ${status}${appendix(reasonIn(parsed), 200)}.`)
  return 'narrow'
}

/** Whether status and body are what the condition names; what it does not name does not matter. */
function matches({ status: statuses, ...rest }: Condition, body: unknown, status: number): boolean {
  return (!statuses || statuses.includes(status)) && (rest.path === undefined || holds(rest, body))
}

/** Where most providers put the reason of a refusal. */
const REASON_PATHS = [
  'error_description',
  'error.message',
  'message',
  'error',
  'detail',
  'errors.0.message',
  'errors.0.detail',
]

function reasonIn(body: unknown): unknown {
  return REASON_PATHS.map((path) => at(body, path)).find((value) => typeof value === 'string' && value !== '')
}
