/** What a GraphQL request has to be before anything of it is looked at, at every door alike. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Callers } from '../callers/caller.js'
import { isOwnPage, sessionCookie, setSession } from '../callers/session-cookie.js'
import type { Sessions } from '../callers/sessions.js'
import { refusal, ValetkeyError } from '../errors.js'

/** Bytes of a request's body. */
export const LARGEST_BODY = 100 * 1024
/** Levels of nesting in a request's JSON. */
const DEEPEST_BODY = 120

/** Who may come in, and how: with an API key, or, from a page of ours, with the cookie of a session. */
export interface Doors {
  callers: Callers
  sessions: Sessions
  publicUrl: string
}

/** Fastify hooks that let a request in. @param known takes who asks */
export function admission({ callers, sessions, publicUrl }: Doors, known: WeakMap<FastifyRequest, Caller>) {
  const secure = publicUrl.startsWith('https:')
  const { origin } = new URL(publicUrl)
  const authenticate = async (request: FastifyRequest, reply: FastifyReply): Promise<Caller> => {
    const token = request.cookies[sessionCookie(secure)]
    // A browser adds the cookie to whatever any site asks it to send: only what our own pages send counts (CSRF).
    if (request.headers.authorization !== undefined || !token || !isOwnPage(request, origin))
      return callers.authenticate(request.headers.authorization)
    const { caller, next } = await sessions.authenticate(token)
    if (next) setSession(reply, next, secure)
    return caller
  }
  return {
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      reply.header('cache-control', 'no-store')
      try {
        known.set(request, await authenticate(request, reply))
      } catch (error) {
        if (!(error instanceof ValetkeyError)) throw error
        return reply
          .status(401)
          .header('www-authenticate', 'Bearer realm="valetkey"')
          .send(refusal(error.code, error.message))
      }
      // An answer to what a plain form can send would let other sites ask in a user's name (CSRF).
      const [, type, charset = 'utf-8'] =
        /^\s*([^;\s]+)(?:.*charset\s*=\s*"?([^";\s]+))?/i.exec(request.headers['content-type'] ?? '') ?? []
      if (type?.toLowerCase() !== 'application/json' || charset.toLowerCase() !== 'utf-8')
        return refuse(reply, 415, 'Send the request as application/json in UTF-8.')
    },
    preHandler: async (request: FastifyRequest, reply: FastifyReply) => {
      // PostgreSQL has no text with U+0000 in it, and nobody has a use for one.
      if (isOutlandish(request.body, DEEPEST_BODY))
        return refuse(
          reply,
          400,
          `No value may hold the character U+0000, and none may be nested deeper than ${DEEPEST_BODY}.`,
        )
    },
  }
}

export function refuse(reply: FastifyReply, status: number, message: string) {
  return reply.status(status).send(refusal('BAD_USER_INPUT', message))
}

/** Deeper than `depth`, or with U+0000 in a value or, escaped, in the document. */
function isOutlandish(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.includes('\0') || /\\u(0000|\{0+\})/.test(value)
  if (value === null || typeof value !== 'object') return false
  return (
    depth === 0 || Object.entries(value).some(([key, inner]) => key.includes('\0') || isOutlandish(inner, depth - 1))
  )
}
