import type { FastifyReply, FastifyRequest } from 'fastify'
import { LONGEST } from './sessions.js'

/** A cookie that only this host set and only this host gets (RFC 6265bis §4.1.3.2); plain http cannot have that. */
export function sessionCookie(secure: boolean): string {
  return secure ? '__Host-valetkey-session' : 'valetkey-session'
}

/** Whether a request that carries a cookie was made by a page of this server. */
export function isOwnPage(request: FastifyRequest, origin: string): boolean {
  const site = request.headers['sec-fetch-site']
  return site === undefined ? request.headers.origin === origin : site === 'same-origin'
}

const options = (secure: boolean) => ({ path: '/', httpOnly: true, secure, sameSite: 'strict' as const })

export function setSession(reply: FastifyReply, token: string, secure: boolean) {
  reply.setCookie(sessionCookie(secure), token, { ...options(secure), maxAge: LONGEST })
}

export function clearSession(reply: FastifyReply, secure: boolean) {
  reply.clearCookie(sessionCookie(secure), options(secure))
}
