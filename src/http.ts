/** The HTTP server before any feature mounts its routes: limits, headers, logging, and what errors look like. */
import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Config } from './config.js'
import { refusal } from './errors.js'
import type { Metrics } from './health/metrics.js'

/** Bytes of a request's body, where a route says nothing else. */
const LARGEST_BODY = 64 * 1024
/** Milliseconds in which a request has to have arrived. */
const REQUEST_TIMEOUT = 10_000

/** @param isDraining whether the process is about to stop */
export async function createHttp(
  config: Pick<Config, 'trustProxy' | 'publicUrl'>,
  log: FastifyBaseLogger,
  metrics: Metrics,
  isDraining: () => boolean,
): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    bodyLimit: LARGEST_BODY,
    requestTimeout: REQUEST_TIMEOUT,
    // What comes over a connection that is open already is served to the end.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 256 },
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onSend', async (_request, reply) => {
    if (isDraining()) reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    // The route, never the address: addresses hold link tokens, codes and states.
    const route = request.routeOptions.url ?? 'unknown'
    metrics.request(route, request.method, reply.statusCode, reply.elapsedTime / 1000)
    const ms = Math.round(reply.elapsedTime)
    request.log.info({ event: 'request', method: request.method, route, status: reply.statusCode, ms }, 'request')
  })
  answerErrors(app)
  await app.register(helmet, {
    // Pages say what they may load themselves; whatever else is opened as one may load nothing.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    strictTransportSecurity: config.publicUrl.startsWith('https:')
      ? { maxAge: 31_536_000, includeSubDomains: false }
      : false,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
  })
  await app.register(cookie)
  await app.register(formbody)
  await app.register(rateLimit, { global: false })
  return app
}

function answerErrors(app: FastifyInstance) {
  app.setErrorHandler<Error & { statusCode?: number; code?: string }>((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500)
      request.log.error(
        { event: 'request.failed', err: error },
        'A request failed for a reason that nobody foresaw; the caller was given its request id.',
      )
    if (status === 429)
      return reply.status(429).send(refusal('RATE_LIMITED', 'Too many requests; try again in a minute.'))
    const message = `Something went wrong on our side. The log has more under the request id ${request.id}.`
    if (status >= 500) return reply.status(status).send(refusal('INTERNAL_SERVER_ERROR', message))
    return reply.status(status).send(refusal('BAD_USER_INPUT', 'The request cannot be read.'))
  })
  app.setNotFoundHandler((_request, reply) => reply.status(404).type('text/plain').send('There is nothing here.\n'))
}
