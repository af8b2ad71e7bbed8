import type { MikroORM } from '@mikro-orm/postgresql'
import { AccountStatus, ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Setups } from '../connections/setups.js'
import { templateValues } from '../connectors/form.js'
import type { OpenedCredential, StoredCredentials } from '../credentials/stored-credential.js'
import { fetches, renewal } from '../oauth/definition.js'
import type { ConnectionSetup } from '../oauth/setup.js'
import type { StoredTokens } from '../oauth/token-endpoint/token-set.js'
import type { Claim } from './lease.js'

/** What a refresh's call needs. */
export interface Prepared {
  setup: ConnectionSetup
  /** The connection's app or address is no longer the one that the tokens were given to. */
  moved: boolean
  stored: StoredTokens
  access: OpenedCredential['access']
  scopes: string[]
  /** What templates see of the account's form. */
  values: Record<string, unknown>
}

export class Preparation {
  constructor(
    private readonly orm: MikroORM,
    private readonly setups: Setups,
    private readonly credentials: StoredCredentials,
  ) {}

  /**
   * Reads what the call needs, after the claim: a version that has moved on meanwhile is seen here.
   *
   * @returns what is to be sent, or why nothing is
   * @throws {ValetkeyError} CONNECTION_UNAVAILABLE where this server has no such connector
   */
  async of(accountUuid: string, { version }: Claim): Promise<Prepared | { kind: 'changed' | 'renewed' }> {
    const em = this.orm.em.fork()
    const account = await em.findOne(ConnectedAccount, { uuid: accountUuid }, { populate: ['connection'] })
    if (!account || account.status !== AccountStatus.ACTIVE) return { kind: 'changed' }
    const opened = await this.credentials.openWhole(accountUuid)
    if (opened?.version !== version) return { kind: 'renewed' }
    const { tokens, access, registration } = opened
    const connection = account.connection.unwrap()
    const setup = await this.setups.open(em, connection)
    // What is fetched anew was given to nobody before: it belongs to the connection as it is now.
    const isFetchedAnew = renewal(setup.method) !== false && fetches(setup.method)
    return {
      setup,
      moved: !isFetchedAnew && registration !== this.setups.fingerprint(connection),
      stored: tokens,
      access,
      scopes: account.grantedScopes,
      values: templateValues(this.setups.methodOf(connection).accountFields, { ...account.values, ...access.fields }),
    }
  }
}
