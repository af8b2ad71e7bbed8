/**
 * `GET /connect/:token` shows a link; `POST /connect/:token` begins the trip to the provider. The
 * POST must come from the page itself: browsers say so in Sec-Fetch-Site, and a token in the form
 * must match one in a cookie.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Connections } from '../connections/connections.js'
import { ValetkeyError } from '../errors.js'
import { type Application, sendPage } from '../html.js'
import { AuthorizationLinkStatus } from './authorization-link.js'
import { type Authorizations, REQUEST_LIFE } from './authorizations.js'
import { cookieOptions, formCookie, requestCookie } from './cookies.js'
import { closedPage, leavingPage, linkPage, messagePage, unknownPage } from './pages.js'

export function connectRoutes(app: FastifyInstance, authorizations: Authorizations, connections: Connections, application: Application) {
  const secure = connections.publicUrl.startsWith('https:')
  const limits = { config: { rateLimit: { max: 30, timeWindow: 60_000 } } }

  app.get<{ Params: { token: string } }>('/connect/:token', limits, async (request, reply) => {
    const opened = await authorizations.look(request.params.token)
    if (!opened) return sendPage(reply, application, unknownPage())
    const { link, connection } = opened
    if (link.status !== AuthorizationLinkStatus.OPEN) return sendPage(reply, application, closedPage(link.status))
    const csrf = request.cookies[formCookie(secure)] ?? randomBytes(24).toString('base64url')
    reply.setCookie(formCookie(secure), csrf, { ...cookieOptions(secure), maxAge: 3600 })
    return sendPage(reply, application, linkPage(opened, connections.kind(connection).connector, application, { action: request.url, csrf }))
  })

  app.post<{ Params: { token: string }; Body: { csrf?: string } | undefined }>('/connect/:token', limits, async (request, reply) => {
    const opened = await authorizations.look(request.params.token)
    if (!opened) return sendPage(reply, application, unknownPage())
    if (opened.link.status !== AuthorizationLinkStatus.OPEN) return sendPage(reply, application, closedPage(opened.link.status))
    const site = request.headers['sec-fetch-site']
    const fromThePage = (site === undefined || site === 'same-origin') && same(request.body?.csrf, request.cookies[formCookie(secure)])
    if (!fromThePage)
      return sendPage(
        reply,
        application,
        messagePage('Open the link again', 'This page was reached from elsewhere, or its cookie is gone. Allow cookies, and open the link that you were given once more.', 403),
      )
    try {
      const { address, state, browserSecret } = await authorizations.begin(request.params.token, new Date())
      reply.setCookie(requestCookie(secure, state), browserSecret, { ...cookieOptions(secure), maxAge: REQUEST_LIFE })
      return sendPage(reply, application, leavingPage(connections.kind(opened.connection).connector.name, address.href))
    } catch (error) {
      if (!(error instanceof ValetkeyError)) throw error
      return sendPage(reply, application, messagePage('This cannot be connected now', error.message, error.code === 'RATE_LIMITED' ? 429 : 409))
    }
  })
}

function same(one: string | undefined, other: string | undefined): boolean {
  if (!one || !other) return false
  const [a, b] = [one, other].map((value) => createHash('sha256').update(value).digest()) as [Buffer, Buffer]
  return timingSafeEqual(a, b)
}
