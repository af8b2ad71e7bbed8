/** Goes on with what a callback brought: reads what the account needs and whose it is, and stores the grant. */
import type { MikroORM } from '@mikro-orm/postgresql'
import type { AuditTrail } from '../audit/audit.js'
import type { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { Setups } from '../connections/setups.js'
import { templateValues } from '../connectors/form.js'
import type { Grants } from '../credentials/grant.js'
import { ValetkeyError } from '../errors.js'
import type { Identity } from '../oauth/api/identity.js'
import type { Provider } from '../oauth/provider.js'
import type { ConnectionSetup } from '../oauth/setup.js'
import { TokenFailure } from '../oauth/token-endpoint/token-failure.js'
import type { TokenSet } from '../oauth/token-endpoint/token-set.js'
import type { Choices, Choosing } from './choices.js'
import { assertStillOpen, type Completion, type Conclusions } from './conclusion.js'
import { redirecting } from './departures.js'
import type { Discards } from './discards.js'
import { type OpenedLink, wantedBefore } from './links.js'
import type { Brought } from './pending-choice.secret.js'

/** Settles grants: no transaction is open while the provider is called. */
export class Settlements {
  constructor(
    private readonly orm: MikroORM,
    private readonly setups: Setups,
    private readonly provider: Provider,
    private readonly conclusions: Conclusions,
    private readonly choices: Choices,
    private readonly grants: Grants,
    private readonly discards: Discards,
  ) {}

  /**
   * Stores the grant, or holds it until its user has chosen one of the tenants that it opens. Whatever fails, the
   * grant is given back to the provider.
   *
   * @param chosen the tenant that the user has chosen; null before that
   * @param browser secret of the user's browser
   * @throws {TokenFailure | ValetkeyError}
   */
  async settle(
    opened: OpenedLink,
    brought: Brought,
    chosen: string | null,
    browser: string,
    audit: AuditTrail,
  ): Promise<Completion | Choosing> {
    const { account, connection, link } = opened
    const { tokens, values, fields, captured, registration, redirectUri, version } = brought
    if (this.discards.isMoved(connection, registration))
      throw new ValetkeyError('CONFLICT', 'The connection was changed meanwhile. Open the link again.')
    const em = this.orm.em.fork()
    const setup = { ...redirecting(await this.setups.open(em, connection)), redirectUri }
    const form = this.setups.methodOf(connection).accountFields
    const known = { ...templateValues(form, { ...values, ...fields }), ...captured }
    const found: Record<string, unknown> = { ...captured }
    let identity: Identity | null = null
    try {
      assertStillOpen(link)
      const wanted = chosen ?? wantedBefore(opened)
      const lookups = await this.provider.accountValues(setup, tokens, known, wanted)
      if (lookups.choice) return await this.choices.hold(opened, browser, { brought, choice: lookups.choice })
      Object.assign(found, lookups.values)
      const whose = await this.whose(account, setup, tokens, { ...known, ...found }, lookups.tenant)
      identity = whose.identity
      const grant = { tokens, requestedScopes: link.scopes, ...whose, found, fields, values }
      return await em.transactional((em) => this.conclusions.conclude(em, opened, version, grant, audit))
    } catch (error) {
      // What is not kept must not live on at the provider.
      if (!(await this.grants.mayBeShared(this.orm.em.fork(), account, connection, identity)))
        await this.provider.revoke(setup, tokens, { ...known, ...found })
      throw error
    }
  }

  /**
   * Who came. Reading it may need more rights than the user has granted: a grant counts without it, unless the
   * definition demands it, or it is known who it has to be.
   *
   * @throws {TokenFailure}
   */
  private async whose(
    { identity: before }: ConnectedAccount,
    setup: ConnectionSetup,
    tokens: TokenSet,
    values: Record<string, unknown>,
    chosen: string | null,
  ): Promise<{ identity: Identity | null; note: string | null }> {
    try {
      return { identity: await this.provider.identity(setup, tokens, values, chosen), note: null }
    } catch (error) {
      if (!(error instanceof TokenFailure) || before !== null || setup.method.identity?.required) throw error
      return { identity: null, note: `It is not known whose account this is at the provider: ${error.message}` }
    }
  }
}
