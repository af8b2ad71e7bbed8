import type { EgressRequest } from '../../egress/exchange.js'
import type { OAuthClient } from './token-request.js'

/** Everything secret in a token request: where the provider repeats it in an answer, it must not be quoted. */
export function secretsIn(
  { body, headers }: EgressRequest,
  client: OAuthClient,
  standard: Record<string, string>,
): (string | undefined)[] {
  const values =
    headers?.['content-type'] === 'application/json'
      ? stringsIn(JSON.parse(body ?? 'null'))
      : [...new URLSearchParams(body).values()]
  const harmless = [client.id, standard.scope, standard.grant_type, standard.redirect_uri]
  // Short values and plain words are not secret, and the provider's message may be about them.
  const parameters = values.filter(
    (value) => value.length >= 16 && !harmless.includes(value) && !/^(urn:|https?:)|^[a-z_ ]+$/.test(value),
  )
  return [
    client.secret,
    standard.code,
    standard.code_verifier,
    standard.refresh_token,
    standard.assertion,
    headers?.authorization,
    ...parameters,
  ]
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : []
}
