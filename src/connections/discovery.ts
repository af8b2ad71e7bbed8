/**
 * Makes a connection ready for its users: what only the provider's server can say is found out, and
 * where the server registers clients by itself, this server is registered there.
 */
import { LockMode } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { ValetkeyError } from '../errors.js'
import { type DiscoveryResult, needsDiscovery } from '../oauth/discovery.js'
import type { Provider } from '../oauth/provider.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { Vault } from '../vault/vault.js'
import { Connection, ConnectionStatus } from './connection.js'
import { ConnectionSecret } from './connection.secret.js'
import type { Setups } from './setups.js'

const NO_CLIENT = 'This server registers no clients by itself: register one with the provider, and enter its Client ID.'

export class ConnectionDiscovery {
  constructor(
    private readonly orm: MikroORM,
    private readonly setups: Setups,
    private readonly provider: Provider,
    private readonly vault: Vault,
  ) {}

  /**
   * Done once; done again where the connection does not work. No transaction is open meanwhile.
   *
   * @returns the connection as it is afterwards; what went wrong is its `problem`
   */
  async ready(connection: Connection): Promise<Connection> {
    if (!this.isDue(connection)) return connection
    const { discovered, values } = await this.setups.secretsOf(this.orm.em.fork(), connection)
    if (discovered && connection.status !== ConnectionStatus.MISCONFIGURED) return connection
    const answer = await this.ask(connection, values)
    const entered = this.setups.describe(connection, values).client.id !== ''
    return this.orm.em.fork().transactional(async (em) => {
      const locked = await em.findOneOrFail(
        Connection,
        { uuid: connection.uuid },
        { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
      )
      if (locked.version !== connection.version) return locked
      if (answer instanceof TokenFailure) {
        locked.misconfigured(answer.message, new Date())
        return locked
      }
      const secret = await em.findOneOrFail(ConnectionSecret, { connection: locked.uuid }, { populate: ['connection'] })
      secret.keep(secret.open(this.vault).values, answer, this.vault)
      locked.discovered(answer.client === null && !entered ? NO_CLIENT : null, new Date())
      return locked
    })
  }

  private isDue(connection: Connection): boolean {
    if (!this.setups.offers(connection)) return false
    if (!needsDiscovery(this.setups.methodOf(connection).definition)) return false
    if (connection.status === ConnectionStatus.DISABLED) return false
    return connection.status !== ConnectionStatus.DRAFT || this.setups.missing(connection).length === 0
  }

  private async ask(connection: Connection, secrets: Record<string, string>): Promise<DiscoveryResult | TokenFailure> {
    const { definition } = this.setups.methodOf(connection)
    const setup = this.setups.describe(connection, secrets)
    try {
      return await this.provider.discover(definition, setup, this.setups.clientCard(connection))
    } catch (error) {
      if (error instanceof TokenFailure) return error
      if (error instanceof ValetkeyError) return new TokenFailure('client', error.message)
      throw error
    }
  }
}
