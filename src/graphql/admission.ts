/** The checks of a GraphQL request before it is parsed, for both GraphQL endpoints. */
import type { MikroORM } from '@mikro-orm/postgresql'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AuditLog, AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import type { RefusedCallers } from '../audit/refused-callers.js'
import type { Caller, Callers } from '../callers/caller.js'
import { isOwnPage, sessionCookie, setSession } from '../callers/session-cookie.js'
import type { Sessions } from '../callers/sessions.js'
import { Context } from '../context.js'
import { limitedTo } from '../database/shares.js'
import { RateLimited, refusal, ValetkeyError } from '../errors.js'
import type { Limit, Limits } from '../limits/limits.js'
import { unstorablePath } from '../text.js'
import { takeBody, writeAddress } from './by-get.js'
import type { TrustedDocuments } from './trusted-documents.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route writes its headers itself: they carry no new cookie. */
    streams?: boolean
  }
}

/** Bytes of a request's body. */
export const LARGEST_BODY = 100 * 1024
/** Levels of nesting in a request's JSON. */
const DEEPEST_BODY = 120

/** The collaborators of an admission. */
export interface Doors {
  orm: MikroORM
  callers: Callers
  sessions: Sessions
  auditLog: AuditLog
  refused: RefusedCallers
  publicUrl: string
  limits: Limits
  documents: TrustedDocuments
  /** Of the requests of one API key; `most` is 0 for none. */
  keyLimit: Limit
}

/** Authenticates requests: by an API key or, from a page of this server, by the cookie of a session. */
export class Admission {
  private readonly admitted = new WeakMap<FastifyRequest, Caller>()
  private readonly secure: boolean
  private readonly origin: string

  constructor(private readonly doors: Doors) {
    this.secure = doors.publicUrl.startsWith('https:')
    this.origin = new URL(doors.publicUrl).origin
  }

  /** A Fastify hook that authenticates a request, or refuses it. */
  readonly authentication = (request: FastifyRequest, reply: FastifyReply) =>
    this.admitAs(request, reply, () => this.cameInAs(request, reply))

  /** The same for an API key alone, whatever cookies come beside it. */
  private readonly keyAuthentication = (request: FastifyRequest, reply: FastifyReply) =>
    this.admitAs(request, reply, () => this.doors.callers.authenticate(request.headers.authorization, request.ip))

  private async admitAs(request: FastifyRequest, reply: FastifyReply, cameIn: () => Promise<Caller>) {
    reply.header('cache-control', 'no-store')
    try {
      this.admitted.set(request, this.counted(await cameIn()))
    } catch (error) {
      if (!(error instanceof ValetkeyError)) throw error
      const refused = error instanceof RateLimited ? error : await this.recorded(request, error)
      if (refused instanceof RateLimited)
        return reply.status(429).header('retry-after', refused.retryAfter).send(refusal(refused.code, refused.message))
      return reply
        .status(401)
        .header('www-authenticate', 'Bearer realm="valetkey"')
        .send(refusal(refused.code, refused.message))
    }
  }

  /** For doors without documents: no key passes that runs registered documents and nothing else. */
  readonly withoutDocuments = [
    this.authentication,
    async (request: FastifyRequest, reply: FastifyReply) => {
      if (this.callerOf(request).key?.trustedDocumentsOnly)
        return reply
          .status(403)
          .send(
            refusal(
              'FORBIDDEN',
              'This API key runs registered documents and does nothing else. Use a key without trustedDocumentsOnly.',
            ),
          )
    },
  ]

