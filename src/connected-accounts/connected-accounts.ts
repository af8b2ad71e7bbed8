/**
 * Lists, reads, creates, suspends and resumes connected accounts. Their credentials are stored by
 * `credentials/`, and handed out by `tokens/`.
 */
import { type FilterQuery, LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { assertMayUse, type Caller, identifierLikes, mayUseConnection, mayUseIdentifier } from '../callers/caller.js'
import { clock } from '../clock.js'
import type { Connection } from '../connections/connection.js'
import { byNameOrId } from '../connections/connections.js'
import type { Context } from '../context.js'
import { badInput, notFound, nullWhereNotFound, ValetkeyError } from '../errors.js'
import { fromTypeId } from '../ids.js'
import type { Identity } from '../oauth/api/identity.js'
import { containing, countEach, findPage, findPages, type Page, type PageArgs } from '../page.js'
import { isUndisguised } from '../text.js'
import type { ConnectedAccountFilter } from './connected-account.input.js'
import { AccountStatus, ConnectedAccount } from './connected-account.js'

const LONGEST_IDENTIFIER = 256
/** The accounts of connections, for lists that are read for several connections at once. */
const OF_CONNECTIONS = {
  parents: 'connection where id in (select value::uuid from json_array_elements_text(?::json))',
  belong: 'item.connection_id = parent.id',
}

/**
 * Reads an account with its connection, both managed by `em`; null where there is none. `credentials/`
 * implements it, and reads the account's credential in the same statement.
 */
export interface FindAccount {
  find(em: EntityManager, connectionNameOrId: string, identifier: string): Promise<ConnectedAccount | null>
  findById(em: EntityManager, uuid: string): Promise<ConnectedAccount | null>
}

/** How callers address one account: by connection and identifier, or by id. */
export interface AccountAddress {
  connection: string | null
  identifier: string | null
  id: string | null
}

/** The use cases of accounts that need no credential. */
export class ConnectedAccounts {
  constructor(private readonly stored: FindAccount) {}

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
    const where = matching(context.caller, filter)
    return context.loadOf(`accounts ${JSON.stringify([filter, page])}`, connection.uuid, (uuids) =>
      findPages(context.em, ConnectedAccount, { ...OF_CONNECTIONS, where }, uuids, page),
    )
  }

  /** Lists active accounts that lack a scope of their connection. @throws {ValetkeyError} FORBIDDEN */
  async needingConsent(context: Context, connection: Connection, page: PageArgs): Promise<Page<ConnectedAccount>> {
    await context.authorize('Connection.accountsNeedingConsent')
    const lacking = {
      parents: OF_CONNECTIONS.parents,
      belong: `${OF_CONNECTIONS.belong} and not item.granted_scopes @> parent.scopes`,
      where: { $and: [{ status: AccountStatus.ACTIVE }, matching(context.caller, null)] },
    }
    return context.loadOf(`accountsNeedingConsent ${JSON.stringify(page)}`, connection.uuid, (uuids) =>
      findPages(context.em, ConnectedAccount, lacking, uuids, page),
    )
  }

  /** Number of a connection's accounts that the caller may see. */
  count(context: Context, connection: Connection): Promise<number> {
    const where = matching(context.caller, null)
    return context.loadOf('accountCount', connection.uuid, (uuids) =>
      countEach(context.em, ConnectedAccount, { ...OF_CONNECTIONS, where }, uuids),
    )
  }

  /** Number of all of a connection's accounts, for callers that may know it. */
  countAll(context: Context, connection: Connection): Promise<number> {
    return context.loadOf('allAccounts', connection.uuid, (uuids) =>
      countEach(context.em, ConnectedAccount, { ...OF_CONNECTIONS, where: {} }, uuids),
    )
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
    const uuid = fromTypeId('acct', id)
    const account = uuid && (await this.stored.findById(em, uuid))
    if (!account || !mayUse(caller, account)) return null
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

  /** The application's notes. @throws {ValetkeyError} FORBIDDEN for a caller that only uses or starts accounts */
  async metadataOf(context: Context, account: ConnectedAccount): Promise<Record<string, unknown>> {
    await context.authorize('ConnectedAccount.metadata')
    return account.metadata
  }

  /** Who the provider says this is. @throws {ValetkeyError} FORBIDDEN, as `metadataOf` */
  async identityOf(context: Context, account: ConnectedAccount): Promise<Identity | null> {
    await context.authorize('ConnectedAccount.providerIdentity')
    return account.identity
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
    assertMayUse(caller, 'This connected account', await account.connection.loadOrFail(), account.identifier)
    return account
  }

  /** Reads an account with its connection. @throws {ValetkeyError} NOT_FOUND, as `byId` */
  async byIdentifier(
    em: EntityManager,
    caller: Caller,
    connectionNameOrId: string,
    identifier: string,
  ): Promise<ConnectedAccount> {
    const account = await this.stored.find(em, connectionNameOrId, identifier)
    if (!account) throw notFound('This connected account')
    assertMayUse(caller, 'This connected account', account.connection.unwrap(), account.identifier)
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
    // Whatever is wrong with it: of one that is not its own, a caller learns nothing.
    if (!mayUseIdentifier(caller, identifier)) throw notFound('This identifier')
    // One that an earlier version took goes on to be taken.
    assertIdentifier(
      identifier,
      isUndisguised(identifier) || (await em.count(ConnectedAccount, { connection: connection.uuid, identifier })) > 0,
      ['input', 'identifier'],
    )
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

/** @param account with its connection loaded */
function mayUse(caller: Caller, { connection, identifier }: ConnectedAccount): boolean {
  return mayUseConnection(caller, connection.unwrap()) && mayUseIdentifier(caller, identifier)
}

/** Condition for the rows that match a filter and that a caller may see. */
function matching(caller: Caller, filter: ConnectedAccountFilter | null): FilterQuery<ConnectedAccount> {
  const where: FilterQuery<ConnectedAccount>[] = []
  if (filter?.search) where.push({ identifier: { $ilike: containing(filter.search) } })
  if (filter?.connection) where.push({ connection: byNameOrId(filter.connection) })
  if (filter?.identifier) where.push({ identifier: filter.identifier })
  if (filter?.status) where.push({ status: { $in: filter.status } })
  if (caller.connections.length > 0) where.push({ connection: { $in: [...caller.connections] } })
  if (caller.identifiers.length > 0)
    where.push({ $or: identifierLikes(caller).map((like) => ({ identifier: { $like: like } })) })
  return where.length > 0 ? { $and: where } : {}
}

/**
 * @param isTaken whether it is not disguised, or is an account's already
 * @throws {ValetkeyError} BAD_USER_INPUT
 */
export function assertIdentifier(identifier: string, isTaken: boolean, path: string[]) {
  const fits = identifier !== '' && identifier.length <= LONGEST_IDENTIFIER && identifier.trim() === identifier
  if (fits && isTaken && !/\p{Cc}/u.test(identifier)) return
  throw badInput(
    `An identifier is your own name for the user: 1 to ${LONGEST_IDENTIFIER} characters that can be seen, in their ` +
      'usual forms (NFKC), each word in one alphabet, and no white space at its ends. Upper and lower case differ.',
    path,
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
