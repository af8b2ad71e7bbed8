/**
 * `GET /connect/:token` shows a link; `POST /connect/:token` sends its form: on to the provider, or, for
 * keys and passwords, to be tried. The POST must come from the page itself: browsers say so in
 * Sec-Fetch-Site, and a token in the form must match one in a cookie.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Connections } from '../connections/connections.js'
import { ValetkeyError } from '../errors.js'
import { type Application, sendPage } from '../html.js'
import { render } from '../oauth/template.js'
import { AuthorizationLinkStatus } from './authorization-link.js'
import { type Authorizations, type OpenedLink, REQUEST_LIFE } from './authorizations.js'
import { cookieOptions, formCookie, requestCookie } from './cookies.js'
import { closedPage, completionPage, destination, type LinkForm, leavingPage, linkPage, messagePage, returningPage, unknownPage } from './pages.js'
import { en } from './texts.js'

type Posted = Record<string, string | string[]> | undefined

export function connectRoutes(app: FastifyInstance, authorizations: Authorizations, connections: Connections, application: Application) {
  const secure = connections.publicUrl.startsWith('https:')
  const limits = { config: { rateLimit: { max: 30, timeWindow: 60_000 } } }

  const showForm = (request: FastifyRequest, reply: FastifyReply, opened: OpenedLink, form: Pick<LinkForm, 'sent' | 'faults' | 'reason'>) => {
    const csrf = request.cookies[formCookie(secure)] ?? randomBytes(24).toString('base64url')
    reply.setCookie(formCookie(secure), csrf, { ...cookieOptions(secure), maxAge: 3600 })
    const { connection, account } = opened
    const { connector, method } = connections.kind(connection)
    const install = method.runs.type === 'oauth2' && method.runs.grant === 'authorization_code' ? method.runs.authorize.installFirst : undefined
    const installFirst = install === undefined ? '' : render(install, connections.describe(connection).scope)
    const page = linkPage(opened, connector, application, {
      action: request.url,
      csrf,
      fields: authorizations.asked(opened),
      ...form,
      sent: { ...account.values, ...form.sent },
      installFirst: /^https:\/\//.test(installFirst) ? installFirst : null,
    })
    return sendPage(reply, application, page)
  }

  app.get<{ Params: { token: string } }>('/connect/:token', limits, async (request, reply) => {
    const opened = await authorizations.look(request.params.token)
    if (!opened) return sendPage(reply, application, unknownPage())
    if (opened.link.status !== AuthorizationLinkStatus.OPEN) return sendPage(reply, application, closedPage(opened.link.status))
    return showForm(request, reply, opened, { sent: {}, faults: new Map(), reason: null })
  })

  app.post<{ Params: { token: string }; Body: Posted }>('/connect/:token', limits, async (request, reply) => {
    const opened = await authorizations.look(request.params.token)
    if (!opened) return sendPage(reply, application, unknownPage())
    if (opened.link.status !== AuthorizationLinkStatus.OPEN) return sendPage(reply, application, closedPage(opened.link.status))
    const site = request.headers['sec-fetch-site']
    const { csrf, fields } = read(request.body)
    const fromThePage = (site === undefined || site === 'same-origin') && same(csrf, request.cookies[formCookie(secure)])
    if (!fromThePage) return sendPage(reply, application, messagePage(en.reachedFromElsewhere[0], en.reachedFromElsewhere[1], 403))
    const connectorName = connections.kind(opened.connection).connector.name
    try {
      const outcome = await authorizations.submit(request.params.token, fields, request.ip, request.id)
      if (outcome.kind === 'refused') return showForm(request, reply, outcome.opened, { sent: { ...fields, ...outcome.given }, faults: outcome.faults, reason: outcome.reason })
      if (outcome.kind === 'departed') {
        reply.setCookie(requestCookie(secure, outcome.state), outcome.browserSecret, { ...cookieOptions(secure), maxAge: REQUEST_LIFE })
        return sendPage(reply, application, leavingPage(connectorName, outcome.address.href))
      }
      const address = destination(outcome)
      if (address !== null || outcome.kind === 'held') return sendPage(reply, application, returningPage(address ?? ''))
      return sendPage(reply, application, completionPage(outcome, connectorName))
    } catch (error) {
      if (!(error instanceof ValetkeyError)) throw error
      return sendPage(reply, application, messagePage(en.notNow, error.message, error.code === 'RATE_LIMITED' ? 429 : 409))
    }
  })
}

/** What a form sent: each name once, the fields without their prefix. */
function read(body: Posted): { csrf: string | undefined; fields: Record<string, string> } {
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(body ?? {})) if (name.startsWith('field.') && typeof value === 'string') fields[name.slice('field.'.length)] = value
  return { csrf: typeof body?.csrf === 'string' ? body.csrf : undefined, fields }
}

function same(one: string | undefined, other: string | undefined): boolean {
  if (!one || !other) return false
  const [a, b] = [one, other].map((value) => createHash('sha256').update(value).digest()) as [Buffer, Buffer]
  return timingSafeEqual(a, b)
}
