/**
 * Signing in to the dashboard: `POST /dashboard/session` with an API key creates a session, `DELETE` ends
 * it, `DELETE /dashboard/sessions` ends all sessions of the same key. Only JSON from pages of this server is
 * accepted, so that another site cannot sign anybody in or out.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, refusal, ValetkeyError } from '../errors.js'
import type { Caller } from './caller.js'
import { clearSession, isOwnPage, sessionCookie, setSession } from './session-cookie.js'
import type { Sessions } from './sessions.js'

/** Writes the start or the end of a session to the audit log. */
export type RecordSession = (
  caller: Caller,
  action: 'session.started' | 'session.ended',
  request: FastifyRequest,
) => Promise<void>

/** Mounts the routes. Sign-in is limited to 20 attempts a minute for each client address. */
export function sessionRoutes(
  app: FastifyInstance,
  sessions: Sessions,
  publicUrl: string,
  record: RecordSession,
  recordRefusal: (request: FastifyRequest, reason: string) => Promise<void>,
) {
  const secure = publicUrl.startsWith('https:')
  const { origin } = new URL(publicUrl)
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store')
    if (!isOwnPage(request, origin)) return refuse(reply, 403, 'FORBIDDEN', 'Sign in on the dashboard itself.')
  }

  app.post<{ Body: { key?: unknown } | undefined }>(
    '/dashboard/session',
    { onRequest, bodyLimit: 4096, config: { rateLimit: { max: 20, timeWindow: 60_000 } } },
    async (request, reply) => {
      const key = request.headers['content-type']?.startsWith('application/json') ? request.body?.key : undefined
      if (typeof key !== 'string' || !/^[\x21-\x7e]{1,512}$/.test(key))
        return refuse(
          reply,
          400,
          'BAD_USER_INPUT',
          'An API key is visible characters without white space, such as vk_….',
        )
      try {
        const { token, caller } = await sessions.start(key, request.ip)
        // OWASP ASVS 5.0 §7.2.4: signing in again ends the former session.
        const before = request.cookies[sessionCookie(secure)]
        if (before) await sessions.end(before, false, request.ip)
        await record(caller, 'session.started', request)
        setSession(reply, token, secure)
        return reply.status(204).send()
      } catch (error) {
        if (!(error instanceof ValetkeyError)) throw error
        if (error.code === 'FORBIDDEN') return refuse(reply, 403, error.code, error.message)
        await recordRefusal(request, error.message)
        return refuse(reply, 401, error.code, error.message)
      }
    },
  )

  for (const [url, everywhere] of [
    ['/dashboard/session', false],
    ['/dashboard/sessions', true],
  ] as const)
    app.delete(url, { onRequest }, async (request, reply) => {
      const caller = await sessions.end(request.cookies[sessionCookie(secure)] ?? '', everywhere, request.ip)
      if (caller) await record(caller, 'session.ended', request)
      clearSession(reply, secure)
      return reply.status(204).send()
    })
}

function refuse(reply: FastifyReply, status: number, code: ErrorCode, message: string) {
  return reply.status(status).send(refusal(code, message))
}
