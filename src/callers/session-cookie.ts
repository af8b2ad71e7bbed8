import type { FastifyReply, FastifyRequest } from 'fastify'
import { LONGEST } from './sessions.js'

/** Name of the cookie. `__Host-` binds it to this host (RFC 6265bis §4.1.3.2); browsers refuse that over http. */
export function sessionCookie(secure: boolean): string {
  return secure ? '__Host-valetkey-session' : 'valetkey-session'
}

/** Whether a page of this server made the request: guards cookies against cross-site requests. */
export function isOwnPage(request: FastifyRequest, origin: string): boolean {
  const site = request.headers['sec-fetch-site']
  return site === undefined ? request.headers.origin === origin : site === 'same-origin'
}

const options = (secure: boolean) => ({ path: '/', httpOnly: true, secure, sameSite: 'strict' as const })

/** Sets the session's cookie for the longest life of a session. */
export function setSession(reply: FastifyReply, token: string, secure: boolean) {
  reply.setCookie(sessionCookie(secure), token, { ...options(secure), maxAge: LONGEST })
}

/** Deletes the session's cookie. */
export function clearSession(reply: FastifyReply, secure: boolean) {
  reply.clearCookie(sessionCookie(secure), options(secure))
}
