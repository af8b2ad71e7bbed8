/** Who takes server-sent events, by the header Accept of a request. */

import type { FastifyReply, FastifyRequest } from 'fastify'

/** Answers a request with a stream of events. */
export type Stream = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** Their media type. */
export const EVENTS = 'text/event-stream'

/** Whether a header Accept lets the answer be events; its most specific word on them counts (RFC 9110 §12.5.1). */
export function acceptsEvents(accept = '*/*'): boolean {
  return (qualityOf(accept, EVENTS) ?? qualityOf(accept, 'text/*') ?? qualityOf(accept, '*/*') ?? 0) > 0
}

/** Whether a header Accept asks for events by their name. */
export function namesEvents(accept = ''): boolean {
  return (qualityOf(accept, EVENTS) ?? 0) > 0
}

/** @returns from 0 to 1; null for a range that is not in the header */
function qualityOf(accept: string, wanted: string): number | null {
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    if (type !== wanted) continue
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0
  }
  return null
}
