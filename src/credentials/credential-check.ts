/**
 * Keys and passwords that users enter are tried at the provider before anything of them is stored, and
 * while no transaction is open. Where the auth type exchanges them for a token, that is fetched.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountStatus, type ConnectedAccount } from '../connected-accounts/connected-account.js'
import { type Connection, ConnectionStatus } from '../connections/connection.js'
import type { Setups } from '../connections/setups.js'
import type { AuthMethod } from '../connectors/auth-method.js'
import type { FieldValueInput } from '../connectors/form.input.js'
import { missingFields, readFields, templateValues } from '../connectors/form.js'
import { badInput, ValetkeyError } from '../errors.js'
import { withoutSecrets } from '../oauth/answer/provider-text.js'
import type { Provider } from '../oauth/provider.js'
import type { ConnectionSetup } from '../oauth/setup.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import { NO_TOKENS, type TokenSet } from '../oauth/token-endpoint/token-set.js'
import type { Grants, NewGrant } from './grant.js'

/** Credentials that a user entered, and the provider took. */
export interface CheckedCredential extends NewGrant {
  /** Values of the account form that are no secrets. */
  values: Record<string, string>
}

const PATH = ['input', 'fields']
const NO_TOKEN_SET: TokenSet = { ...NO_TOKENS, tokenType: '', scopes: [], expiresAt: null, refreshExpiresAt: null }

export class CredentialCheck {
  constructor(
    private readonly setups: Setups,
    private readonly grants: Grants,
    private readonly provider: Provider,
  ) {}

  /**
   * What the account has already and is not given again stays.
   *
   * @param account the one that it is for; null for a new one
   * @returns null where the connection sends its users to the provider instead, or where nothing was
   *   entered and something is needed
   * @throws {ValetkeyError} BAD_USER_INPUT; CONNECTION_UNAVAILABLE; PROVIDER_REJECTED with the
   *   provider's words; PROVIDER_UNAVAILABLE where the provider did not say
   */
  async check(
    em: EntityManager,
    connection: Connection,
    account: ConnectedAccount | null,
    inputs: readonly FieldValueInput[] | null | undefined,
  ): Promise<CheckedCredential | null> {
    if (!this.setups.offers(connection)) return null
    const method = this.setups.methodOf(connection)
    if (method.redirects) return null
    const form = method.accountFields
    // An account that needs nothing is connected by being there; one that needs something waits for it.
    const waits =
      account?.status === AccountStatus.ACTIVE || form.some((field) => field.required && field.default === null)
    if (inputs == null && waits) return null
    const values = { ...account?.values }
    const fields = account ? await this.grants.secretFields(em, account) : {}
    for (const [key, value] of readFields(form, inputs ?? [], PATH)) {
      const target = form.find((field) => field.key === key)?.secret ? fields : values
      if (value === null) delete target[key]
      else target[key] = value
    }
    const missing = missingFields(
      form,
      (key) => values[key] !== undefined || fields[key] !== undefined,
      (key) => values[key],
    )
    if (missing.length > 0) throw badInput(`Still needed: ${missing.map(({ key }) => key).join(', ')}.`, PATH)
    if (method.fetches) assertFetches(connection)
    return this.ask(await this.setups.open(em, connection), connection, method, values, fields)
  }

  private async ask(
    setup: ConnectionSetup,
    connection: Connection,
    method: AuthMethod,
    values: Record<string, string>,
    fields: Record<string, string>,
  ): Promise<CheckedCredential> {
    const { name } = this.setups.connectorOf(connection)
    let account = templateValues(method.accountFields, { ...values, ...fields })
    try {
      const tokens = method.fetches ? await this.provider.fetch(setup, account) : NO_TOKEN_SET
      const found = await this.provider.accountValues(setup, tokens, account)
      account = { ...account, ...found }
      const isNarrow = (await this.provider.verify(setup, tokens, account)) === 'narrow'
      const identity = await this.provider.identity(setup, tokens, account).catch((error) => {
        // Who it is may need more rights than the key has: a good key is kept without that.
        if (error instanceof TokenFailure && (method.runs.verify || method.fetches)) return null
        throw error
      })
      const note = isNarrow
        ? `${name} takes this credential, and did not let it do all that was tried: it may be restricted.`
        : null
      const requestedScopes = method.fetches ? [...connection.scopes] : []
      return { values, fields, tokens, found, requestedScopes, identity, note }
    } catch (error) {
      if (!(error instanceof TokenFailure)) throw error
      const words = withoutSecrets(error.message, Object.values(fields))
      if (error.kind === 'grant' || error.kind === 'client')
        throw new ValetkeyError('PROVIDER_REJECTED', `${name} did not take this credential: ${words}`, PATH)
      throw new ValetkeyError(
        'PROVIDER_UNAVAILABLE',
        `The credential could not be tried, and was not stored: ${words}`,
        PATH,
      )
    }
  }
}

/** @throws {ValetkeyError} CONNECTION_UNAVAILABLE where the connection's own client cannot be used yet */
function assertFetches({ name, status, problem }: Connection) {
  if (status === ConnectionStatus.ACTIVE || status === ConnectionStatus.MISCONFIGURED) return
  throw new ValetkeyError(
    'CONNECTION_UNAVAILABLE',
    `${name} cannot be used yet: its status is ${status}. ${problem ?? ''}`.trim(),
    ['input', 'connection'],
  )
}
