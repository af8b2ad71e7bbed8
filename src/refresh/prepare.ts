import type { MikroORM } from '@mikro-orm/postgresql'
import { AccountStatus, ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Registration } from '../connections/registration.js'
import type { Setups } from '../connections/setups.js'
import { templateValues } from '../connectors/form.js'
import type { OpenedCredential, StoredCredentials } from '../credentials/stored-credential.js'
import { renewal } from '../oauth/definition.js'
import type { ConnectionSetup } from '../oauth/setup.js'
import type { StoredTokens } from '../oauth/token-endpoint/token-set.js'
import type { Claim } from './lease.js'

/** What the call of a refresh needs. */
export interface Prepared {
  setup: ConnectionSetup
  /** The connection's app, or where it sends, is not what the user consented to. */
  moved: boolean
  /** Of the connection that the answer belongs to. */
  registration: Registration
  stored: StoredTokens
  access: OpenedCredential['access']
  scopes: string[]
  /** Values of the account's form for templates. */
  values: Record<string, unknown>
  /** The version that the stored one was refreshed from; null where a user authorized. */
  parentVersion: number | null
  /** Seconds for which the provider takes a used refresh token again; 0 for one that does not say. */
  grace: number
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
  async of(accountUuid: string, claim: Claim): Promise<Prepared | { kind: 'changed' | 'renewed' }> {
    const prepared = await this.toStore(accountUuid)
    if (!prepared || (prepared.status !== AccountStatus.ACTIVE && !claim.doubted)) return { kind: 'changed' }
    if (prepared.version !== claim.version) return { kind: 'renewed' }
    return { ...prepared, registration: prepared.moved ? prepared.registration : prepared.current }
  }

  /**
   * What storing an answer needs, whatever has become of the account meanwhile.
   *
   * @returns null where the account unlocks nothing any more
   * @throws {ValetkeyError} CONNECTION_UNAVAILABLE where this server has no such connector
   */
  async toStore(
    accountUuid: string,
  ): Promise<(Prepared & { version: number; status: AccountStatus; current: Registration }) | null> {
    const em = this.orm.em.fork()
    const account = await em.findOne(ConnectedAccount, { uuid: accountUuid }, { populate: ['connection'] })
    const opened = account && (await this.credentials.openWhole(accountUuid))
    if (!opened) return null
    const { tokens, access, registration, version, parentVersion } = opened
    const connection = account.connection.unwrap()
    const setup = await this.setups.open(em, connection)
    const how = renewal(setup.method)
    const current = this.setups.registration(connection)
    const isRegistered = this.setups.isRegistered(connection, registration)
    return {
      version,
      status: account.status,
      parentVersion,
      grace: how === false ? 0 : (how.reuseGraceSeconds ?? 0),
      setup,
      moved: !isRegistered && !this.setups.fetchesForItself(connection),
      current,
      registration: isRegistered ? current : registration,
      stored: tokens,
      access,
      scopes: account.grantedScopes,
      values: templateValues(this.setups.methodOf(connection).accountFields, { ...account.values, ...access.fields }),
    }
  }
}
