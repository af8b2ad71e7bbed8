/** Stores the grant of an authorization, or holds it until the application verifies the user. Uses up the link. */
import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditTrail } from '../audit/audit.js'
import { clock } from '../clock.js'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import { Connection } from '../connections/connection.js'
import type { Grants } from '../credentials/grant.js'
import { ValetkeyError } from '../errors.js'
import { AuthorizationLink, AuthorizationLinkStatus } from './authorization-link.js'
import { assertStrictEnough, type OpenedLink } from './links.js'
import type { HeldGrant } from './pending-verification.secret.js'
import { withOutcome } from './return-url.js'
import type { Verifications } from './verifications.js'

/**
 * How an authorization ended, for the page that shows it. `held`: the grant takes effect when the
 * application, at `address`, has verified the user.
 */
export type Completion =
  | ({ kind: 'connected' } & OpenedLink)
  | ({ kind: 'held'; address: string } & OpenedLink)
  | ({ kind: 'declined'; error: string; reason: string } & OpenedLink)
  | ({ kind: 'failed'; error: string; reason: string; status: number } & OpenedLink)

/** Ends authorizations that the provider granted. */
export class Conclusions {
  constructor(
    private readonly grants: Grants,
    private readonly verifications: Verifications,
  ) {}

  /**
   * Runs in `em`'s transaction.
   *
   * @param connectionVersion the connection's version when the authorization started
   * @throws {ValetkeyError} CONFLICT where the link was used or revoked or the connection was changed
   *   meanwhile, or where another person signed in than before
   */
  async conclude(
    em: EntityManager,
    opened: OpenedLink,
    connectionVersion: number,
    grant: Omit<HeldGrant, 'registration'>,
    audit: AuditTrail,
  ): Promise<Completion> {
    const now = clock.now()
    const { link, account, connection } = await lockedAndUnchanged(em, opened, connectionVersion)
    const about = { action: 'account.authorized', connection: connection.name, identifier: account.identifier }
    link.used(now)
    if (link.verifyUrl !== null) {
      const pending = this.verifications.hold(em, link, account, connection, grant, now)
      audit.record(em, { ...about, details: { link: link.id, authorization: pending.id } })
      const address = withOutcome(link.verifyUrl, { authorization_id: pending.id, state: link.state })
      return { kind: 'held', address, link, account, connection }
    }
    account.values = grant.values
    await this.grants.accept(em, account, connection, grant, now)
    connection.mended(now)
    audit.record(em, { ...about, details: { link: link.id, missingScopes: account.missingScopes } })
    return { kind: 'connected', link, account, connection }
  }
}

/** Reads the records again, with locks. @throws {ValetkeyError} CONFLICT */
async function lockedAndUnchanged(
  em: EntityManager,
  opened: OpenedLink,
  connectionVersion: number,
): Promise<OpenedLink> {
  const lock = { lockMode: LockMode.PESSIMISTIC_WRITE } as const
  const account = await em.findOneOrFail(ConnectedAccount, { uuid: opened.account.uuid }, lock)
  const link = await em.findOneOrFail(AuthorizationLink, { uuid: opened.link.uuid }, lock)
  assertStillOpen(link)
  // The provider has taken its time: what this transaction has read before may be old.
  const connection = await em.findOneOrFail(Connection, { uuid: opened.connection.uuid }, { refresh: true })
  if (connection.version !== connectionVersion)
    throw new ValetkeyError('CONFLICT', 'The connection was changed meanwhile. Open the link again.')
  assertStrictEnough({ link, connection })
  return { link, account, connection }
}

/** @throws {ValetkeyError} CONFLICT unless the link is open */
export function assertStillOpen({ status }: AuthorizationLink) {
  if (status !== AuthorizationLinkStatus.OPEN)
    throw new ValetkeyError('CONFLICT', 'This link was used or revoked meanwhile.')
}
