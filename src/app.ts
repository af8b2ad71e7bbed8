/**
 * The whole wiring, top to bottom: what each part is given, and nothing else. It builds and does not
 * run; server.ts runs it.
 */

import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import rateLimit from '@fastify/rate-limit'
import type { MikroORM } from '@mikro-orm/postgresql'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Pool } from 'pg'
import { type Logger, pino } from 'pino'
import { AuditLog, AuditTrail } from './audit/audit.js'
import { Authorizations } from './authorization/authorizations.js'
import { callbackRoutes } from './authorization/callback.route.js'
import { connectRoutes } from './authorization/connect.route.js'
import { Verifications } from './authorization/verifications.js'
import { Callers } from './callers/caller.js'
import { sessionRoutes } from './callers/session.route.js'
import { Sessions } from './callers/sessions.js'
import type { Config } from './config.js'
import { AccountChanges } from './connected-accounts/account-changes.js'
import { ConnectedAccounts } from './connected-accounts/connected-accounts.js'
import { connectionRoutes } from './connections/connection.route.js'
import { Connections } from './connections/connections.js'
import type { Catalogue } from './connectors/catalogue.js'
import { connectorRoutes } from './connectors/connector.route.js'
import { CustomConnectors } from './connectors/custom-connectors.js'
import { Grants } from './credentials/grant.js'
import { StoredCredentials } from './credentials/stored-credential.js'
import { dashboardRoutes } from './dashboard/dashboard.route.js'
import { Egress } from './egress/egress.js'
import { refusal } from './errors.js'
import { graphqlRoute } from './graphql/graphql.route.js'
import { createSchema } from './graphql/schema.js'
import type { Services } from './graphql/services.js'
import { graphqlStreamRoute } from './graphql/stream.route.js'
import { healthRoutes } from './health/health.route.js'
import { Metrics } from './health/metrics.js'
import { Provider } from './oauth/provider.js'
import { playgroundRoutes } from './playground/playground.route.js'
import { failpointIn } from './refresh/failpoint.js'
import { KeepAlive } from './refresh/keep-alive.js'
import { Refresher } from './refresh/refresh.js'
import { Spool } from './refresh/spool.js'
import { Tokens } from './tokens/token.js'
import type { Vault } from './vault/vault.js'

export interface App {
  fastify: FastifyInstance
  services: Services
  /** Takes no new request, ends those under way, and waits for refreshes to be stored. */
  close(): Promise<void>
}

export interface Parts {
  database: { orm: MikroORM; pool: Pool }
  vault: Vault
  log: FastifyBaseLogger
  catalogue: Catalogue
}

/** Milliseconds between looks for verifications that nobody answered. */
const SWEEP_EVERY = 30_000
/** Milliseconds between rounds that keep idle grants alive. */
const KEEP_ALIVE_EVERY = 10 * 60_000

