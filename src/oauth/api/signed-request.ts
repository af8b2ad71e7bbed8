/** Signs an API request where the method requires it, and sends it. */
import type { EgressAnswer, EgressRequest } from '../../egress/exchange.js'
import type { ApplyDefinition } from '../definition/api-call.js'
import type { ConnectionSetup } from '../setup.js'
import { awsKeys, signedByAws } from '../signing/aws.js'
import { digestHeader } from '../signing/digest.js'
import { authorizationHeader } from '../signing/oauth1.js'
import { render, type TemplateScope } from '../template.js'
import type { StoredTokens } from '../token-endpoint/token-set.js'
import { oauth1Keys } from './apply.js'

type Send = (request: EgressRequest) => Promise<EgressAnswer>

export async function sendSigned(
  send: Send,
  request: EgressRequest,
  apply: ApplyDefinition | undefined,
  setup: ConnectionSetup,
  tokens: StoredTokens,
  scope: TemplateScope,
): Promise<EgressAnswer> {
  const sign = apply?.sign
  switch (sign?.with) {
    case undefined:
      return send(request)
    case 'oauth1':
      return send(withAuthorization(request, oauth1Header(request, setup, tokens)))
    case 'aws_sigv4': {
      const target = {
        ...(sign.service === undefined ? {} : { service: render(sign.service, scope) }),
        ...(sign.region === undefined ? {} : { region: render(sign.region, scope) }),
      }
      return send(signedByAws(request, awsKeys(setup, tokens, scope), target))
    }
    case 'digest':
      return sendWithDigest(send, request, render(sign.username, scope), render(sign.password, scope))
  }
}

function oauth1Header(request: EgressRequest, setup: ConnectionSetup, tokens: StoredTokens): string {
  const { method, url, headers, body } = request
  const isForm = headers?.['content-type'] === 'application/x-www-form-urlencoded'
  return authorizationHeader(
    { method, url, form: isForm ? [...new URLSearchParams(body)] : [] },
    oauth1Keys(setup, tokens),
    setup.method.type === 'oauth1' ? setup.method.signature : 'HMAC-SHA1',
  )
}

/** RFC 7616 §3.4: the first request is answered by a challenge, which the second one answers. */
async function sendWithDigest(
  send: Send,
  request: EgressRequest,
  username: string,
  password: string,
): Promise<EgressAnswer> {
  const first = await send(request)
  if (first.status !== 401) return first
  const authorization = digestHeader(first.headers['www-authenticate'] ?? '', request, username, password)
  return authorization === null ? first : send(withAuthorization(request, authorization))
}

function withAuthorization(request: EgressRequest, authorization: string): EgressRequest {
  return { ...request, headers: { ...request.headers, authorization } }
}
