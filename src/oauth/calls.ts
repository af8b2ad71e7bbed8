/**
 * Calls a provider as its definition describes: its token endpoint, and its API with the account's credential.
 */
import { Readable } from 'node:stream'
import { clock } from '../clock.js'
import type { Egress } from '../egress/egress.js'
import { type EgressAnswer, type EgressRequest, Unreachable } from '../egress/exchange.js'
import { holds, parseBody } from './answer/answer-body.js'
import { withoutSecrets } from './answer/provider-text.js'
import { buildApiRequest } from './api/api-request.js'
import { applyOf } from './api/apply.js'
import { sendSigned } from './api/signed-request.js'
import type { RequestDefinition } from './definition/api-call.js'
import type { TokenRequestDefinition } from './definition/token-call.js'
import { type ConnectionSetup, clientOf, scopeOf } from './setup.js'
import { jwtForApi, jwtForTokenEndpoint } from './signing/assertion.js'
import type { TemplateScope } from './template.js'
import { secretsIn, secretsOf } from './token-endpoint/sent-secrets.js'
import { type AnswerContext, readTokenAnswer } from './token-endpoint/token-answer.js'
import { TokenFailure } from './token-endpoint/token-failure.js'
import { buildTokenRequest } from './token-endpoint/token-request.js'
import type { StoredTokens, TokenSet } from './token-endpoint/token-set.js'

/** Milliseconds within which an answer has to begin of which nothing but its headers is read. */
const HEAD_DEADLINE = 15_000

/** An API call's answer: `parsed` is null where the body is neither JSON nor a form. */
export interface ApiAnswer {
  answer: EgressAnswer
  parsed: unknown
  host: string
}

/** Sends requests of definitions through the egress. */
export class Calls {
  constructor(private readonly egress: Egress) {}

  /**
   * Calls token endpoints one after the other. Templates of a call read earlier answers as `{step1.access}`.
   *
   * @param standard the grant's own parameters, for the first call
   * @returns the last call's tokens, with the captured values of all calls
   * @throws {TokenFailure}
   */
  async tokens(
    steps: readonly TokenRequestDefinition[],
    setup: ConnectionSetup,
    standard: Record<string, string>,
    account: Record<string, unknown>,
    scope: TemplateScope,
  ) {
    const earlier: TemplateScope = {}
    let tokens: TokenSet | undefined
    for (const [index, step] of steps.entries()) {
      const next = await this.token(step, setup, index === 0 ? standard : {}, account, { ...scope, ...earlier })
      earlier[`step${index + 1}`] = { ...next.captured, access: next.accessToken, refresh: next.refreshToken }
      tokens = tokens
        ? {
            ...next,
            captured: { ...tokens.captured, ...next.captured },
            scopes: next.scopes ?? tokens.scopes,
            named: { ...tokens.named, ...next.named },
          }
        : next
    }
    if (!tokens) throw new Error('A method without a token call has no tokens.')
    return tokens
  }

  /**
   * Calls one token endpoint.
   *
   * @param keep called with the answer before it is parsed, where losing it is losing the grant: then what came of one
   *   whose framing is broken counts
   * @param patience milliseconds for which the answer is waited for
   * @throws {TokenFailure}
   */
  async token(
    definition: TokenRequestDefinition,
    setup: ConnectionSetup,
    standard: Record<string, string>,
    account: Record<string, unknown>,
    scope: TemplateScope,
    { keep, patience }: { keep?: (answer: EgressAnswer, sentAt: Date) => void; patience?: number } = {},
  ): Promise<TokenSet> {
    const sentAt = clock.now()
    const client = clientOf(setup, account)
    const { jwt = await jwtForTokenEndpoint(setup.method, definition, scope) } = scope
    const request = buildTokenRequest(definition, client, standard, { ...scope, jwt }, setup.trustHosts)
    const matters = { renewable: standard.grant_type !== 'authorization_code', isOnlyCopy: keep !== undefined }
    const secrets = secretsIn(request, client, standard)
    const { answer, failure } = await this.whatCame(patience === undefined ? request : { ...request, patience })
    // Most answers are kept before a byte of them is parsed. From one that refuses, what it repeats is taken out first.
    if (answer.status < 400) keep?.(answer, sentAt)
    try {
      const tokens = this.read(answer, definition, setup, sentAt, secrets, matters)
      if (answer.status >= 400) keep?.(answer, sentAt)
      return tokens
    } catch (error) {
      if (answer.status >= 400) keep?.(withoutEcho(answer, request), sentAt)
      throw failure ?? error
    }
  }

