/** How an authorization ended, on its way to the page that shows it: in a cookie of the browser that came there. */
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { CHOICE_LIFE, type Choosing } from './choices.js'
import type { Completion } from './conclusion.js'
import { choiceCookie, cookieOptions, resultCookie } from './cookies.js'

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

/** Sends the browser to the page that shows how its authorization ended: result.route.ts. */
export function redirectToResult(reply: FastifyReply, publicUrl: string, completion: Shown) {
  const secure = publicUrl.startsWith('https:')
  const { link, account: _account, connection: _connection, ...end } = completion
  const value = Buffer.from(JSON.stringify(end)).toString('base64url')
  return reply
    .setCookie(resultCookie(secure, link.id), value, { ...cookieOptions(secure), maxAge: RESULT_LIFE })
    .headers({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
    .redirect(`${publicUrl}/connect/done/${link.id}`, 303)
}

/** Sends the browser to the page where its user chooses. @param browser its secret */
export function redirectToChoice(reply: FastifyReply, publicUrl: string, { id }: Choosing, browser: string) {
  const secure = publicUrl.startsWith('https:')
  return reply
    .setCookie(choiceCookie(secure, id), browser, { ...cookieOptions(secure), maxAge: CHOICE_LIFE })
    .headers({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
    .redirect(`${publicUrl}/connect/choose/${id}`, 303)
}

/** @returns null for a missing or malformed cookie */
export function resultIn(cookie: string | undefined) {
  try {
    return packed.safeParse(JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString())).data ?? null
  } catch {
    return null
  }
}
