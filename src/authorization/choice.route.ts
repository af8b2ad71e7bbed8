/**
 * `GET /connect/choose/:choice` shows the tenants that a grant opens; `POST` takes the one that its user chose. Both
 * are for the browser alone that brought the grant.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Setups } from '../connections/setups.js'
import { ValetkeyError } from '../errors.js'
import { type Application, sendPage } from '../html.js'
import { publicPath } from '../public-path.js'
import { formTexts } from '../text.js'
import type { Arrivals } from './arrivals.js'
import type { Choices } from './choices.js'
import { choiceCookie, cookieOptions } from './cookies.js'
import { formToken, isFromThePage } from './page-form.js'
import { choicePage, destination, messagePage, returningPage } from './pages.js'
import { redirectToChoice, redirectToResult } from './result.js'
import { en } from './texts.js'

type ChoiceRequest = FastifyRequest<{ Params: { choice: string } }>

/** Mounts the page. Limited to 60 GETs and 30 POSTs a minute for each client address. */
export function choiceRoutes(
  app: FastifyInstance,
  choices: Choices,
  arrivals: Arrivals,
  setups: Setups,
  application: Application,
) {
  const secure = setups.publicUrl.startsWith('https:')
  const limits = (max: number) => ({ config: { rateLimit: { max, timeWindow: 60_000 } } })
  const cookieOf = ({ params, cookies }: ChoiceRequest) => cookies[choiceCookie(secure, params.choice)]
  const gone = (reply: FastifyReply) =>
    sendPage(reply, application, messagePage(en.choiceGone[0], en.choiceGone[1], 404))

  const show = async (request: ChoiceRequest, reply: FastifyReply, isAgain: boolean) => {
    const shown = await choices.look(request.params.choice, cookieOf(request))
    if (!shown) return gone(reply)
    const connector = setups.connectorOf(shown.opened.connection)
    const form = { action: `${publicPath(setups.publicUrl)}${request.url}`, csrf: formToken(request, reply, secure) }
    return sendPage(reply, application, choicePage(shown, connector.name, application, form, isAgain))
  }

  app.get<{ Params: { choice: string } }>('/connect/choose/:choice', limits(60), (request, reply) =>
    show(request, reply, false),
  )

  app.post<{ Params: { choice: string } }>('/connect/choose/:choice', limits(30), async (request, reply) => {
    const { choice } = request.params
    const browser = cookieOf(request)
    if (!(await choices.look(choice, browser))) return gone(reply)
    const { csrf, tenant = '' } = Object.fromEntries(formTexts(request.body))
    if (!isFromThePage(request, csrf, secure))
      return sendPage(reply, application, messagePage(en.reachedFromElsewhere[0], en.reachedFromElsewhere[1], 403))
    try {
      const visitor = { secret: browser, ipAddress: request.ip, requestId: request.id }
      const completion = await arrivals.choose(choice, tenant, visitor)
      if (!completion) return await show(request, reply, true)
      reply.clearCookie(choiceCookie(secure, choice), cookieOptions(secure))
      if (completion.kind === 'choosing') return redirectToChoice(reply, setups.publicUrl, completion, browser ?? '')
      const address = destination(completion)
      if (address !== null || completion.kind === 'held')
        return sendPage(reply, application, returningPage(address ?? ''))
      return redirectToResult(reply, setups.publicUrl, completion)
    } catch (error) {
      if (!(error instanceof ValetkeyError)) throw error
      return sendPage(reply, application, messagePage(en.notNow, error.message, 409))
    }
  })
}