  private readonly checks = [
    (request: FastifyRequest, _reply: FastifyReply, done: () => void) => limitedTo(this.callerOf(request).actor, done),
    async (request: FastifyRequest, reply: FastifyReply) => {
      const path = unstorablePath(request.body, DEEPEST_BODY) ?? escapedPath(request.body)
      if (path === null) return
      const message =
        'No text may hold the character U+0000 or half of a surrogate pair, ' +
        `and none may be nested deeper than ${DEEPEST_BODY}.`
      return reply.status(400).send(refusal('BAD_USER_INPUT', message, path))
    },
    async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        this.doors.documents.admit(this.callerOf(request), request.body)
      } catch (error) {
        if (!(error instanceof ValetkeyError)) throw error
        await this.recordDocument(request, error)
        return reply.status(400).send(refusal(error.code, error.message, error.path))
      }
    },
  ]

  /** Fastify hooks that authenticate a request and check its body, or refuse it. */
  readonly hooks = {
    onRequest: [
      this.authentication,
      async (request: FastifyRequest, reply: FastifyReply) => {
        // Other sites can send every other content type from a form, in the name of a user (CSRF).
        if (!isJson(request.headers['content-type'] ?? ''))
          return refuse(reply, 415, 'Send the request as application/json in UTF-8.')
        // RFC 9110 §8.4: what is not understood is not read as if it were plain.
        if (!['', 'identity'].includes(request.headers['content-encoding']?.toLowerCase() ?? ''))
          return refuse(reply, 415, 'Send the request without a content encoding.')
      },
    ],
    preHandler: this.checks,
  }

  /** The same for requests by GET, whose address says what a body would say: for API keys alone. */
  readonly hooksOfGet = {
    onRequest: [this.keyAuthentication],
    preHandler: [
      async (request: FastifyRequest, reply: FastifyReply) => {
        try {
          takeBody(request)
        } catch (error) {
          if (!(error instanceof ValetkeyError)) throw error
          return reply.status(400).send(refusal(error.code, error.message, error.path))
        }
      },
      ...this.checks,
      async (request: FastifyRequest) => writeAddress(request),
    ],
  }

  /** The context of an admitted request, for use cases. */
  contextOf(request: FastifyRequest): Context {
    const caller = this.callerOf(request)
    const { orm, auditLog } = this.doors
    return new Context(caller, orm.em.fork(), new AuditTrail(caller.actor, request.ip, request.id), auditLog)
  }

  /** Who sends other documents than it was given may be an agent that somebody else instructs. */
  private async recordDocument(request: FastifyRequest, { code }: ValetkeyError) {
    if (code !== 'TRUSTED_DOCUMENT_REQUIRED') return
    const { actor } = this.callerOf(request)
    const trail = new AuditTrail(actor, request.ip, request.id)
    const act = { action: 'operation.denied', outcome: AuditOutcome.DENIED, details: { document: 'not registered' } }
    await this.doors.auditLog.write(trail.event(act))
  }

  /** Records that a caller is refused. @returns the refusal, or that there are too many from this address */
  private async recorded(request: FastifyRequest, refusal: ValetkeyError): Promise<ValetkeyError> {
    try {
      await this.doors.refused.record(request, refusal.message)
      return refusal
    } catch (error) {
      if (error instanceof RateLimited) return error
      throw error
    }
  }

  private callerOf(request: FastifyRequest): Caller {
    const caller = this.admitted.get(request)
    if (!caller) throw new Error('A request that was not let in has no caller.')
    return caller
  }

  private counted(caller: Caller): Caller {
    // The operator's own key has no limit but the machine's.
    if (this.doors.keyLimit.most > 0 && caller.key)
      this.doors.limits.flow(`key:${caller.key.uuid}`, this.doors.keyLimit, 'This API key asks too often.')
    return caller
  }

  private async cameInAs(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    const { callers, sessions } = this.doors
    const token = request.cookies[sessionCookie(this.secure)]
    // Browsers send the cookie with requests of other sites too: it counts only for those of our pages (CSRF).
    if (request.headers.authorization !== undefined || !token || !isOwnPage(request, this.origin))
      return callers.authenticate(request.headers.authorization, request.ip)
    const { caller, next } = await sessions.authenticate(
      token,
      request.ip,
      request.routeOptions.config.streams !== true,
    )
    if (next) setSession(reply, next, this.secure)
    return caller
  }
}

/** Answers with a GraphQL error outside of an execution. */
export function refuse(reply: FastifyReply, status: number, message: string) {
  return reply.status(status).send(refusal('BAD_USER_INPUT', message))
}

function isJson(contentType: string): boolean {
  const [, type, charset = 'utf-8'] = /^\s*([^;\s]+)(?:.*charset\s*=\s*"?([^";\s]+))?/i.exec(contentType) ?? []
  return type?.toLowerCase() === 'application/json' && charset.toLowerCase() === 'utf-8'
}

/** A document may hold U+0000 as an escape, which graphql-js would unescape. */
function escapedPath(body: unknown): string[] | null {
  const query = (body as { query?: unknown } | null)?.query
  return typeof query === 'string' && /\\u(0000|\{0+\})/.test(query) ? ['query'] : null
}
