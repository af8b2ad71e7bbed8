/**
 * The wiring of the server: creates every part with its collaborators, and mounts the routes. It does not listen;
 * server.ts does that.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { AuditLog, AuditTrail } from './audit/audit.js'
import { AuditExpiry } from './audit/expiry.js'
import { auditExportRoute } from './audit/export.route.js'
import { RefusedCallers } from './audit/refused-callers.js'
import { Sealer } from './audit/sealer.js'
import { Arrivals } from './authorization/arrivals.js'
import { callbackRoutes } from './authorization/callback.route.js'
import { choiceRoutes } from './authorization/choice.route.js'
import { Choices } from './authorization/choices.js'
import { Conclusions } from './authorization/conclusion.js'
import { connectRoutes } from './authorization/connect.route.js'
import { Departures } from './authorization/departures.js'
import { Discards } from './authorization/discards.js'
import { endAuthorizations, Links } from './authorization/links.js'
import { resultRoute } from './authorization/result.route.js'
import { Settlements } from './authorization/settlements.js'
import { Verifications } from './authorization/verifications.js'
import { ApiKeys } from './callers/api-keys.js'
import { Callers } from './callers/caller.js'
import { sessionRoutes } from './callers/session.route.js'
import { Sessions } from './callers/sessions.js'
import { ClockKeeper } from './clock.js'
import type { Config } from './config.js'
import { ACCOUNT_CHANGED, AccountChanges } from './connected-accounts/account-changes.js'
import { ConnectedAccounts } from './connected-accounts/connected-accounts.js'
import type { Connection } from './connections/connection.js'
import { connectionRoutes } from './connections/connection.route.js'
import { Connections } from './connections/connections.js'
import { ConnectionDiscovery } from './connections/discovery.js'
import type { Registration } from './connections/registration.js'
import { Setups } from './connections/setups.js'
import type { Catalogue } from './connectors/catalogue.js'
import { connectorRoutes } from './connectors/connector.route.js'
import { Connectors } from './connectors/connectors.js'
import { CustomConnectors } from './connectors/custom-connectors.js'
import { AccountCredentials } from './credentials/account-credentials.js'
import { CONNECTION_DELETION, ConnectionDeletions } from './credentials/connection-deletions.js'
import { CredentialCheck } from './credentials/credential-check.js'
import { Disconnections } from './credentials/disconnections.js'
import { Grants } from './credentials/grant.js'
import { followRegistration } from './credentials/moved-accounts.js'
import { StoredCredentials } from './credentials/stored-credential.js'
import { dashboardRoutes } from './dashboard/dashboard.route.js'
import { DASHBOARD_DOCUMENTS } from './dashboard/documents.js'
import { Listener } from './database/listener.js'
import { guardOf } from './database/server-role.js'
import { limitedTo, reserved } from './database/shares.js'
import { Egress } from './egress/egress.js'
import { Admission } from './graphql/admission.js'
import { graphqlRoute } from './graphql/graphql.route.js'
import { createSchema } from './graphql/schema.js'
import { graphqlStreamRoute } from './graphql/stream.route.js'
import { TrustedDocuments } from './graphql/trusted-documents.js'
import { healthRoutes } from './health/health.route.js'
import { Metrics } from './health/metrics.js'
import { createHttp } from './http.js'
import { Jobs } from './jobs/jobs.js'
import { retentionJob } from './jobs/retention.js'
import { type Limit, Limits } from './limits/limits.js'
import type { Warn } from './log.js'
import { Provider } from './oauth/provider.js'
import { SEALED_TABLES, schemaIsCurrent } from './orm.js'
import { playgroundRoutes } from './playground/playground.route.js'
import { publicPath } from './public-path.js'
import { Answers } from './refresh/answers.js'
import { Attempts } from './refresh/attempt.js'
import { Circuits } from './refresh/circuit.js'
import { failpointIn } from './refresh/failpoint.js'
import { KeepAlive } from './refresh/keep-alive.js'
import { cancelRefresh, Leases } from './refresh/lease.js'
import { RefreshOnDemand } from './refresh/on-demand.js'
import { Outcomes } from './refresh/outcome.js'
import { Preparation } from './refresh/prepare.js'
import { Refresher } from './refresh/refresh.js'
import { Spool } from './refresh/spool.js'
import { Sweep } from './refresh/sweep.js'
import { Unfinished } from './refresh/unfinished.js'
import { CredentialMaker } from './tokens/credential.js'
import { Gate } from './tokens/gate.js'
import { Resealing } from './vault/resealing.js'
import type { Vault } from './vault/vault.js'

/** A wired server that does not listen yet. */
export interface App {
  fastify: FastifyInstance
  services: ReturnType<typeof createServices>
  /** Stops to accept requests and jobs, waits for the running ones, and for refreshes to be stored. */
  close(): Promise<void>
}

/** The parts that are opened before the server is wired. */
export interface Parts {
  database: { orm: MikroORM; pool: Pool; url: string }
  vault: Vault
  log: FastifyBaseLogger
  catalogue: Catalogue
  /** This process, and those before it with the same data directory, as the owner of leases: a uuid. */
  owner: { id: string; isNew: boolean }
}

