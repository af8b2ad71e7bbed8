/** Handles the form of a link: starts the redirect to the provider, or checks keys and passwords. */
import { randomBytes } from 'node:crypto'
import { UniqueConstraintViolationException } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import { AuditTrail } from '../audit/audit.js'
import { clock } from '../clock.js'
import type { Connection } from '../connections/connection.js'
import type { ConnectionDiscovery } from '../connections/discovery.js'
import type { Setups } from '../connections/setups.js'
import type { FieldValueInput } from '../connectors/form.input.js'
import { readForm, templateValues } from '../connectors/form.js'
import type { CredentialCheck } from '../credentials/credential-check.js'
import { type ErrorCode, ValetkeyError } from '../errors.js'
import { sha256 } from '../hash.js'
import type { Provider } from '../oauth/provider.js'
import { type ConnectionSetup, type RedirectSetup, sendsUsers } from '../oauth/setup.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { Vault } from '../vault/vault.js'
import { AuthorizationLink } from './authorization-link.js'
import { AuthorizationRequest, openRequestSecrets, type RequestSecrets } from './authorization-request.secret.js'
import type { Completion, Conclusions } from './conclusion.js'
import { assertUsable, type Links, type OpenedLink, wantedBefore } from './links.js'
import { en } from './texts.js'

/** Seconds from the redirect to the provider until the callback at the latest. */
export const REQUEST_LIFE = 600
/** Submissions of the form that one link allows. */
const MOST_ATTEMPTS = 10
/** Errors that the page shows above the form; the link stays open then. */
const SHOWN: ReadonlySet<ErrorCode> = new Set([
  'PROVIDER_REJECTED',
  'PROVIDER_UNAVAILABLE',
  'BAD_USER_INPUT',
  'CONFLICT',
])
/** Users in a row who have not come back, after which the provider is asked whether it knows the app. */
const LOST_USERS = 3
/** The redirect URI of a request that leads nowhere: it keeps a form while the provider is away. */
const NOWHERE = ''

/** The browser is to be redirected to the provider. */
export interface Departed {
  kind: 'departed'
  address: URL
  state: string
  browserSecret: string
}

/** The form has to be filled in again. */
export interface Refused {
  kind: 'refused'
  opened: OpenedLink
  /** The submitted values by field key, trimmed. They include secrets, which no page may show again. */
  values: Record<string, string>
  /** Messages by field key. */
  faults: Map<string, string>
  /** The provider's message. */
  reason: string | null
  /** Keys of secret fields that need not be entered again. */
  kept: string[]
}

/** Starts authorizations from submitted forms. */
export class Departures {
  constructor(
    private readonly orm: MikroORM,
    private readonly links: Links,
    private readonly setups: Setups,
    private readonly discovery: ConnectionDiscovery,
    private readonly credentialCheck: CredentialCheck,
    private readonly conclusions: Conclusions,
    private readonly provider: Provider,
    private readonly vault: Vault,
  ) {}

  /**
   * Takes a submitted form. No transaction is open while the provider is called.
   *
   * @param form values by field key, as the browser sent them
   * @param browser what only this browser and its page have
   * @returns the redirect to the provider, the end of the authorization, or the errors of the form
   * @throws {ValetkeyError} CONFLICT for a link that is no longer open; RATE_LIMITED; PROVIDER_UNAVAILABLE
   */
  async submit(
    token: string,
    form: Record<string, string>,
    browser: string,
    ipAddress: string | null,
    requestId: string,
  ): Promise<Departed | Completion | Refused> {
    const now = clock.now()
    const opened = await this.attempt(token)
    const fields = this.links.fieldsFor(opened)
    const { values, faults } = readForm(fields, await this.withKept(opened, browser, form))
    const refused = { kind: 'refused', opened, values, faults, reason: null, kept: [] } as const
    if (faults.size > 0) return { ...refused, kept: [] }
    const inputs = Object.entries({ ...opened.link.values, ...values }).map(([key, value]) => ({ key, value }))
    const { redirects } = this.setups.methodOf(opened.connection)
    try {
      if (redirects) return await this.leave(token, opened, inputs, now)
      const em = this.orm.em.fork()
      const grant = await this.credentialCheck.check(em, opened.connection, null, inputs, wantedBefore(opened))
      if (!grant) throw new Error('A form without a grant.')
      const audit = new AuditTrail(opened.link.id, ipAddress, requestId)
      const { version } = opened.connection
      return await em.transactional((em) => this.conclusions.conclude(em, opened, version, grant, audit))
    } catch (error) {
      if (!(error instanceof ValetkeyError)) throw error
      if (isAway(error)) {
        const secrets = fields.flatMap(({ key, secret }) => (secret && values[key] ? [[key, values[key]]] : []))
        const kept: Record<string, string> = Object.fromEntries(secrets)
        await this.keep(opened, browser, kept, now)
        const { name } = this.setups.connectorOf(opened.connection)
        return {
          ...refused,
          reason: fields.length > 0 ? en.awayFromForm(name) : en.away(name),
          kept: Object.keys(kept),
        }
      }
      if (redirects || !SHOWN.has(error.code)) throw error
      return { ...refused, reason: error.message, kept: [] }
    }
  }

  /** Keeps what a user entered while the provider is away, sealed, for the next try of the same browser. */
  private async keep({ link, connection }: OpenedLink, browser: string, fields: Record<string, string>, now: Date) {
    if (Object.keys(fields).length === 0) return
    await this.orm.em.fork().transactional(async (em) => {
      const values = {
        // No callback can name it.
        state: randomBytes(32).toString('base64url'),
        browserSecret: browserOfForm(browser),
        secrets: { secret: '', values: {}, fields },
        redirectUri: NOWHERE,
        expiresAt: new Date(now.getTime() + REQUEST_LIFE * 1000),
      }
      const own = await em.findOneOrFail(AuthorizationLink, { uuid: link.uuid })
      em.persist(new AuthorizationRequest(own, connection, values, this.vault))
    })
  }

