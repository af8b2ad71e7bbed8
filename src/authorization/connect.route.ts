/**
 * `GET /connect/:token` shows the page of a link. `POST /connect/:token` takes its form: it redirects to the
 * provider or, for keys and passwords, checks them. The POST must come from the page itself (page-form.ts).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Setups } from '../connections/setups.js'
import { ValetkeyError } from '../errors.js'
import { type Application, sendPage } from '../html.js'
import { render } from '../oauth/template.js'
import { publicPath } from '../public-path.js'
import { AuthorizationLinkStatus } from './authorization-link.js'
import { cookieOptions, refusedCookie, requestCookie } from './cookies.js'
import { type Departures, REQUEST_LIFE } from './departures.js'
import type { Links, OpenedLink } from './links.js'
import { formToken, isFromThePage } from './page-form.js'
import {
  closedPage,
  destination,
  type LinkForm,
  leavingPage,
  linkPage,
  messagePage,
  returningPage,
  unknownPage,
} from './pages.js'
import { redirectToResult } from './result.js'
import { en } from './texts.js'

type RefusedForm = Pick<LinkForm, 'sent' | 'faults' | 'reason' | 'kept'>

const packedForm = z.object({
  sent: z.record(z.string(), z.string()),
  faults: z.array(z.tuple([z.string(), z.string()])),
  reason: z.string().nullable(),
  kept: z.array(z.string()).default([]),
})
/** Characters; browsers keep 4096 bytes, name and attributes included (RFC 6265 §6.1). */
const LARGEST_COOKIE = 3500

type Posted = Record<string, string | string[]> | undefined

/** Mounts the hosted page. Limited to 60 GETs and 30 POSTs a minute for each client address. */
export function connectRoutes(
  app: FastifyInstance,
  links: Links,
  departures: Departures,
  setups: Setups,
  application: Application,
) {
  const secure = setups.publicUrl.startsWith('https:')
  const base = publicPath(setups.publicUrl)
  const limits = (max: number) => ({ config: { rateLimit: { max, timeWindow: 60_000 } } })

  const showForm = (request: FastifyRequest, reply: FastifyReply, opened: OpenedLink, form: RefusedForm) => {
    const csrf = formToken(request, reply, secure)
    const { connection, account } = opened
    const connector = setups.connectorOf(connection)
    const method = setups.methodOf(connection)
    const install =
      method.runs.type === 'oauth2' && method.runs.grant === 'authorization_code'
        ? method.runs.authorize.installFirst
        : undefined
    const installFirst = install === undefined ? '' : render(install, setups.describe(connection).scope)
    const page = linkPage(opened, connector, application, {
      action: `${base}${request.url}`,
      iconUrl: `${base}${connector.iconUrl}`,
      csrf,
      fields: links.fieldsFor(opened),
      ...form,
      sent: { ...account.values, ...form.sent },
      installFirst: /^https:\/\//.test(installFirst) ? installFirst : null,
    })
    return sendPage(reply, application, page)
  }

  app.get<{ Params: { token: string } }>('/connect/:token', limits(60), async (request, reply) => {
    const opened = await links.look(request.params.token)
    if (!opened) return sendPage(reply, application, unknownPage())
    if (opened.link.status !== AuthorizationLinkStatus.OPEN)
      return sendPage(reply, application, closedPage(opened.link.status))
    const obstacle = links.obstacleTo(opened)
    if (obstacle) return sendPage(reply, application, messagePage(en.notNow, obstacle, 409))
    const name = refusedCookie(secure, request.params.token)
    const refused = unpack(request.cookies[name])
    if (refused) reply.clearCookie(name, cookieOptions(secure))
    return showForm(request, reply, opened, refused ?? { sent: {}, faults: new Map(), reason: null, kept: [] })
  })

  app.post<{ Params: { token: string }; Body: Posted }>('/connect/:token', limits(30), async (request, reply) => {
    const opened = await links.look(request.params.token)
    if (!opened) return sendPage(reply, application, unknownPage())
    if (opened.link.status !== AuthorizationLinkStatus.OPEN)
      return sendPage(reply, application, closedPage(opened.link.status))
    const { csrf, fields } = read(request.body)
    if (!isFromThePage(request, csrf, secure))
      return sendPage(reply, application, messagePage(en.reachedFromElsewhere[0], en.reachedFromElsewhere[1], 403))
    const connectorName = setups.connectorOf(opened.connection).name
    try {
      const outcome = await departures.submit(request.params.token, fields, csrf ?? '', request.ip, request.id)
      if (outcome.kind === 'refused') {
        const secrets = new Set(links.fieldsFor(outcome.opened).flatMap(({ key, secret }) => (secret ? [key] : [])))
        const sent = Object.fromEntries(
          Object.entries({ ...fields, ...outcome.values }).filter(([key]) => !secrets.has(key)),
        )
        const refused = { sent, faults: outcome.faults, reason: outcome.reason, kept: outcome.kept }
        const packed = pack(refused)
        // Too large for a cookie: the answer is the page itself, which browsers ask about when it is reloaded.
        if (packed.length > LARGEST_COOKIE) return showForm(request, reply, outcome.opened, refused)
        // After a redirect the page is the answer to a GET: it can be reloaded without a question.
        reply.setCookie(refusedCookie(secure, request.params.token), packed, { ...cookieOptions(secure), maxAge: 60 })
        return reply.redirect(`${base}${request.url}`, 303)
      }
      if (outcome.kind === 'departed') {
        reply.setCookie(requestCookie(secure, outcome.state), outcome.browserSecret, {
          ...cookieOptions(secure),
          maxAge: REQUEST_LIFE,
        })
        return sendPage(reply, application, leavingPage(connectorName, outcome.address.href))
      }
      const address = destination(outcome)
      if (address !== null || outcome.kind === 'held') return sendPage(reply, application, returningPage(address ?? ''))
      return redirectToResult(reply, setups.publicUrl, outcome)
    } catch (error) {
      if (!(error instanceof ValetkeyError)) throw error
      return sendPage(
        reply,
        application,
        messagePage(en.notNow, error.message, error.code === 'RATE_LIMITED' ? 429 : 409),
      )
    }
  })
}

function pack({ faults, ...rest }: RefusedForm): string {
  return Buffer.from(JSON.stringify({ ...rest, faults: [...faults] })).toString('base64url')
}

/** @returns null for a missing or malformed cookie */
function unpack(cookie: string | undefined): RefusedForm | null {
  try {
    const parsed = packedForm.safeParse(JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString()))
    return parsed.success ? { ...parsed.data, faults: new Map(parsed.data.faults) } : null
  } catch {
    return null
  }
}

/** Reads a form's body: the CSRF token, and the fields without their prefix. Repeated names are ignored. */
function read(body: Posted): { csrf: string | undefined; fields: Record<string, string> } {
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(body ?? {}))
    if (name.startsWith('field.') && typeof value === 'string') fields[name.slice('field.'.length)] = value
  return { csrf: typeof body?.csrf === 'string' ? body.csrf : undefined, fields }
}
