/**
 * Lists, reads, creates, suspends and resumes connected accounts. Their credentials are stored by
 * `credentials/`, and handed out by `tokens/`.
 */
import { type FilterQuery, LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { assertMayUse, type Caller, identifierLikes, mayUseIdentifier } from '../callers/caller.js'
import { clock } from '../clock.js'
import type { Connection } from '../connections/connection.js'
import { byNameOrId } from '../connections/connections.js'
import type { Context } from '../context.js'
import { badInput, notFound, nullWhereNotFound, ValetkeyError } from '../errors.js'
import { fromTypeId } from '../ids.js'
import { containing, findPage, type Page, type PageArgs } from '../page.js'
import type { ConnectedAccountFilter } from './connected-account.input.js'
import { AccountStatus, ConnectedAccount } from './connected-account.js'

const LONGEST_IDENTIFIER = 256

/**
 * Reads an account with its connection, both managed by `em`; null where there is none. `credentials/`
 * implements it, and reads the account's credential in the same statement.
 */
export type FindAccount = (
  em: EntityManager,
  connectionNameOrId: string,
  identifier: string,
) => Promise<ConnectedAccount | null>

/** How callers address one account: by connection and identifier, or by id. */
export interface AccountAddress {
  connection: string | null
  identifier: string | null
  id: string | null
}

/** The use cases of accounts that need no credential. */
export class ConnectedAccounts {
  constructor(private readonly findAccount: FindAccount) {}

  /** Lists accounts that match the filter and the caller may see, newest first. @throws {ValetkeyError} FORBIDDEN */
  async list(context: Context, filter: ConnectedAccountFilter | null, page: PageArgs): Promise<Page<ConnectedAccount>> {
    await context.authorize('Query.connectedAccounts')
    return findPage(context.em, ConnectedAccount, matching(context.caller, filter), page)
  }

  /** Lists the accounts of one connection, as `list` does. @throws {ValetkeyError} FORBIDDEN */
  async ofConnection(
    context: Context,
    connection: Connection,
    filter: ConnectedAccountFilter | null,
    page: PageArgs,
  ): Promise<Page<ConnectedAccount>> {
    await context.authorize('Connection.accounts')
    const where = { $and: [{ connection: connection.uuid }, matching(context.caller, filter)] }
    return findPage(context.em, ConnectedAccount, where, page)
  }

  /** Lists active accounts that lack a scope of their connection. @throws {ValetkeyError} FORBIDDEN */
  async needingConsent(context: Context, connection: Connection, page: PageArgs): Promise<Page<ConnectedAccount>> {
    await context.authorize('Connection.accountsNeedingConsent')
    const active = { connection: connection.uuid, status: AccountStatus.ACTIVE }
    const lacking = { $not: { grantedScopes: { $contains: connection.scopes } } }
    return findPage(context.em, ConnectedAccount, { $and: [active, lacking, matching(context.caller, null)] }, page)
  }

  /** Number of a connection's accounts that the caller may see. */
  count({ em, caller }: Context, connection: Connection): Promise<number> {
    return em.count(ConnectedAccount, { $and: [{ connection: connection.uuid }, matching(caller, null)] })
  }

  /**
   * Reads one account.
   *
   * @returns null where it does not exist or the caller may not see it
   * @throws {ValetkeyError} FORBIDDEN; BAD_USER_INPUT for an address that is incomplete or contradicts itself
   */
  async one(context: Context, { connection, identifier, id }: AccountAddress): Promise<ConnectedAccount | null> {
    await context.authorize('Query.connectedAccount')
    const { em, caller } = context
    if (id === null) {
      if (connection === null || identifier === null) {
        const absent = connection === null ? 'connection' : 'identifier'
        throw badInput('Give a connection and an identifier, or an id.', [absent])
      }
      return this.byIdentifier(em, caller, connection, identifier).catch(nullWhereNotFound)
    }
    const account = await this.byId(em, caller, id).catch(nullWhereNotFound)
    if (!account) return null
    if (identifier !== null && identifier !== account.identifier)
      throw badInput('The id and the identifier belong to different accounts; give one of them.', ['identifier'])
    const own = account.connection.unwrap()
    if (connection !== null && connection !== own.name && connection !== own.id)
      throw badInput('The account with this id is on another connection; give one of them.', ['connection'])
    return account
  }

  /** Pauses an account: no tokens until it is resumed. @throws {ValetkeyError} FORBIDDEN, CONFLICT, NOT_FOUND */
  async suspend(context: Context, id: string): Promise<ConnectedAccount> {
    await context.authorize('Mutation.suspendConnectedAccount')
    return this.change(context, id, 'account.suspended', (account) => account.suspended(clock.now()))
  }

  /** Ends a pause. @throws {ValetkeyError} FORBIDDEN, CONFLICT, NOT_FOUND */
  async resume(context: Context, id: string): Promise<ConnectedAccount> {
    await context.authorize('Mutation.resumeConnectedAccount')
    return this.change(context, id, 'account.resumed', (account) => account.resumed(clock.now()))
  }

  /** Reads the account's connection. @throws {ValetkeyError} FORBIDDEN */
  async connectionOf(context: Context, account: ConnectedAccount): Promise<Connection> {
    await context.authorize('ConnectedAccount.connection')
    return account.connection.loadOrFail()
  }

  /**
   * Locks an account, changes it, and writes the audit event, in one transaction.
   *
   * @param id the account's public id
   * @param action of the audit event
   * @param act changes the account in the transaction of the entity manager that it gets
   * @throws {ValetkeyError} NOT_FOUND, and whatever `act` throws; then nothing is changed
   */
  change(
    { em, caller, audit }: Context,
    id: string,
    action: string,
    act: (account: ConnectedAccount, em: EntityManager) => void | Promise<void>,
  ): Promise<ConnectedAccount> {
    return em.fork().transactional(async (em) => {
      const account = await this.byId(em, caller, id, true)
      await act(account, em)
      audit.record(em, {
        action,
        connection: account.connection.unwrap().name,
        identifier: account.identifier,
      })
      return account
    })
  }

  /**
   * Reads an account with its connection.
   *
   * @param lock whether `em`'s transaction locks the row
   * @throws {ValetkeyError} NOT_FOUND, also for an account that the caller is not bound to
   */
  async byId(em: EntityManager, caller: Caller, id: string, lock = false): Promise<ConnectedAccount> {
    const uuid = fromTypeId('acct', id)
    const account =
      uuid && (await em.findOne(ConnectedAccount, { uuid }, lock ? { lockMode: LockMode.PESSIMISTIC_WRITE } : {}))
    if (!account) throw notFound('This connected account')
    const { name } = await account.connection.loadOrFail()
    assertMayUse(caller, 'This connected account', name, account.identifier)
    return account
  }

  /** Reads an account with its connection. @throws {ValetkeyError} NOT_FOUND, as `byId` */
  async byIdentifier(
    em: EntityManager,
    caller: Caller,
    connectionNameOrId: string,
    identifier: string,
  ): Promise<ConnectedAccount> {
    const account = await this.findAccount(em, connectionNameOrId, identifier)
    if (!account) throw notFound('This connected account')
    assertMayUse(caller, 'This connected account', account.connection.unwrap().name, account.identifier)
    return account
  }

  /**
   * Reads the account of `identifier`, and creates it where it does not exist. Simultaneous calls create one
   * row.
   *
   * @returns the account, locked by `em`'s transaction, and whether it is new
   * @throws {ValetkeyError} BAD_USER_INPUT for an invalid identifier; NOT_FOUND for one that the
   *   caller is not bound to; CONFLICT while the connection is being deleted
   */
  async findOrCreate(
    em: EntityManager,
    caller: Caller,
    connection: Connection,
    identifier: string,
  ): Promise<{ account: ConnectedAccount; created: boolean }> {
    assertIdentifier(identifier)
    if (!mayUseIdentifier(caller, identifier)) throw notFound('This identifier')
    if (connection.deletion)
      throw new ValetkeyError('CONFLICT', `${connection.name} is being deleted, and takes no new accounts.`, [
        'input',
        'connection',
      ])
    const created = await insert(em, new ConnectedAccount(connection, identifier), connection)
    const account = await em.findOneOrFail(
      ConnectedAccount,
      { connection: connection.uuid, identifier },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    )
    return { account, created }
  }
}

/** Condition for the rows that match a filter and that a caller may see. */
function matching(caller: Caller, filter: ConnectedAccountFilter | null): FilterQuery<ConnectedAccount> {
  const where: FilterQuery<ConnectedAccount>[] = []
  if (filter?.search) where.push({ identifier: { $ilike: containing(filter.search) } })
  if (filter?.connection) where.push({ connection: byNameOrId(filter.connection) })
  if (filter?.identifier) where.push({ identifier: filter.identifier })
  if (filter?.status) where.push({ status: { $in: filter.status } })
  if (caller.connections.length > 0) where.push({ connection: { name: { $in: [...caller.connections] } } })
  if (caller.identifiers.length > 0)
    where.push({ $or: identifierLikes(caller).map((like) => ({ identifier: { $like: like } })) })
  return where.length > 0 ? { $and: where } : {}
}

/** @throws {ValetkeyError} BAD_USER_INPUT */
function assertIdentifier(identifier: string) {
  const fits = identifier !== '' && identifier.length <= LONGEST_IDENTIFIER && identifier.trim() === identifier
  if (fits && !/\p{Cc}/u.test(identifier)) return
  throw badInput(
    `An identifier is your own name for the user: 1 to ${LONGEST_IDENTIFIER} characters, no control characters, ` +
      'no white space at its ends. Upper and lower case differ.',
    ['input', 'identifier'],
  )
}

const INSERT = `
  insert into connected_account (id, connection_id, identifier, status, status_changed_at, requested_scopes,
    granted_scopes, "values", secrets_set, metadata, created_at, updated_at)
  values (?, ?, ?, ?, ?, ?, '{}', '{}', '{}', '{}', ?, ?)
  on conflict (connection_id, identifier) do nothing returning id`

/** @returns whether a row was inserted; false where one exists already */
async function insert(em: EntityManager, account: ConnectedAccount, connection: Connection): Promise<boolean> {
  const scopes = `{${connection.scopes.map((scope) => JSON.stringify(scope)).join(',')}}`
  const inserted = await em.execute<{ id: string }[]>(INSERT, [
    account.uuid,
    connection.uuid,
    account.identifier,
    account.status,
    account.statusChangedAt,
    scopes,
    account.createdAt,
    account.updatedAt,
  ])
  return inserted.length > 0
}
