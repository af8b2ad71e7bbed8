/**
 * Checks keys and passwords that users enter: the provider has to accept them before they are stored. No
 * transaction is open during the call. Where the auth type exchanges them for a token, it is fetched here.
 */
import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountStatus, type ConnectedAccount } from '../connected-accounts/connected-account.js'
import { type Connection, ConnectionStatus } from '../connections/connection.js'
import type { Registration } from '../connections/registration.js'
import type { Setups } from '../connections/setups.js'
import type { AuthMethod } from '../connectors/auth-method.js'
import type { FieldValueInput } from '../connectors/form.input.js'
import { missingFields, readFields, templateValues } from '../connectors/form.js'
import { badInput, ValetkeyError } from '../errors.js'
import { withoutSecrets } from '../oauth/answer/provider-text.js'
import type { Choice } from '../oauth/api/lookups.js'
import type { SignedJwtMethod } from '../oauth/definition/other-methods.js'
import type { Provider } from '../oauth/provider.js'
import type { ConnectionSetup } from '../oauth/setup.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import { NO_TOKENS, type TokenSet } from '../oauth/token-endpoint/token-set.js'
import type { Grants, NewGrant } from './grant.js'

/** Entered credentials that the provider accepted. */
export interface CheckedCredential extends NewGrant {
  /** Values of the account form's fields that are not secret, by field key. */
  values: Record<string, string>
  /** Of the connection whose provider they were sent to. */
  registration: Registration
}

const PATH = ['input', 'fields']
const NO_TOKEN_SET: TokenSet = { ...NO_TOKENS, tokenType: '', scopes: [], expiresAt: null, refreshExpiresAt: null }

/** Checks entered credentials at their provider. */
export class CredentialCheck {
  constructor(
    private readonly setups: Setups,
    private readonly grants: Grants,
    private readonly provider: Provider,
  ) {}

  /**
   * Checks the given form values together with those that the account has already.
   *
   * @param account null for a new account
   * @param inputs form values by field key; fields that are not listed keep their stored value
   * @param tenant to take where the credential opens several
   * @returns null where the connection redirects its users to the provider instead, or where nothing was
   *   entered although the form has required fields
   * @throws {ValetkeyError} BAD_USER_INPUT, also where a stored secret would go elsewhere than to where it was
   *   entered for; CONNECTION_UNAVAILABLE; PROVIDER_REJECTED with the
   *   provider's message; PROVIDER_UNAVAILABLE where the provider gave no verdict
   */
  async check(
    em: EntityManager,
    connection: Connection,
    account: ConnectedAccount | null,
    inputs: readonly FieldValueInput[] | null | undefined,
    tenant: string | null = account?.identity?.tenant ?? null,
  ): Promise<CheckedCredential | null> {
    if (!this.setups.offers(connection)) return null
    const method = this.setups.methodOf(connection)
    if (method.redirects) return null
    const form = method.accountFields
    // Without required fields an account is connected as soon as it exists; otherwise it waits for input.
    const waits =
      account?.status === AccountStatus.ACTIVE || form.some((field) => field.required && field.default === null)
    if (inputs == null && waits) return null
    const values = { ...account?.values }
    const kept = account && (await this.grants.kept(em, account))
    const fields = { ...kept?.fields }
    const changes = readFields(form, inputs ?? [], PATH)
    for (const [key, value] of changes) {
      const target = form.find((field) => field.key === key)?.secret ? fields : values
      if (value === null) delete target[key]
      else target[key] = value
    }
    if (account && kept) {
      const isElsewhere =
        !this.setups.isRegistered(connection, kept.registration) ||
        this.setups.isElsewhere(connection, account.values, values)
      const untouched = form.filter(({ key }) => kept.fields[key] !== undefined && !changes.has(key))
      if (isElsewhere) assertEnteredAgain(untouched.map(({ key }) => key))
    }
    const missing = missingFields(
      form,
      (key) => values[key] !== undefined || fields[key] !== undefined,
      (key) => values[key],
    )
    if (missing.length > 0) throw badInput(`Still needed: ${missing.map(({ key }) => key).join(', ')}.`, PATH)
    if (method.fetches) assertFetches(connection)
    const registration = this.setups.registration(connection)
    const setup = await this.setups.open(em, connection)
    return { ...(await this.askProvider(setup, connection, method, values, fields, tenant)), registration }
  }

  private async askProvider(
    setup: ConnectionSetup,
    connection: Connection,
    method: AuthMethod,
    values: Record<string, string>,
    fields: Record<string, string>,
    wanted: string | null,
  ): Promise<Omit<CheckedCredential, 'registration'>> {
    const { name } = this.setups.connectorOf(connection)
    let account = templateValues(method.accountFields, { ...values, ...fields })
    let tokens = NO_TOKEN_SET
    try {
      if (method.runs.type === 'signed_jwt') await this.assertSigns(setup, account)
      if (method.fetches) tokens = await this.provider.fetch(setup, account)
      const found = await this.provider.accountValues(setup, tokens, account, wanted)
      if (found.choice) throw undecided(found.choice)
      account = { ...account, ...found.values }
      const isNarrow = (await this.provider.verify(setup, tokens, account)) === 'narrow'
      const identity = await this.provider.identity(setup, tokens, account, found.tenant).catch((error) => {
        // Reading the identity may need more rights than the key has: a key that works is stored without it.
        if (error instanceof TokenFailure && (method.runs.verify || method.fetches)) return null
        throw error
      })
      const note = isNarrow
        ? `${name} takes this credential, and did not let it do all that was tried: it may be restricted.`
        : null
      const requestedScopes = method.fetches ? [...connection.scopes] : []
      return { values, fields, tokens, found: found.values, requestedScopes, identity, note }
    } catch (error) {
      // A session that was opened to try it is not left open.
      if (tokens !== NO_TOKEN_SET && !this.setups.fetchesForItself(connection))
        await this.provider.revoke(setup, tokens, account)
      if (!(error instanceof TokenFailure)) throw error
      const words = withoutSecrets(error.message, Object.values(fields))
      if (error.type === 'grant' || error.type === 'client' || error.type === 'rejected')
        throw new ValetkeyError('PROVIDER_REJECTED', `${name} did not take this credential: ${words}`, PATH)
      throw new ValetkeyError(
        'PROVIDER_UNAVAILABLE',
        `The credential could not be tried, and was not stored: ${words}`,
        PATH,
        error,
      )
    }
  }

  /** @throws {ValetkeyError} BAD_USER_INPUT for a key that signs nothing, or whose passphrase is another */
  private async assertSigns(setup: ConnectionSetup, account: Record<string, unknown>) {
    await this.provider.signedToken(setup as ConnectionSetup<SignedJwtMethod>, account).catch((error) => {
      throw error instanceof ValetkeyError ? badInput(error.message, PATH) : error
    })
  }
}

/** A key, unlike a user, cannot be asked which one is meant. */
function undecided({ what, tenants }: Choice): TokenFailure {
  return new TokenFailure('rejected', `It opens ${tenants.length} of the kind ${what}, and has to open one alone.`)
}

/** @param keys of stored secrets that are for another address @throws {ValetkeyError} BAD_USER_INPUT */
function assertEnteredAgain(keys: string[]) {
  if (keys.length === 0) return
  throw badInput(
    `This changes where the account's secrets are sent, or that has changed since they were entered: ` +
      `give ${keys.join(', ')} again with it.`,
    PATH,
  )
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
