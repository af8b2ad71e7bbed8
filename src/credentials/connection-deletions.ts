/**
 * Deletes connections. A connection with accounts is deleted by a job, which disconnects its accounts a
 * few at a time. The remaining work is whatever rows are left, so the next run continues after a crash.
 *
 *   deleteConnection ──no accounts──▶ gone
 *                    ──accounts, and it may disconnect them──▶ disabled, deletion marked ──job──▶ gone
 */
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { AuditTrail } from '../audit/audit.js'
import { clock } from '../clock.js'
import { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { ConnectedAccounts } from '../connected-accounts/connected-accounts.js'
import { Connection } from '../connections/connection.js'
import type { Connections } from '../connections/connections.js'
import type { Context } from '../context.js'
import { ValetkeyError } from '../errors.js'
import type { Job } from '../jobs/jobs.js'
import type { Warn } from '../log.js'
import type { Disconnections } from './disconnections.js'

/** Name of the job. */
export const CONNECTION_DELETION = 'connection-deletion'
/** Accounts that are disconnected in parallel: each may wait for its provider. */
const AT_ONCE = 5

/** Progress of the deletion of a connection. */
export interface DeletionProgress {
  startedAt: Date
  /** Number of accounts when the deletion started. */
  accounts: number
  /** Number of accounts that still exist. */
  accountsLeft: number
}

/** Deletes connections, with the background job that disconnects their accounts. */
export class ConnectionDeletions {
  /** @param runSoon queues the job, which any replica may run */
  constructor(
    private readonly orm: MikroORM,
    private readonly connections: Connections,
    private readonly accounts: ConnectedAccounts,
    private readonly disconnections: Disconnections,
    private readonly runSoon: () => Promise<void>,
    private readonly warn: Warn,
  ) {}

  /**
   * Deletes a connection that has no accounts; starts the deletion of one that has.
   *
   * @param disconnectAccounts whether its accounts may be disconnected
   * @throws {ValetkeyError} FORBIDDEN; NOT_FOUND; CONFLICT where it has accounts and disconnectAccounts is false
   */
  async delete(context: Context, nameOrId: string, disconnectAccounts: boolean): Promise<void> {
    await context.authorize('Mutation.deleteConnection')
    if (disconnectAccounts) await context.authorize('Mutation.deleteConnection(disconnectAccounts)')
    const { caller, audit } = context
    const started = await context.em.fork().transactional(async (em) => {
      const connection = await this.connections.find(em, caller, nameOrId, true)
      const accounts = await em.count(ConnectedAccount, { connection: connection.uuid })
      if (accounts === 0) {
        remove(em, connection, audit)
        return false
      }
      if (!disconnectAccounts) throw stillHas(connection, accounts)
      const by = { actor: audit.actor, ipAddress: audit.ipAddress, requestId: audit.requestId }
      connection.deletionStarted(accounts, by, clock.now())
      audit.record(em, { action: 'connection.deletion_started', connection: connection.name, details: { accounts } })
      return true
    })
    if (started) await this.runSoon()
  }

  /** @returns null where the connection is not being deleted, and for a caller that may not know of all its accounts */
  async progressOf(context: Context, connection: Connection): Promise<DeletionProgress | null> {
    const { deletion } = connection
    if (!deletion || context.caller.identifiers.length > 0) return null
    const accountsLeft = await this.accounts.countAll(context, connection)
    return { startedAt: new Date(deletion.startedAt), accounts: deletion.accounts, accountsLeft }
  }

  readonly job: Job = {
    name: CONNECTION_DELETION,
    schedule: '* * * * *',
    longest: 300,
    run: async (signal) => {
      const connections = await this.orm.em.fork().find(Connection, { deletion: { $ne: null } })
      for (const connection of connections) await this.carryOn(connection, signal)
    },
  }

  /** Disconnects accounts until none is left or `signal` aborts. An account that fails waits for the next run. */
  private async carryOn({ uuid, name, deletion }: Connection, signal: AbortSignal) {
    if (!deletion) return
    const { by } = deletion
    const audit = new AuditTrail(by.actor, by.ipAddress, by.requestId)
    let after = '00000000-0000-0000-0000-000000000000'
    while (!signal.aborted) {
      const next = await this.orm.em
        .fork()
        .find(
          ConnectedAccount,
          { connection: uuid, uuid: { $gt: after } },
          { fields: ['uuid'], orderBy: { uuid: 'asc' }, limit: AT_ONCE },
        )
      if (next.length === 0) break
      await Promise.all(next.map((account) => this.endOne(account.uuid, name, audit)))
      after = next.at(-1)?.uuid ?? after
    }
    await this.orm.em.fork().transactional(async (em) => {
      const connection = await em.findOne(Connection, { uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE })
      if (connection && (await em.count(ConnectedAccount, { connection: uuid })) === 0) remove(em, connection, audit)
    })
  }

  private async endOne(uuid: string, connection: string, audit: AuditTrail) {
    const find = (em: EntityManager) =>
      em.findOneOrFail(ConnectedAccount, { uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE, populate: ['connection'] })
    try {
      await this.disconnections.end(this.orm.em.fork(), find, true, audit)
    } catch (error) {
      this.warn(
        'deletion.account-failed',
        'An account of a connection that is being deleted could not be disconnected. The next run, in a minute, ' +
          'tries again; if this repeats, look at the error.',
        { connection, account: uuid, err: error },
      )
    }
  }
}

function remove(em: EntityManager, connection: Connection, audit: AuditTrail) {
  audit.record(em, { action: 'connection.deleted', connection: connection.name })
  em.remove(connection)
}

function stillHas({ name }: Connection, accounts: number): ValetkeyError {
  const are = accounts === 1 ? 'account is' : 'accounts are'
  return new ValetkeyError(
    'CONFLICT',
    `${accounts} connected ${are} on ${name}. Disconnect them first, or set disconnectAccounts to true.`,
  )
}
