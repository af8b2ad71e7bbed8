/** Gives back to the provider what an authorization brought and what is not kept. */
import type { MikroORM } from '@mikro-orm/postgresql'
import type { Connection } from '../connections/connection.js'
import type { Registration } from '../connections/registration.js'
import type { Setups } from '../connections/setups.js'
import { templateValues } from '../connectors/form.js'
import type { NewGrant } from '../credentials/grant.js'
import type { Provider } from '../oauth/provider.js'

/** What a revocation needs of a grant. */
export type Discarded = Pick<NewGrant, 'tokens' | 'fields' | 'found'> & { values: Record<string, string> }

/** Revokes grants that have been held. */
export class Discards {
  constructor(
    private readonly orm: MikroORM,
    private readonly setups: Setups,
    private readonly provider: Provider,
  ) {}

  /**
   * Whether a grant belongs to another app or address than the connection has now: it is sent nowhere, not even to be
   * revoked.
   *
   * @param registration of the connection that it was given to; grants that earlier versions hold have none
   */
  isMoved(connection: Connection, registration: Registration | undefined): boolean {
    if (!this.setups.offers(connection)) return true
    return registration !== undefined && !this.setups.isRegistered(connection, registration)
  }

  /** @param grant null for one that may be in use elsewhere, or has moved */
  async revoke({ connection, grant }: { connection: Connection; grant: Discarded | null }) {
    if (!grant || !this.setups.offers(connection)) return
    const setup = await this.setups.open(this.orm.em.fork(), connection)
    const form = this.setups.methodOf(connection).accountFields
    await this.provider.revoke(setup, grant.tokens, {
      ...templateValues(form, { ...grant.values, ...grant.fields }),
      ...grant.found,
    })
  }
}
