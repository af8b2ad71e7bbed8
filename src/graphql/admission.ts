/** What a GraphQL request has to be before anything of it is looked at, at every door alike. */
import type { MikroORM } from '@mikro-orm/postgresql'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AuditLog, AuditTrail } from '../audit/audit.js'
import type { Caller, Callers } from '../callers/caller.js'
import { isOwnPage, sessionCookie, setSession } from '../callers/session-cookie.js'
import type { Sessions } from '../callers/sessions.js'
import { Context } from '../context.js'
import { refusal, ValetkeyError } from '../errors.js'

/** Bytes of a request's body. */
export const LARGEST_BODY = 100 * 1024
/** Levels of nesting in a request's JSON. */
const DEEPEST_BODY = 120

/** What an admission works with. */
export interface Doors {
  orm: MikroORM
  callers: Callers
  sessions: Sessions
  auditLog: AuditLog
  publicUrl: string
}

/** Who may come in, and how: with an API key, or, from a page of ours, with the cookie of a session. */
export class Admission {
  private readonly admitted = new WeakMap<FastifyRequest, Caller>()
  private readonly secure: boolean
  private readonly origin: string

  constructor(private readonly doors: Doors) {
    this.secure = doors.publicUrl.startsWith('https:')
    this.origin = new URL(doors.publicUrl).origin
  }

  /** Fastify hooks that let a request in, or refuse it. */
  readonly hooks = {
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      reply.header('cache-control', 'no-store')
      try {
        this.admitted.set(request, await this.authenticate(request, reply))
      } catch (error) {
        if (!(error instanceof ValetkeyError)) throw error
        return reply
          .status(401)
          .header('www-authenticate', 'Bearer realm="valetkey"')
          .send(refusal(error.code, error.message))
      }
      // An answer to what a plain form can send would let other sites ask in a user's name (CSRF).
      if (!isJson(request.headers['content-type'] ?? ''))
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

  /** What a use case is given of a request that was let in. */
  contextOf(request: FastifyRequest): Context {
    const caller = this.admitted.get(request)
    if (!caller) throw new Error('A request that was not let in has no context.')
    const { orm, auditLog } = this.doors
    return new Context(caller, orm.em.fork(), new AuditTrail(caller.actor, request.ip, request.id), auditLog)
  }

  private async authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    const { callers, sessions } = this.doors
    const token = request.cookies[sessionCookie(this.secure)]
    // A browser adds the cookie to whatever any site asks it to send: only what our own pages send counts (CSRF).
    if (request.headers.authorization !== undefined || !token || !isOwnPage(request, this.origin))
      return callers.authenticate(request.headers.authorization)
    const { caller, next } = await sessions.authenticate(token)
    if (next) setSession(reply, next, this.secure)
    return caller
  }
}

export function refuse(reply: FastifyReply, status: number, message: string) {
  return reply.status(status).send(refusal('BAD_USER_INPUT', message))
}

function isJson(contentType: string): boolean {
  const [, type, charset = 'utf-8'] = /^\s*([^;\s]+)(?:.*charset\s*=\s*"?([^";\s]+))?/i.exec(contentType) ?? []
  return type?.toLowerCase() === 'application/json' && charset.toLowerCase() === 'utf-8'
}

/** Deeper than `depth`, or with U+0000 in a value or, escaped, in the document. */
function isOutlandish(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.includes('\0') || /\\u(0000|\{0+\})/.test(value)
  if (value === null || typeof value !== 'object') return false
  if (depth === 0) return true
  return Object.entries(value).some(([key, inner]) => key.includes('\0') || isOutlandish(inner, depth - 1))
}
