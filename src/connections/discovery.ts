/**
 * Discovery for a connection: reads the metadata of its authorization server and, where that server supports
 * dynamic client registration (RFC 7591), registers a client.
 */
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { clock } from '../clock.js'
import { ValetkeyError } from '../errors.js'
import type { Job } from '../jobs/jobs.js'
import { authorityOf, type DiscoveryResult, needsDiscovery } from '../oauth/discovery.js'
import type { Provider } from '../oauth/provider.js'
import { type ConnectionSetup, sendsUsers } from '../oauth/setup.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { Vault } from '../vault/vault.js'
import { Connection, ConnectionStatus } from './connection.js'
import { ConnectionSecret } from './connection.secret.js'
import type { Registration } from './registration.js'
import type { Setups } from './setups.js'

const NO_CLIENT = 'This server registers no clients by itself: register one with the provider, and enter its Client ID.'

const FORGOTTEN =
  'The authorization server does not know the client any more that it registered. Another one is needed.'

/** Runs discovery and stores its result. */
export class ConnectionDiscovery {
  constructor(
    private readonly orm: MikroORM,
    private readonly setups: Setups,
    private readonly provider: Provider,
    private readonly vault: Vault,
    /** Called in the transaction that stores another authority, with what grants were given to before. */
    private readonly moved: (em: EntityManager, connection: Connection, before: Registration | null) => Promise<void>,
  ) {}

  /**
   * Runs discovery where the connection needs it: once, and again while the connection is MISCONFIGURED. No
   * transaction is open during the calls. A server that names another authority than before gets nothing of what was
   * entered or granted for that one.
   *
   * @returns the connection afterwards; a failure is stored as its `problem`
   */
  async ready(connection: Connection): Promise<Connection> {
    if (!this.isDue(connection)) return connection
    const { discovered, values } = await this.setups.secretsOf(this.orm.em.fork(), connection)
    if (discovered && connection.status !== ConnectionStatus.MISCONFIGURED) return connection
    const former = connection.authority ?? (discovered && authorityOf(discovered))
    const answer = await this.discover(connection, values, former)
    const entered = this.setups.describe(connection, values).client.id !== ''
    return this.orm.em.fork().transactional(async (em) => {
      const locked = await em.findOneOrFail(
        Connection,
        { uuid: connection.uuid },
        { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
      )
      if (locked.version !== connection.version) return locked
      if (answer instanceof TokenFailure) {
        // An outage is an outage: only an answer says that something is wrong with the connection.
        if (answer.isOutage) locked.outage(answer.message, clock.now())
        else locked.misconfigured(answer.message, clock.now())
        return locked
      }
      const secret = await em.findOneOrFail(ConnectionSecret, { connection: locked.uuid }, { populate: ['connection'] })
      locked.authority ??= former
      const known = locked.authority
      const before = this.setups.registration(locked)
      const authority = authorityOf(answer)
      if (known !== null && authority !== known) {
        // Found again, and a client registered, when the developer has agreed.
        secret.keep({}, null, this.vault)
        locked.ledElsewhere(authority, clock.now())
      } else {
        locked.authority = authority
        secret.keep(secret.open(this.vault).values, answer, this.vault)
        locked.discovered(answer.client === null && !entered ? NO_CLIENT : null, clock.now())
      }
      if (!this.setups.isRegistered(locked, before)) await this.moved(em, locked, known === null ? null : before)
      return locked
    })
  }

  /**
   * Users who are sent away do not come back. Where this server registered the client itself, the authorization server
   * may have forgotten it, and is asked. Then another client is registered.
   */
  async reviewed(connection: Connection): Promise<Connection> {
    const { values, discovered } = await this.setups.secretsOf(this.orm.em.fork(), connection)
    if (!discovered?.client || connection.status !== ConnectionStatus.ACTIVE) return connection
    const setup = this.setups.describe(connection, values, discovered)
    if (!sendsUsers(setup) || !(await this.provider.hasForgotten(setup))) return connection
    const marked = await this.orm.em.fork().transactional(async (em) => {
      const locked = await em.findOneOrFail(
        Connection,
        { uuid: connection.uuid },
        { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
      )
      if (locked.version === connection.version) locked.misconfigured(FORGOTTEN, clock.now())
      return locked
    })
    return this.ready(marked)
  }

  readonly job: Job = {
    name: 'discovery',
    schedule: '*/5 * * * *',
    longest: 240,
    run: async (signal) => {
      const connections = await this.orm.em
        .fork()
        .find(Connection, { status: ConnectionStatus.ACTIVE, problem: { $ne: null } })
      for (const connection of connections) if (!signal.aborted) await this.ready(connection)
    },
  }

  /**
   * Whether a user can be sent to the provider: what only its server knows has been found out.
   *
   * @throws {ValetkeyError} PROVIDER_UNAVAILABLE, with the reason, where it has not
   */
  assertReady(connection: Connection, setup: ConnectionSetup) {
    if (!needsDiscovery(this.setups.methodOf(connection).definition)) return
    if (Object.keys((setup.scope.discovered as object | undefined) ?? {}).length > 0) return
    throw new ValetkeyError('PROVIDER_UNAVAILABLE', connection.problem ?? 'The provider could not be reached.')
  }

  private isDue(connection: Connection): boolean {
    if (!this.setups.offers(connection)) return false
    if (!needsDiscovery(this.setups.methodOf(connection).definition)) return false
    if (connection.status === ConnectionStatus.DISABLED) return false
    return connection.status !== ConnectionStatus.DRAFT || this.setups.missing(connection).length === 0
  }

  private async discover(
    connection: Connection,
    secrets: Record<string, string>,
    former: string | null,
  ): Promise<DiscoveryResult | TokenFailure> {
    const { definition } = this.setups.methodOf(connection)
    const setup = this.setups.describe(connection, secrets)
    try {
      return await this.provider.discover(definition, setup, this.setups.clientCard(connection), former)
    } catch (error) {
      if (error instanceof TokenFailure) return error
      if (error instanceof ValetkeyError) return new TokenFailure('client', error.message)
      throw error
    }
  }
}
