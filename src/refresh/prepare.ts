import type { MikroORM } from '@mikro-orm/postgresql'
import { AccountStatus, ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Setups } from '../connections/setups.js'
import { templateValues } from '../connectors/form.js'
import type { OpenedCredential, StoredCredentials } from '../credentials/stored-credential.js'
import { fetches, renewal } from '../oauth/definition.js'
import type { ConnectionSetup } from '../oauth/setup.js'
import type { StoredTokens } from '../oauth/token-endpoint/token-set.js'
import type { Claim } from './lease.js'

/** What the call of a refresh needs. */
export interface Prepared {
  setup: ConnectionSetup
  /** The connection's OAuth client or address is not the one that the tokens were issued to. */
  clientChanged: boolean
  stored: StoredTokens
  access: OpenedCredential['access']
  scopes: string[]
  /** Values of the account's form for templates. */
  values: Record<string, unknown>
}

/** Reads and decrypts what a refresh needs. */
export class Preparation {
  constructor(
    private readonly orm: MikroORM,
    private readonly setups: Setups,
    private readonly credentials: StoredCredentials,
  ) {}

  /**
   * Reads what the call needs. It runs after the claim, and so notices a version that changed before it.
   *
   * @returns the prepared call, or the result of the refresh where nothing is to be sent
   * @throws {ValetkeyError} CONNECTION_UNAVAILABLE where this server has no such connector
   */
  async of(accountUuid: string, { version }: Claim): Promise<Prepared | { kind: 'changed' | 'renewed' }> {
    const em = this.orm.em.fork()
    const account = await em.findOne(ConnectedAccount, { uuid: accountUuid }, { populate: ['connection'] })
    if (!account || account.status !== AccountStatus.ACTIVE) return { kind: 'changed' }
    const opened = await this.credentials.openWhole(accountUuid)
    if (opened?.version !== version) return { kind: 'renewed' }
    const { tokens, access, fingerprint } = opened
    const connection = account.connection.unwrap()
    const setup = await this.setups.open(em, connection)
    // A grant without a refresh token fetches a token of the current OAuth client: a changed one does no harm.
    const isFetchedAnew = renewal(setup.method) !== false && fetches(setup.method)
    return {
      setup,
      clientChanged: !isFetchedAnew && fingerprint !== this.setups.fingerprint(connection),
      stored: tokens,
      access,
      scopes: account.grantedScopes,
      values: templateValues(this.setups.methodOf(connection).accountFields, { ...account.values, ...access.fields }),
    }
  }
}
