/**
 * `GET /connect/done/:link`: how an authorization ended, on a page of its own, which can be reloaded. What it shows
 * beside the account's own state is in a cookie of the browser that came there.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Setups } from '../connections/setups.js'
import { type Application, sendPage } from '../html.js'
import type { Completion } from './conclusion.js'
import { cookieOptions, resultCookie } from './cookies.js'
import type { Links } from './links.js'
import { completionPage, unknownPage } from './pages.js'

type Shown = Exclude<Completion, { kind: 'held' }>

const packed = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connected') }),
  z.object({ kind: z.literal('declined'), error: z.string(), reason: z.string() }),
  z.object({
    kind: z.literal('failed'),
    error: z.string(),
    reason: z.string(),
    status: z.int().min(400).max(599),
  }),
])
/** Seconds for which the page can be reloaded. */
const RESULT_LIFE = 3600

/** Sends the browser to the page that shows how its authorization ended. */
export function redirectToResult(reply: FastifyReply, publicUrl: string, completion: Shown) {
  const secure = publicUrl.startsWith('https:')
  const { link, account: _account, connection: _connection, ...end } = completion
  const value = Buffer.from(JSON.stringify(end)).toString('base64url')
  return reply
    .setCookie(resultCookie(secure, link.id), value, { ...cookieOptions(secure), maxAge: RESULT_LIFE })
    .headers({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
    .redirect(`${publicUrl}/connect/done/${link.id}`, 303)
}

/** Mounts the page. Limited to 60 GETs a minute for each client address. */
export function resultRoute(app: FastifyInstance, links: Links, setups: Setups, application: Application) {
  const secure = setups.publicUrl.startsWith('https:')
  const limits = { config: { rateLimit: { max: 60, timeWindow: 60_000 } } }
  app.get<{ Params: { link: string } }>('/connect/done/:link', limits, async (request, reply) => {
    const end = unpack(request.cookies[resultCookie(secure, request.params.link)])
    const opened = end && (await links.byId(request.params.link))
    if (!opened) return sendPage(reply, application, unknownPage())
    return sendPage(
      reply,
      application,
      completionPage({ ...end, ...opened }, setups.connectorOf(opened.connection).name),
    )
  })
}

/** @returns null for a missing or malformed cookie */
function unpack(cookie: string | undefined) {
  try {
    return packed.safeParse(JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString())).data ?? null
  } catch {
    return null
  }
}
