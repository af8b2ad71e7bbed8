/** Disconnects accounts: credentials are erased here first, whatever the provider answers afterwards. */
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditTrail } from '../audit/audit.js'
import { clock } from '../clock.js'
import type { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Setups } from '../connections/setups.js'
import { templateValues } from '../connectors/form.js'
import type { RevocationOutcome } from '../oauth/api/revocation.js'
import type { Provider } from '../oauth/provider.js'
import type { Grants } from './grant.js'

/** Deletes what other folders hold for a disconnected account, in the same transaction. */
export type AlsoEnds = (em: EntityManager, account: ConnectedAccount) => Promise<void>

/** Erases an account's credentials and revokes them at the provider. */
export class Disconnections {
  constructor(
    private readonly setups: Setups,
    private readonly grants: Grants,
    private readonly provider: Provider,
    private readonly alsoEnds: AlsoEnds,
  ) {}

  /**
   * Erases the credentials in one transaction, then asks the provider to revoke the tokens.
   *
   * @param find returns the account, locked by the transaction whose entity manager it is called with
   * @param remove whether the account's record is deleted too
   * @returns the account, and the outcome of the revocation
   * @throws whatever `find` throws
   */
  async end(
    em: EntityManager,
    find: (em: EntityManager) => Promise<ConnectedAccount>,
    remove: boolean,
    audit: AuditTrail,
  ): Promise<{ account: ConnectedAccount; revocation: RevocationOutcome }> {
    const { account, credential, setup, values } = await em.fork().transactional(async (em) => {
      const account = await find(em)
      const connection = account.connection.unwrap()
      const isOffered = this.setups.offers(connection)
      const credential = await this.grants.erase(em, account)
      const form = isOffered ? this.setups.methodOf(connection).accountFields : []
      const values = { ...templateValues(form, account.values), ...credential?.values }
      // What was given to another app or address is sent nowhere, not even to be revoked.
      const isRegistered = isOffered && credential && this.setups.isRegistered(connection, credential.registration)
      const setup = isRegistered ? await this.setups.open(em, connection) : null
      await this.alsoEnds(em, account)
      account.disconnected(clock.now())
      audit.record(em, {
        action: remove ? 'account.deleted' : 'account.disconnected',
        connection: connection.name,
        identifier: account.identifier,
      })
      if (remove) em.remove(account)
      return { account, credential, setup, values }
    })
    if (!credential) return { account, revocation: { outcome: 'NOTHING_TO_REVOKE' } }
    if (!setup) return { account, revocation: { outcome: 'NOT_SUPPORTED' } }
    return { account, revocation: await this.provider.revoke(setup, credential.tokens, values) }
  }
}
