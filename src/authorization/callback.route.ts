/**
 * `GET|POST /oauth/callback/:connectionId`: the redirect URI of a connection. A provider that answers
 * by POST (`response_mode=form_post`) is redirected to the GET, since browsers do not send Lax cookies
 * with a cross-site POST.
 */
import type { FastifyInstance } from 'fastify'
import type { Setups } from '../connections/setups.js'
import { ValetkeyError } from '../errors.js'
import { type Application, sendPage } from '../html.js'
import { formTexts } from '../text.js'
import { type Arrivals, stateOf } from './arrivals.js'
import { cookieOptions, requestCookie } from './cookies.js'
import { destination, messagePage } from './pages.js'
import { redirectToChoice, redirectToResult } from './result.js'

const STATUS = { BAD_USER_INPUT: 400, FORBIDDEN: 403, CONFLICT: 409 } as Record<string, number>
/** Characters: a code may be a signed token of many kilobytes. */
const LONGEST_QUERY = 32 * 1024
/** Parameters of the standards: each may occur once (RFC 6749 §3.1). */
const STANDARD = ['state', 'code', 'error', 'iss', 'oauth_token', 'oauth_verifier', 'denied']

/** Mounts the redirect URIs. Limited to 60 requests a minute for each client address. */
export function callbackRoutes(app: FastifyInstance, arrivals: Arrivals, setups: Setups, application: Application) {
  const secure = setups.publicUrl.startsWith('https:')
  const limits = { config: { rateLimit: { max: 60, timeWindow: 60_000 } } }

  app.post<{ Params: { connectionId: string } }>('/oauth/callback/:connectionId', limits, (request, reply) => {
    const connectionId = encodeURIComponent(request.params.connectionId)
    const query = new URLSearchParams(formTexts(request.body))
    return reply.redirect(`${setups.publicUrl}/oauth/callback/${connectionId}?${query}`, 303)
  })

  app.get<{ Params: { connectionId: string }; Querystring: Record<string, string | string[]> }>(
    '/oauth/callback/:connectionId',
    // Whoever only looks (HEAD) must not use up what a user brings.
    { ...limits, exposeHeadRoute: false },
    async (request, reply) => {
      try {
        const params = single(request.query, request.url)
        const cookie = requestCookie(secure, stateOf(params))
        const completion = await arrivals.complete(request.params.connectionId, params, {
          secret: request.cookies[cookie],
          ipAddress: request.ip,
          requestId: request.id,
        })
        reply.clearCookie(cookie, cookieOptions(secure))
        if (completion.kind === 'choosing')
          return redirectToChoice(reply, setups.publicUrl, completion, request.cookies[cookie] ?? '')
        const address = destination(completion)
        if (address !== null || completion.kind === 'held')
          return reply
            .headers({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
            .redirect(address ?? '', 303)
        return redirectToResult(reply, setups.publicUrl, completion)
      } catch (error) {
        if (!(error instanceof ValetkeyError)) throw error
        return sendPage(reply, application, messagePage('This did not work', error.message, STATUS[error.code] ?? 400))
      }
    },
  )
}

/**
 * The query's parameters. Those of the standards may occur once, and only one of code and error. Another one that is
 * repeated says nothing, and is left out: what nobody knows is ignored (RFC 6749 §4.1.2), and what a connector needs
 * is missing then.
 *
 * @throws {ValetkeyError} BAD_USER_INPUT
 */
function single(query: Record<string, string | string[]>, url: string): Record<string, string> {
  const refused = new ValetkeyError(
    'BAD_USER_INPUT',
    'The provider sent an answer that cannot be read: a parameter is repeated, missing or too long.',
  )
  if (url.length > LONGEST_QUERY) throw refused
  const params: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(query)) {
    if (!Array.isArray(value)) params[name] = value
    else if (STANDARD.includes(name)) throw refused
  }
  if (params.error && params.code) throw refused
  return params
}