  /** The form with the secrets that were kept of its last try, where they are not entered anew. Each is kept once. */
  private async withKept(
    { link, connection }: OpenedLink,
    browser: string,
    form: Record<string, string>,
  ): Promise<Record<string, string>> {
    const rows = await this.orm.em.fork().execute<{ id: string; verifier: Buffer; current: boolean }[]>(
      `delete from authorization_request
       where link_id = ? and browser_hash = ? and redirect_uri = ?
       returning id, verifier, expires_at > now() and connection_version = ? as current`,
      [link.uuid, sha256(browserOfForm(browser)), NOWHERE, connection.version],
    )
    const kept = rows
      .filter(({ current }) => current)
      .map(({ id, verifier }) => openRequestSecrets(id, verifier, this.vault).fields)
    const entered = Object.entries(form).filter(([, value]) => value.trim() !== '')
    return Object.assign({}, ...kept, Object.fromEntries(entered))
  }

  /** Counts an attempt. @throws {ValetkeyError} RATE_LIMITED, and as `Links.open` */
  private attempt(token: string): Promise<OpenedLink> {
    return this.orm.em.fork().transactional(async (em) => {
      const opened = await this.links.open(em, token)
      if (opened.link.attempts >= MOST_ATTEMPTS)
        throw new ValetkeyError('RATE_LIMITED', 'This link was tried too often. Ask for a new one.')
      opened.link.attempts += 1
      return opened
    })
  }

  /** Prepares the redirect to the provider and stores the request. */
  private async leave(
    token: string,
    { link, connection }: OpenedLink,
    inputs: readonly FieldValueInput[],
    now: Date,
  ): Promise<Departed> {
    const found = await this.discovery.ready(connection)
    const ready = (await this.comesToNothing(found)) ? await this.discovery.reviewed(found) : found
    assertUsable(ready)
    const setup = redirecting(await this.setups.open(this.orm.em.fork(), ready))
    this.discovery.assertReady(ready, setup)
    const form = this.setups.methodOf(ready).accountFields
    const entered: Pick<RequestSecrets, 'values' | 'fields'> = { values: {}, fields: {} }
    for (const { key, value } of inputs) {
      const isSecret = form.find((field) => field.key === key)?.secret
      entered[isSecret ? 'fields' : 'values'][key] = value
    }
    const scopes = link.scopes.length > 0 ? link.scopes : setup.scopes
    const account = templateValues(form, { ...entered.values, ...entered.fields })
    const { address, state, secret } = await this.depart(setup, scopes, account)
    const browserSecret = randomBytes(32).toString('base64url')
    const { redirectUri } = setup
    const secrets = { secret, ...entered }
    const expiresAt = new Date(now.getTime() + REQUEST_LIFE * 1000)
    const store = this.orm.em.fork().transactional(async (em) => {
      const opened = await this.links.open(em, token)
      const values = { state, browserSecret, secrets, redirectUri, expiresAt }
      em.persist(new AuthorizationRequest(opened.link, ready, values, this.vault))
    })
    await store.catch((error) => {
      if (error instanceof UniqueConstraintViolationException)
        throw new ValetkeyError(
          'PROVIDER_UNAVAILABLE',
          'The provider gave a request token that it had given before.',
          undefined,
          error,
        )
      throw error
    })
    return { kind: 'departed', address, state, browserSecret }
  }

  /** Whether the last users who were sent to the provider, for the connection as it is, have not come back. */
  private async comesToNothing({ uuid, updatedAt }: Connection): Promise<boolean> {
    const [row] = await this.orm.em.fork().execute<{ came: number; stayed: number }[]>(
      `select count(*) filter (where status = 'CONSUMED')::int as came,
         count(*) filter (where status = 'STARTED')::int as stayed
       from (
         select status from authorization_request
         where connection_id = ? and redirect_uri <> ? and expires_at > ?
         order by expires_at desc limit ?
       ) last`,
      [uuid, NOWHERE, new Date(updatedAt.getTime() + REQUEST_LIFE * 1000), LOST_USERS],
    )
    return row?.came === 0 && row.stayed >= LOST_USERS
  }

  /** @throws {ValetkeyError} PROVIDER_UNAVAILABLE where the provider has to be called first and fails */
  private async depart(...args: Parameters<Provider['depart']>) {
    try {
      return await this.provider.depart(...args)
    } catch (error) {
      if (error instanceof TokenFailure)
        throw new ValetkeyError('PROVIDER_UNAVAILABLE', error.message, undefined, error)
      throw error
    }
  }
}

/** Narrows a setup to one with a redirect. @throws {ValetkeyError} CONFLICT for a connection without one */
export function redirecting(setup: ConnectionSetup): RedirectSetup {
  if (!sendsUsers(setup)) throw new ValetkeyError('CONFLICT', 'This connection does not send users to a provider.')
  return setup
}

/** Told apart from the secret of a browser that was sent to a provider. */
function browserOfForm(browser: string): string {
  return `form ${browser}`
}

/** Whether the provider may take the same soon; a fault of its answer is another matter. */
function isAway({ code, cause }: ValetkeyError): boolean {
  return code === 'PROVIDER_UNAVAILABLE' && (cause === undefined || (cause instanceof TokenFailure && cause.isOutage))
}
