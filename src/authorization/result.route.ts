/**
 * `GET /connect/done/:link`: how an authorization ended, on a page of its own, which can be reloaded. What it shows
 * beside the account's own state is in a cookie of the browser that came there.
 */
import type { FastifyInstance } from 'fastify'
import type { Setups } from '../connections/setups.js'
import { type Application, sendPage } from '../html.js'
import { resultCookie } from './cookies.js'
import type { Links } from './links.js'
import { completionPage, unknownPage } from './pages.js'
import { resultIn } from './result.js'

/** Mounts the page. Limited to 60 GETs a minute for each client address. */
export function resultRoute(app: FastifyInstance, links: Links, setups: Setups, application: Application) {
  const secure = setups.publicUrl.startsWith('https:')
  const limits = { config: { rateLimit: { max: 60, timeWindow: 60_000 } } }
  app.get<{ Params: { link: string } }>('/connect/done/:link', limits, async (request, reply) => {
    const end = resultIn(request.cookies[resultCookie(secure, request.params.link)])
    const opened = end && (await links.byId(request.params.link))
    if (!opened) return sendPage(reply, application, unknownPage())
    return sendPage(
      reply,
      application,
      completionPage({ ...end, ...opened }, setups.connectorOf(opened.connection).name),
    )
  })
}
