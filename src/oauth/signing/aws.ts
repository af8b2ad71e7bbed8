/** AWS: the keys that sign, and the role that is assumed with them (STS AssumeRole, version 2011-06-15). */
import aws4 from 'aws4'
import type { EgressAnswer, EgressRequest } from '../../egress/exchange.js'
import { ValetkeyError } from '../../errors.js'
import { plain } from '../answer/provider-text.js'
import type { AwsMethod } from '../definition/other-methods.js'
import type { ConnectionSetup } from '../setup.js'
import { render, renderUrl, type TemplateScope } from '../template.js'
import { TokenFailure } from '../token-endpoint/token-failure.js'
import type { StoredTokens, TokenSet } from '../token-endpoint/token-set.js'

export interface AwsKeys {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

/** The keys that sign an account's calls: those of the session where a role was assumed, else those in the forms. */
export function awsKeys({ method }: ConnectionSetup, tokens: StoredTokens, scope: TemplateScope): AwsKeys {
  if (method.type !== 'aws') throw new ValetkeyError('CONFLICT', 'This auth method has no AWS keys to sign with.')
  const { access_key_id: sessionKeyId, secret_access_key: sessionSecret } = tokens.captured
  if (method.mode === 'assume_role' && tokens.accessToken)
    return {
      accessKeyId: String(sessionKeyId),
      secretAccessKey: String(sessionSecret),
      sessionToken: tokens.accessToken,
    }
  return { accessKeyId: render(method.accessKeyId, scope), secretAccessKey: render(method.secretAccessKey, scope) }
}

/** The signed request that assumes the role. */
export function assumeRoleRequest(setup: ConnectionSetup<AwsMethod>, scope: TemplateScope): EgressRequest {
  const { method, trustHosts } = setup
  const url = renderUrl(method.stsUrl, scope, trustHosts)
  const form = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: render(method.roleArn ?? '', scope),
    RoleSessionName: 'valetkey',
    DurationSeconds: String(method.duration),
  })
  const externalId = method.externalId && render(method.externalId, scope)
  if (externalId) form.set('ExternalId', externalId)
  const region = method.region && render(method.region, scope)
  // The global endpoint signs for us-east-1; a regional one has its region in its name.
  const signingRegion =
    url.hostname === 'sts.amazonaws.com'
      ? 'us-east-1'
      : (/^sts\.([a-z0-9-]+)\.amazonaws/.exec(url.hostname)?.[1] ?? (region || 'us-east-1'))
  const keys = {
    accessKeyId: render(method.accessKeyId, scope),
    secretAccessKey: render(method.secretAccessKey, scope),
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/xml' }
  return signedByAws({ method: 'POST', url, headers, body: form.toString() }, keys, {
    service: 'sts',
    region: signingRegion,
  })
}

/** The same request with Signature Version 4 on it; what `target` leaves out is read from the host. */
export function signedByAws(
  request: EgressRequest,
  keys: AwsKeys,
  target: { service?: string; region?: string },
): EgressRequest {
  const { method, url, headers, body } = request
  const signed = aws4.sign({ method, host: url.host, path: url.pathname + url.search, headers, body, ...target }, keys)
  const sent = Object.entries(signed.headers ?? {}).filter(([name]) => name.toLowerCase() !== 'content-length')
  return { ...request, headers: Object.fromEntries(sent.map(([name, value]) => [name, String(value)])) }
}

/** Error codes that are about the keys, not about the role. */
const KEY_ERRORS = new Set([
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
  'IncompleteSignature',
  'ExpiredToken',
  'InvalidAccessKeyId',
])

/**
 * @returns the session: its token as access token, its keys captured
 * @throws {TokenFailure}
 */
export function readAssumeRole(answer: EgressAnswer): TokenSet {
  if (answer.status >= 300) {
    const code = element(answer.body, 'Code')
    const message = code
      ? `AWS answered ${plain(code, 100)}: ${plain(element(answer.body, 'Message') ?? '', 300)}`
      : `AWS answered with status ${answer.status}.`
    if (answer.status === 429 || code === 'Throttling' || code === 'RequestLimitExceeded')
      throw new TokenFailure('throttled', message, code, 5)
    if (answer.status >= 500) throw new TokenFailure('unknown', message, code)
    throw new TokenFailure(code !== null && KEY_ERRORS.has(code) ? 'client' : 'grant', message, code)
  }
  const [accessKeyId, secretAccessKey, sessionToken, expiration] = [
    'AccessKeyId',
    'SecretAccessKey',
    'SessionToken',
    'Expiration',
  ].map((name) => element(answer.body, name))
  const expires = Date.parse(expiration ?? '')
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expires))
    throw new TokenFailure('protocol', 'AWS answered without the keys of a session.')
  return {
    accessToken: sessionToken,
    tokenType: '',
    refreshToken: null,
    scopes: null,
    expiresAt: new Date(expires),
    refreshExpiresAt: null,
    named: {},
    captured: { access_key_id: accessKeyId, secret_access_key: secretAccessKey },
  }
}

/** The text of a leaf element. The elements read here occur once in an STS answer, and their text has no markup. */
function element(xml: string, name: string): string | null {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.trim() ?? null
}