/** Wires the server. */
export async function createApp(config: Config, parts: Parts): Promise<App> {
  const metrics = new Metrics(parts.database.pool)
  const warn: Warn = (event, message, details) => parts.log.warn({ event, ...details }, message)
  const clockKeeper = new ClockKeeper(parts.database.pool, warn)
  clockKeeper.start()
  const note: Warn = (event, message, details) => parts.log.info({ event, ...details }, message)
  const limits = new Limits(parts.database.pool)
  const services = createServices(config, parts, metrics, warn, note, limits)
  let draining = false
  const fastify = await createHttp(config, parts.log, metrics, limits, () => draining)
  await mount(fastify, config, parts, services, metrics, () => draining)
  return {
    fastify,
    services,
    async close() {
      draining = true
      // A balancer has to hear of it, and send nobody any more, before the listener goes.
      await sleep(config.drainSeconds * 1000)
      await services.jobs.stop()
      await services.sweep.stop()
      services.changes.close()
      services.listener.close()
      await fastify.close()
      await services.refresher.drain()
      await services.resealing.stop()
      await services.sealer.stop()
      services.egress.close()
      clockKeeper.stop()
      parts.vault.dataKeys.stop()
      limits.stop()
    },
  }
}

/** Longer than a screen and one function on purpose: it shows all dependencies in one place. */
function createServices(config: Config, parts: Parts, metrics: Metrics, warn: Warn, note: Warn, limits: Limits) {
  const { database, vault, catalogue } = parts
  const { orm, pool } = database
  const ownAddress = config.playground ? `${config.publicUrl}/playground/` : null
  const egress = new Egress(config.allowPrivateNetwork, ownAddress, config.egressProxy)
  const provider = new Provider(egress)
  const jobs = new Jobs(database.url, config.retention.jobDays, warn)

  const auditLog = new AuditLog(pool)
  const authenticationKey = vault.authenticationKey.bind(vault)
  const sealer = new Sealer(pool, authenticationKey, note, warn)
  metrics.gauge('valetkey_audit_events_unsealed', 'Audit events that are in no batch of the chain yet.', () =>
    sealer.waiting(),
  )
  const auditExpiry = new AuditExpiry(pool, authenticationKey, warn)
  const auditGuard = () => guardOf(pool, 'audit_event')
  const sayGuard = async () => {
    if ((await auditGuard()) === 'none')
      warn(
        'audit.not-append-only',
        "The server's login owns the audit log and may change it: a role of its own could not be made. " +
          'See docs/operations.md, Roles of the database.',
      )
  }
  const callers = new Callers(pool, config.adminKey)
  const sessions = new Sessions(pool, callers)
  const apiKeys = new ApiKeys(callers, pool, config.trustedDocuments.manifest !== null)

  const connectors = new Connectors(catalogue)
  const setups = new Setups(catalogue, vault, config.publicUrl, config.application.name)
  const moved = (em: EntityManager, connection: Connection, before: Registration | null) =>
    followRegistration(em, setups, connection, before)
  const discovery = new ConnectionDiscovery(orm, setups, provider, vault, moved)
  const connections = new Connections(catalogue, setups, discovery, vault, moved)
  const customConnectors = new CustomConnectors(
    orm,
    catalogue,
    egress,
    config.allowPrivateNetwork,
    (em, key) => connections.usesOf(em, key),
    warn,
    async (em, key) => {
      for (const connection of await connections.of(em, key)) await moved(em, connection, null)
    },
  )

  const credentials = new StoredCredentials(pool, vault)
  const accounts = new ConnectedAccounts(credentials)
  const listener = new Listener(database.url, ACCOUNT_CHANGED, warn)
  const changes = new AccountChanges(listener, accounts, (of) => callers.ended(of))

  const grants = new Grants(setups, vault, cancelRefresh)
  const credentialCheck = new CredentialCheck(setups, grants, provider)
  const disconnections = new Disconnections(setups, grants, provider, endAuthorizations)
  const accountCredentials = new AccountCredentials(
    connections,
    accounts,
    setups,
    grants,
    credentialCheck,
    disconnections,
  )
  const connectionDeletions = new ConnectionDeletions(
    orm,
    connections,
    accounts,
    disconnections,
    () => jobs.runSoon(CONNECTION_DELETION),
    warn,
  )

  const leases = new Leases(pool, parts.owner.id)
  const circuits = new Circuits(pool, parts.owner.id)
  const failpoint = failpointIn(config.failpoint)
  const spool = Spool.open(config.dataDirectory, vault, warn)
  const answers = new Answers(pool, vault)
  const unfinished = new Unfinished(answers, spool, leases)
  unfinished.measure(metrics.gauge)
  const preparation = new Preparation(orm, setups, credentials)
  const owner = parts.owner.id
  const extend = (account: string, fence: number) => leases.extend(account, fence)
  const outcomes = new Outcomes({ orm, pool, grants, provider, warn, extend, owner })
  const observe = metrics.refresh
  const attempts = new Attempts({
    ...{ preparation, leases, spool, answers, provider, outcomes, circuits, failpoint, observe },
  })
  const refresher = new Refresher(leases, circuits, attempts, setups, failpoint)
  const sweep = new Sweep({
    orm,
    spool,
    answers,
    leases,
    preparation,
    provider,
    outcomes,
    refresher,
    warn,
    folderIsNew: parts.owner.isNew,
  })
  const keepAlive = new KeepAlive(orm, pool, setups, refresher)
  keepAlive.count(metrics.gauge)
  const refreshOnDemand = new RefreshOnDemand(accounts, credentials, refresher)

  const maker = new CredentialMaker(credentials, setups, provider)
  const gate = new Gate(
    connections,
    setups,
    credentials,
    refresher,
    maker,
    { pool, auditLog, observe: metrics.tokenAnswer, warn },
    limits,
    perSecond(config.limits.account),
  )

  const links = new Links(orm, connections, accounts, setups, config, limits)
  const discards = new Discards(orm, setups, provider)
  const verifications = new Verifications(orm, setups, grants, discards, vault, limits)
  const conclusions = new Conclusions(grants, verifications)
  const departures = new Departures(orm, links, setups, discovery, credentialCheck, conclusions, provider, vault)
  const choices = new Choices(orm, grants, discards, vault)
  const settlements = new Settlements(orm, setups, provider, conclusions, choices, grants, discards)
  const arrivals = new Arrivals(orm, setups, provider, settlements, choices, vault)

  const resealing = new Resealing(pool, vault, SEALED_TABLES, note, warn)
  vault.dataKeys.follow(warn, () => resealing.wake())
  const retention = retentionJob(pool, config.retention, (days, signal) => auditExpiry.run(days, signal))
  for (const job of [
    connectionDeletions.job,
    verifications.expiry,
    choices.expiry,
    keepAlive.job,
    discovery.job,
    retention,
    limits.job,
  ])
    jobs.add(job)

  return {
    ...{ sealer, auditGuard, sayGuard, resealing },
    ...{
      egress,
      limits,
      jobs,
      listener,
      auditLog,
      callers,
      sessions,
      apiKeys,
      catalogue,
      connectors,
      customConnectors,
    },
    ...{ setups, connections, accounts, changes, accountCredentials, connectionDeletions },
    ...{
      refresher,
      refreshOnDemand,
      sweep,
      unfinished,
      keepAlive,
      retention,
      gate,
      links,
      departures,
      arrivals,
      choices,
      verifications,
    },
  }
}