  /**
   * Reads a token endpoint's answer.
   *
   * @param secrets removed from a failure's message
   * @param matters what hangs on the answer
   * @throws {TokenFailure}
   */
  read(
    answer: EgressAnswer,
    definition: TokenRequestDefinition,
    { method, api }: ConnectionSetup,
    sentAt: Date,
    secrets: readonly (string | undefined)[],
    matters: Pick<AnswerContext, 'renewable' | 'isOnlyCopy'>,
  ): TokenSet {
    const scopes = 'scopes' in method ? method.scopes : undefined
    try {
      return readTokenAnswer(answer, definition.response, sentAt, { scopes, rateLimit: api.rateLimit, ...matters })
    } catch (error) {
      throw error instanceof TokenFailure ? error.without(secrets) : error
    }
  }

  /** Calls the API. @returns the parsed body @throws {TokenFailure} for an unexpected answer */
  async request(
    definition: RequestDefinition,
    setup: ConnectionSetup,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<unknown> {
    const { answer, parsed, host } = await this.ask(definition, setup, tokens, account)
    if (holds(definition.expect, parsed, answer.status)) return parsed
    throw new TokenFailure(
      answer.status >= 500 ? 'unknown' : 'client',
      `${host} answered with status ${answer.status} where another answer was expected.`,
    )
  }

  /** Calls the API, and returns any answer. @throws {TokenFailure} where no answer came */
  async ask(
    definition: RequestDefinition,
    setup: ConnectionSetup,
    tokens: StoredTokens,
    account: Record<string, unknown>,
  ): Promise<ApiAnswer> {
    const named = definition.token ? tokens.named[definition.token] : undefined
    const acting: StoredTokens = named ? { ...tokens, accessToken: named.access, refreshToken: named.refresh } : tokens
    const base = scopeOf(setup, account, acting)
    const scope = { ...base, jwt: await jwtForApi(setup.method, base) }
    const apply = definition.auth === 'apply' ? applyOf(setup.method) : undefined
    const request = await buildApiRequest(definition, apply, setup, scope)
    const answer = await sendSigned((signed) => this.send(signed), request, apply, setup, acting, scope)
    return { answer, parsed: parseBody(answer), host: request.url.host }
  }

  /**
   * Sends a request, and reads the status and the headers of its answer: its body may be a stream without an end.
   *
   * @throws {TokenFailure} where no answer began
   */
  async head({ url, method, headers = {}, body }: EgressRequest): Promise<Pick<EgressAnswer, 'status' | 'headers'>> {
    try {
      const signal = AbortSignal.timeout(HEAD_DEADLINE)
      const payload = body === undefined ? null : Readable.from([Buffer.from(body)])
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      const request = {
        method,
        url,
        headers: { 'user-agent': 'Valetkey', ...headers, ...length },
        body: payload,
        signal,
      }
      const answer = await this.egress.stream(request)
      answer.body.on('error', () => {}).destroy()
      return { status: answer.status, headers: answer.headers }
    } catch (error) {
      throw error instanceof Unreachable ? noAnswer(error) : error
    }
  }

  /**
   * Sends a request as it is. What the provider repeats of it in an error is taken out here, so that no message,
   * whoever makes it, can hold it.
   *
   * @throws {TokenFailure} where no answer came
   */
  async send(request: EgressRequest): Promise<EgressAnswer> {
    const { answer, failure } = await this.whatCame(request)
    if (failure) throw failure
    return withoutEcho(answer, request)
  }

  /**
   * An answer, or what came of one whose framing is broken, beside the failure that this is.
   *
   * @throws {TokenFailure} where nothing came
   */
  private async whatCame(request: EgressRequest): Promise<{ answer: EgressAnswer; failure: TokenFailure | null }> {
    try {
      return { answer: await this.egress.send(request), failure: null }
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      const failure = noAnswer(error)
      if (error.arrived === null) throw failure
      return { answer: error.arrived, failure }
    }
  }
}

function noAnswer(error: Unreachable): TokenFailure {
  return new TokenFailure(error.sent ? 'unknown' : 'not_sent', error.message, null, null, error)
}

/** Some providers repeat in their errors what they were sent. */
function withoutEcho(answer: EgressAnswer, request: EgressRequest): EgressAnswer {
  return answer.status < 400 ? answer : { ...answer, body: withoutSecrets(answer.body, secretsOf(request)) }
}
