import { AccountStatus, type ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { ConnectedAccounts } from '../connected-accounts/connected-accounts.js'
import type { Context } from '../context.js'
import type { StoredCredentials } from '../credentials/stored-credential.js'
import { ValetkeyError } from '../errors.js'
import type { Refresher } from './refresh.js'

/** Refreshes an account at once, however long its token is still valid. */
export class RefreshOnDemand {
  constructor(
    private readonly accounts: ConnectedAccounts,
    private readonly credentials: StoredCredentials,
    private readonly refresher: Refresher,
  ) {}

  /**
   * @param id the account's public id
   * @returns the account after the refresh; its status shows whether the provider refused the grant
   * @throws {ValetkeyError} FORBIDDEN; NOT_FOUND; CONFLICT where there is nothing to refresh;
   *   PROVIDER_UNAVAILABLE; CONNECTION_UNAVAILABLE
   */
  async refresh(context: Context, id: string): Promise<ConnectedAccount> {
    await context.authorize('Mutation.refreshConnectedAccount')
    const { em, caller, audit } = context
    const account = await this.accounts.byId(em, caller, id)
    const connection = account.connection.unwrap()
    const stored = await this.credentials.of(em, account)
    if (!stored || account.status !== AccountStatus.ACTIVE)
      throw new ValetkeyError('CONFLICT', `There is nothing to refresh: the account's status is ${account.status}.`)
    const result = await this.refresher.refresh(account.uuid, connection, stored.version)
    audit.record(em, {
      action: 'account.refreshed',
      connection: connection.name,
      identifier: account.identifier,
      details: { result: result.kind },
    })
    await em.flush()
    if (result.kind === 'unavailable')
      throw new ValetkeyError(
        'PROVIDER_UNAVAILABLE',
        `${result.reason} Try again in ${result.retryAfter} s; the account is untouched.`,
      )
    if (result.kind === 'moved') throw new ValetkeyError('CONFLICT', result.reason)
    if (result.kind === 'misconfigured') throw new ValetkeyError('CONNECTION_UNAVAILABLE', result.problem)
    return em.refreshOrFail(account)
  }
}