export async function createApp(
  config: Config,
  { database: { orm, pool }, vault, log, catalogue }: Parts,
): Promise<App> {
  const warn = (message: string, details: object) => log.warn(details, message)
  const metrics = new Metrics(pool)
  const egress = new Egress(config.allowPrivateNetwork, config.playground ? `${config.publicUrl}/playground/` : null)
  const provider = new Provider(egress)
  const auditLog = new AuditLog(pool)
  const callers = new Callers(pool, config.adminKey)
  const sessions = new Sessions(pool, callers)
  const connections = new Connections(orm, catalogue, provider, vault, config.publicUrl, config.application.name)
  const customConnectors = new CustomConnectors(
    orm,
    catalogue,
    egress,
    config.allowPrivateNetwork,
    (em, key) => connections.usesOf(em, key),
    warn,
  )
  const credentials = new StoredCredentials(pool)
  const grants = new Grants(connections, vault)
  const accounts = new ConnectedAccounts(connections, credentials, grants, provider)
  const refresher = new Refresher(
    orm,
    pool,
    connections,
    grants,
    provider,
    vault,
    Spool.open(config.dataDirectory, vault),
    failpointIn(config.failpoint),
    metrics.refresh,
    warn,
  )
  const tokens = new Tokens(
    pool,
    credentials,
    connections,
    refresher,
    provider,
    vault,
    auditLog,
    metrics.tokenAnswer,
    warn,
  )
  const keepAlive = new KeepAlive(orm, pool, connections, refresher)
  const verifications = new Verifications(orm, connections, grants, provider, vault)
  const authorizations = new Authorizations(orm, connections, accounts, grants, verifications, provider, vault, config)
  const services: Services = {
    callers,
    catalogue,
    customConnectors,
    connections,
    accounts,
    refresher,
    keepAlive,
    tokens,
    authorizations,
    verifications,
    auditLog,
  }

  const changes = new AccountChanges(pool, accounts, warn)
  const sweeper = setInterval(() => {
    verifications
      .expire()
      .catch((error) =>
        log.warn({ err: error }, 'Verifications that nobody answered could not be ended; trying again.'),
      )
  }, SWEEP_EVERY).unref()
  // Replicas that started together do not go round together.
  const keeper = setInterval(
    () => {
      keepAlive.round().catch((error) => log.warn({ err: error }, 'Idle grants could not be kept alive; trying again.'))
    },
    KEEP_ALIVE_EVERY * (0.8 + Math.random() * 0.4),
  ).unref()

  let draining = false
  const fastify = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    bodyLimit: 64 * 1024,
    requestTimeout: 10_000,
    // What comes over a connection that is open already is served to the end.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 256 },
  })
  fastify.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-request-id': request.id,
      ...(config.publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    })
  })
  fastify.addHook('preHandler', async (request) => {
    if (/^\/(graphql|connect|oauth|icons)\b/.test(request.routeOptions.url ?? '')) await customConnectors.current()
  })
  fastify.addHook('onSend', async (_request, reply) => {
    if (draining) reply.header('connection', 'close')
  })
  fastify.addHook('onResponse', async (request, reply) => {
    // The route, never the address: addresses hold link tokens, codes and states.
    const route = request.routeOptions.url ?? 'unknown'
    metrics.request(route, request.method, reply.statusCode, reply.elapsedTime / 1000)
    request.log.info(
      { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    )
  })
  fastify.setErrorHandler<Error & { statusCode?: number; code?: string }>((error, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error({ err: error }, 'A request failed.')
    const message =
      status === 429
        ? 'Too many requests; try again in a minute.'
        : status >= 500
          ? `Something went wrong on our side. The log has more under the request id ${request.id}.`
          : 'The request cannot be read.'
    const code = status === 429 ? 'RATE_LIMITED' : status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_USER_INPUT'
    return reply.status(status).send(refusal(code, message))
  })
  fastify.setNotFoundHandler((_request, reply) => reply.status(404).type('text/plain').send('There is nothing here.\n'))

  await fastify.register(cookie)
  await fastify.register(formbody)
  await fastify.register(rateLimit, { global: false })
  healthRoutes(fastify, pool, metrics, () => draining)
  connectorRoutes(fastify, catalogue)
  connectionRoutes(fastify, orm, connections)
  connectRoutes(fastify, authorizations, connections, config.application)
  callbackRoutes(fastify, authorizations, connections, config.application)
  sessionRoutes(fastify, sessions, config.publicUrl, (caller, action, request) =>
    auditLog.write(new AuditTrail(caller.actor, request.ip, request.id).event({ action })),
  )
  await dashboardRoutes(fastify)
  if (config.playground) await playgroundRoutes(fastify, pool, config.publicUrl, config.playgroundTokenSeconds)
  const schema = createSchema(services)
  const doors = { callers, sessions, publicUrl: config.publicUrl }
  await graphqlRoute(fastify, orm, schema, doors)
  graphqlStreamRoute(fastify, orm, schema, doors, changes)

  return {
    fastify,
    services,
    async close() {
      draining = true
      clearInterval(sweeper)
      clearInterval(keeper)
      changes.close()
      await fastify.close()
      await refresher.drain()
      egress.close()
    },
  }
}

/** JSON lines on standard output. Errors are logged by name, message and stack: their other fields may quote a request. */
export function createLogger(config: Pick<Config, 'logLevel'>): Logger {
  const err = (error: unknown): object =>
    error instanceof Error
      ? {
          type: error.name,
          message: error.message,
          stack: error.stack,
          ...(error.cause instanceof Error ? { cause: err(error.cause) } : {}),
        }
      : { message: String(error) }
  return pino({ level: config.logLevel, serializers: { err }, base: null, timestamp: pino.stdTimeFunctions.isoTime })
}