/** Averaged over ten seconds: a burst is no flood. */
function perSecond(number: number): Limit {
  return { most: number * 10, seconds: 10 }
}

async function mount(
  fastify: FastifyInstance,
  config: Config,
  { database: { orm, pool }, vault: { dataKeys } }: Parts,
  services: ReturnType<typeof createServices>,
  metrics: Metrics,
  isDraining: () => boolean,
) {
  const { application, publicUrl } = config
  const { auditLog, callers, sessions, setups } = services
  fastify.addHook('preHandler', async (request) => {
    if (!/^\/(graphql|connect|oauth|icons)\b/.test(request.routeOptions.url ?? '')) return
    await dataKeys.upToDate()
    await services.customConnectors.current()
  })
  healthRoutes(
    fastify,
    () => reserved(() => schemaIsCurrent(pool)),
    () => dataKeys.missing.length === 0,
    metrics,
    isDraining,
    async () => ({ ...(await services.unfinished.counts()), auditGuard: await services.auditGuard() }),
  )
  connectorRoutes(fastify, services.catalogue)
  connectionRoutes(fastify, orm, services.connections)
  connectRoutes(fastify, services.links, services.departures, setups, application)
  callbackRoutes(fastify, services.arrivals, setups, application)
  choiceRoutes(fastify, services.choices, services.arrivals, setups, application)
  resultRoute(fastify, services.links, setups, application)
  const refused = new RefusedCallers(auditLog, services.limits)
  sessionRoutes(
    fastify,
    sessions,
    publicUrl,
    (caller, action, request) => auditLog.write(new AuditTrail(caller.actor, request.ip, request.id).event({ action })),
    (request, reason) => refused.record(request, reason),
  )
  await dashboardRoutes(fastify, publicPath(publicUrl))
  if (config.playground) await playgroundRoutes(fastify, pool, publicUrl, config.playgroundTokenSeconds)
  const schema = createSchema(services)
  const admission = new Admission({
    ...{ orm, callers, sessions, auditLog, publicUrl, refused, limits: services.limits },
    documents: TrustedDocuments.read(config.trustedDocuments, DASHBOARD_DOCUMENTS, schema),
    keyLimit: perSecond(config.limits.key),
  })
  const stream = graphqlStreamRoute(fastify, schema, admission, services.changes)
  await graphqlRoute(fastify, schema, admission, stream)
  auditExportRoute(
    fastify,
    admission.withoutDocuments,
    (request) => admission.contextOf(request),
    ({ caller }, read) => limitedTo(caller.actor, read),
  )
}
