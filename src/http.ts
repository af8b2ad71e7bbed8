/** Creates the HTTP server without routes: limits, headers, logging, and the format of errors. */
import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { partyOf } from './callers/address-ranges.js'
import type { Config } from './config.js'
import { limitedTo } from './database/shares.js'
import { RateLimited, refusal, ValetkeyError } from './errors.js'
import type { Metrics } from './health/metrics.js'
import { storeOf } from './limits/limit-store.js'
import type { Limits } from './limits/limits.js'
import { unstorablePath } from './text.js'

/** Bytes of a request's body, unless a route has its own limit. */
const LARGEST_BODY = 64 * 1024
/**
 * Bytes of a request's line and headers. A provider's code may be long, and comes in an address, beside the cookies
 * that other applications have set for the same host.
 */
const LARGEST_HEADER = 64 * 1024
/** No page of this server needs any of these, nor lets a frame in it have them. */
const NO_FEATURES =
  'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), ' +
  'midi=(), payment=(), usb=(), screen-wake-lock=(), xr-spatial-tracking=()'
/** Milliseconds within which a request must have been received. */
const REQUEST_TIMEOUT = 10_000
/** Characters of an address of IPv6 with the name of an interface behind it (RFC 4007 §11). */
const LONGEST_ADDRESS = 64

/** Creates the server. @param isDraining whether the process is stopping */
export async function createHttp(
  config: Pick<Config, 'trustProxy' | 'publicUrl'>,
  log: FastifyBaseLogger,
  metrics: Metrics,
  limits: Limits,
  isDraining: () => boolean,
): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    bodyLimit: LARGEST_BODY,
    requestTimeout: REQUEST_TIMEOUT,
    // Node holds requests to a limit only when it is made with it, and looks every thirty seconds otherwise.
    http: {
      requestTimeout: REQUEST_TIMEOUT,
      headersTimeout: REQUEST_TIMEOUT,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: LARGEST_HEADER,
    },
    // While the server stops, requests on open sockets are still answered.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 256 },
  })
  app.addHook('onRequest', async (request) => {
    const twice = comesTwice(request.raw.rawHeaders)
    if (twice) throw Object.assign(new Error(`The header ${twice} comes twice.`), { statusCode: 400 })
  })
  let isWarned = config.trustProxy.length > 0
  app.addHook('onRequest', async (request, reply) => {
    // What a proxy passes on need not be an address; it would be counted, shown and stored as one.
    if (!isAddress(request.ip)) delete request.raw.headers['x-forwarded-for']
    reply.headers({ 'x-request-id': request.id, 'permissions-policy': NO_FEATURES })
    if (!isWarned && request.headers['x-forwarded-for'] !== undefined) {
      isWarned = true
      log.warn(
        { event: 'proxy.not-trusted', address: request.ip },
        'Requests come through a proxy that TRUST_PROXY does not name: all of its clients count as one address, ' +
          'in limits and in the audit log. Set TRUST_PROXY to the address of your balancer.',
      )
    }
  })
  // Callers are authenticated before, and with the API they are the party: see graphql/admission.ts.
  app.addHook('preHandler', (request, _reply, done) => limitedTo(partyOf(request.ip), done))
  app.addHook('preHandler', async (request) => {
    // Bodies are looked at where they are read: JSON by graphql/admission.ts, fields of forms by their own rules.
    if (unstorablePath([request.query, request.params], 4))
      throw Object.assign(new Error('A text that cannot be stored.'), { statusCode: 400 })
  })
  app.addHook('onSend', async (_request, reply) => {
    if (isDraining()) reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    // The route and not the address, since addresses contain link tokens, codes and states.
    const route = request.routeOptions.url ?? 'unknown'
    metrics.request(route, request.method, reply.statusCode, reply.elapsedTime / 1000)
    const ms = Math.round(reply.elapsedTime)
    request.log.info(
      { event: 'request', method: request.method, route, status: reply.statusCode, ms },
      'Answered a request.',
    )
  })
  answerErrors(app)
  await app.register(helmet, {
    // Pages set their own policy. Any other answer that a browser opens as a page may load nothing.
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
  await app.register(rateLimit, { global: false, store: storeOf(limits), keyGenerator: ({ ip }) => partyOf(ip) })
  return app
}

function isAddress(text: string | undefined): boolean {
  return text === undefined || (text.length <= LONGEST_ADDRESS && isIP(text) > 0)
}

/** Headers of which one server reads the first, and another the last. */
const SINGLE = new Set(['authorization', 'host', 'content-type', 'content-length', 'transfer-encoding'])

/** @param raw names and values in turn @returns the name of a header that may come once, and comes again */
function comesTwice(raw: readonly string[]): string | undefined {
  const names = raw.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  return names.find((name, index) => SINGLE.has(name) && names.indexOf(name) < index)
}

function answerErrors(app: FastifyInstance) {
  app.setErrorHandler<Error & { statusCode?: number; code?: string }>((error, request, reply) => {
    if (error instanceof RateLimited)
      return reply.status(429).header('retry-after', error.retryAfter).send(refusal(error.code, error.message))
    if (error instanceof ValetkeyError && error.code === 'BUSY')
      return reply.status(503).header('retry-after', '5').send(refusal(error.code, error.message))
    const status = error.statusCode ?? 500
    if (status >= 500)
      request.log.error(
        { event: 'request.failed', err: error },
        'A request failed with an unexpected error. The caller has its request id; the error is a bug: report it.',
      )
    if (status === 429)
      return reply.status(429).send(refusal('RATE_LIMITED', 'Too many requests; try again in a minute.'))
    const message = `Something went wrong on our side. The log has more under the request id ${request.id}.`
    if (status >= 500) return reply.status(status).send(refusal('INTERNAL_SERVER_ERROR', message))
    return reply.status(status).send(refusal('BAD_USER_INPUT', 'The request cannot be read.'))
  })
  app.setNotFoundHandler((_request, reply) => reply.status(404).type('text/plain').send('There is nothing here.\n'))
}
