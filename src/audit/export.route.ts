import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { Context } from '../context.js'
import { badInput, refusal, ValetkeyError } from '../errors.js'
import { type ExportedEvent, exportAuditEvents } from './audit-events.js'

interface Query {
  after?: unknown
  since?: unknown
  until?: unknown
}

/** The status of a refusal; another code is none. */
const STATUS: Partial<Record<string, number>> = { FORBIDDEN: 403, BAD_USER_INPUT: 400, BUSY: 503 }

/**
 * Mounts `GET /audit/export`: audit events as lines of JSON (NDJSON), in the order in which they were stored. Each line
 * has its `cursor`; the last line has `end` and the cursor for the next time, and no event.
 *
 * @param authentication admits a request by its API key, or a session from a page of this server, or refuses it, also
 *   for a key that is held to registered documents
 * @param contextOf of an admitted request
 * @param limited reads within the caller's share of the database
 */
export function auditExportRoute(
  app: FastifyInstance,
  authentication: onRequestAsyncHookHandler[],
  contextOf: (request: FastifyRequest) => Context,
  limited: <T>(context: Context, read: () => Promise<T>) => Promise<T>,
) {
  app.get<{ Querystring: Query }>('/audit/export', { onRequest: authentication }, async (request, reply) => {
    try {
      const context = contextOf(request as FastifyRequest)
      const { after, since, until } = request.query
      const filter = { since: timeOf(since, 'since'), until: timeOf(until, 'until') }
      const begin = textOf(after, 'after')
      const pages = await limited(context, () => exportAuditEvents(context, filter, begin))
      const next = () => limited(context, () => pages.next())
      // An error on the way breaks the answer off, and there is no last line.
      return reply.type('application/x-ndjson').send(Readable.from(linesOf(next, begin), { objectMode: false }))
    } catch (error) {
      const status = error instanceof ValetkeyError ? STATUS[error.code] : undefined
      if (!(error instanceof ValetkeyError) || status === undefined) throw error
      return reply.status(status).send(refusal(error.code, error.message, error.path))
    }
  })
}

async function* linesOf(next: () => Promise<IteratorResult<ExportedEvent[]>>, begin: string | null) {
  let cursor = begin
  for (let page = await next(); !page.done; page = await next()) {
    cursor = page.value.at(-1)?.cursor ?? cursor
    yield page.value.map((event) => `${JSON.stringify(event)}\n`).join('')
  }
  yield `${JSON.stringify({ end: true, cursor })}\n`
}

function textOf(value: unknown, name: string): string | null {
  if (value === undefined || value === '') return null
  if (typeof value !== 'string') throw badInput('Give it once.', [name])
  return value
}

function timeOf(value: unknown, name: string): Date | null {
  const text = textOf(value, name)
  if (text === null) return null
  const time = new Date(text)
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime()))
    throw badInput('This is not a time such as 2026-11-25T12:00:00Z.', [name])
  return time
}
