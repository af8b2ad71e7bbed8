/** Creates, reads and revokes authorization links. Reading one changes nothing. */
import { randomBytes } from 'node:crypto'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { assertMayUse } from '../callers/caller.js'
import { clock } from '../clock.js'
import type { ConnectedAccount } from '../connected-accounts/connected-account.js'
import type { ConnectedAccounts } from '../connected-accounts/connected-accounts.js'
import { type Connection, ConnectionStatus, UserVerification } from '../connections/connection.js'
import { type Connections, checkedScopes } from '../connections/connections.js'
import type { Setups } from '../connections/setups.js'
import type { AuthMethod } from '../connectors/auth-method.js'
import type { FieldValueInput } from '../connectors/form.input.js'
import { type FormField, readFields } from '../connectors/form.js'
import type { Context } from '../context.js'
import { badInput, notFound, ValetkeyError } from '../errors.js'
import { sha256 } from '../hash.js'
import { fromTypeId } from '../ids.js'
import type { Limit, Limits } from '../limits/limits.js'
import { checkedSize, type FirstArgs, findLists } from '../page.js'
import type { StartAuthorizationInput } from './authorization.input.js'
import { AuthorizationLink, AuthorizationLinkStatus } from './authorization-link.js'
import { checkedReturnUrl, type ReturnRules } from './return-url.js'

/** Seconds that a link may last at least, at most, and by default. */
/** Links that one key makes. */
const LINKS: Limit = { most: 600, seconds: 60 }
const SHORTEST_LINK = 300
const LONGEST_LINK = 7 * 24 * 3600
const USUAL_LINK = 1800
const LONGEST_STATE = 1024
const LONGEST_TENANT = 300

/** A link with the account and the connection that it is for. */
export interface OpenedLink {
  link: AuthorizationLink
  account: ConnectedAccount
  connection: Connection
}

/** Authorization links and the rules for their URLs. */
export class Links {
  constructor(
    private readonly orm: MikroORM,
    private readonly connections: Connections,
    private readonly accounts: ConnectedAccounts,
    private readonly setups: Setups,
    private readonly rules: ReturnRules,
    private readonly limits: Limits,
  ) {}

  /**
   * Creates a link, and the account where it does not exist. Only the returned object has the `url`.
   *
   * @throws {ValetkeyError} FORBIDDEN; NOT_FOUND; CONNECTION_UNAVAILABLE; REDIRECT_NOT_ALLOWED;
   *   BAD_USER_INPUT for an invalid part of the input. After an error nothing is stored
   */
  async start(context: Context, input: StartAuthorizationInput): Promise<AuthorizationLink> {
    await context.authorize('Mutation.startAuthorization')
    const { caller, audit } = context
    await this.limits.hit(`links:${caller.actor}`, LINKS, 'This API key makes too many links.')
    return context.em.transactional(async (em) => {
      const connection = await this.connections.find(em, caller, input.connection)
      const terms = this.termsOf(connection, input, clock.now())
      const { account, created } = await this.accounts.findOrCreate(em, caller, connection, input.identifier)
      if (created) account.requestedScopes = terms.scopes
      const { tenant = null } = account.identity ?? {}
      if (terms.tenant !== null && tenant !== null && terms.tenant !== tenant)
        throw badInput('This account is for another one: have it disconnected first.', ['input', 'tenant'])
      const token = randomBytes(32).toString('base64url')
      const link = new AuthorizationLink(account, { tokenHash: sha256(token), ...terms })
      link.url = `${this.setups.publicUrl}/connect/${token}`
      em.persist(link)
      audit.record(em, {
        action: 'link.created',
        connection: connection.name,
        identifier: account.identifier,
        details: { link: link.id, expiresAt: link.expiresAt.toISOString() },
      })
      return link
    })
  }

  /** Revokes a link by its public id. A used link stays used. @throws {ValetkeyError} FORBIDDEN; NOT_FOUND */
  async revoke(context: Context, id: string): Promise<AuthorizationLink> {
    await context.authorize('Mutation.revokeAuthorizationLink')
    const { caller, audit } = context
    return context.em.transactional(async (em) => {
      const uuid = fromTypeId('link', id)
      const link = uuid && (await em.findOne(AuthorizationLink, { uuid }, { lockMode: LockMode.PESSIMISTIC_WRITE }))
      if (!link) throw notFound('This authorization link')
      const { account, connection } = await withAccount(link)
      assertMayUse(caller, 'This authorization link', connection, account.identifier)
      link.revoked(clock.now())
      audit.record(em, {
        action: 'link.revoked',
        connection: connection.name,
        identifier: account.identifier,
        details: { link: link.id },
      })
      return link
    })
  }

  /**
   * The first links of an account that are neither used, expired nor revoked, newest first.
   *
   * @throws {ValetkeyError} FORBIDDEN; BAD_USER_INPUT for an invalid size
   */
  async openOf(context: Context, account: ConnectedAccount, args: FirstArgs): Promise<AuthorizationLink[]> {
    await context.authorize('ConnectedAccount.authorizationLinks')
    const first = checkedSize(args)
    const ofAccounts = {
      parents: 'json_array_elements_text(?::json) as account (id)',
      belong: 'item.account_id = parent.id::uuid',
      where: { usedAt: null, revokedAt: null, expiresAt: { $gt: clock.now() } },
    }
    return context.loadOf(`authorizationLinks ${first}`, account.uuid, (uuids) =>
      findLists(context.em, AuthorizationLink, ofAccounts, uuids, { createdAt: 'desc' }, first),
    )
  }

  /** Reads a link without a lock. @returns null where no link has this token */
  async look(token: string): Promise<OpenedLink | null> {
    if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return null
    const em = this.orm.em.fork()
    const link = await em.findOne(AuthorizationLink, { tokenHash: sha256(token) })
    return link && withAccount(link)
  }

  /** Reads a link by its public id. @returns null where there is none */
  async byId(id: string): Promise<OpenedLink | null> {
    const uuid = fromTypeId('link', id)
    const link = uuid && (await this.orm.em.fork().findOne(AuthorizationLink, { uuid }))
    return link ? withAccount(link) : null
  }

  /** Why the link, though open, leads nowhere now, for its page; null where it does. */
  obstacleTo(opened: OpenedLink): string | null {
    try {
      assertUsable(opened.connection)
      assertStrictEnough(opened)
      return null
    } catch (error) {
      if (error instanceof ValetkeyError) return error.message
      throw error
    }
  }

  /** The fields that the page of a link shows: the account's form without the fields that the link sets. */
  fieldsFor({ link, connection }: OpenedLink): FormField[] {
    return this.setups.methodOf(connection).accountFields.filter(({ key }) => !(key in link.values))
  }

  /**
   * Reads an open link and locks it in `em`'s transaction.
   *
   * @throws {ValetkeyError} CONFLICT for a link that is not open; CONNECTION_UNAVAILABLE for a connection that
   *   cannot be used now
   */
  async open(em: EntityManager, token: string): Promise<OpenedLink> {
    const link = await em.findOne(
      AuthorizationLink,
      { tokenHash: sha256(token) },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    )
    if (link?.status !== AuthorizationLinkStatus.OPEN)
      throw new ValetkeyError('CONFLICT', 'This link is no longer open.')
    const opened = await withAccount(link)
    assertUsable(opened.connection)
    assertStrictEnough(opened)
    return opened
  }

  /** Validates the properties of a new link. @throws {ValetkeyError} as `start` */
  private termsOf(connection: Connection, input: StartAuthorizationInput, now: Date) {
    if (!isUsable(connection))
      throw new ValetkeyError(
        'CONNECTION_UNAVAILABLE',
        `${connection.name} cannot be used yet: its status is ${connection.status}. ${connection.problem ?? ''}`.trim(),
        ['input', 'connection'],
      )
    const method = this.setups.methodOf(connection)
    const expiresIn = input.expiresIn ?? USUAL_LINK
    if (expiresIn < SHORTEST_LINK || expiresIn > LONGEST_LINK)
      throw badInput(`A link lasts from ${SHORTEST_LINK} to ${LONGEST_LINK} seconds.`, ['input', 'expiresIn'])
    if (input.state != null && input.state.length > LONGEST_STATE)
      throw badInput(`A state has up to ${LONGEST_STATE} characters.`, ['input', 'state'])
    const url = (name: 'verifyUrl' | 'returnUrl') => {
      const text = input[name]
      return text == null ? null : checkedReturnUrl(text, ['input', name], this.rules)
    }
    const verifyUrl = url('verifyUrl')
    const verifies = connection.userVerification === UserVerification.APPLICATION
    if (verifies && verifyUrl === null)
      throw badInput('The application verifies the users of this connection: say in verifyUrl where it does.', [
        'input',
        'verifyUrl',
      ])
    return {
      returnUrl: url('returnUrl'),
      scopes: input.scopes == null ? connection.scopes : checkedScopes(input.scopes, method, ['input', 'scopes']),
      verifyUrl: verifies ? verifyUrl : null,
      values: carriedValues(method.accountFields, input.fields ?? []),
      tenant: wantedTenant(method, input.tenant ?? null),
      state: input.state ?? null,
      expiresAt: new Date(now.getTime() + expiresIn * 1000),
    }
  }
}

/**
 * A connection may have been made stricter since the link was made: then the stricter rule holds.
 *
 * @throws {ValetkeyError} CONFLICT for a link that cannot be verified although it has to be
 */
export function assertStrictEnough({ link, connection }: Pick<OpenedLink, 'link' | 'connection'>) {
  if (connection.userVerification === UserVerification.APPLICATION && link.verifyUrl === null)
    throw new ValetkeyError(
      'CONFLICT',
      'The application now verifies who connects, and this link is older than that. Ask for a new one.',
    )
}

/** The tenant that a link is for. An account stays with the one that it has: its user is not asked again. */
export function wantedBefore({ link, account }: OpenedLink): string | null {
  return link.tenant ?? account.identity?.tenant ?? null
}

/** Loads the account and the connection of a link. */
export async function withAccount(link: AuthorizationLink): Promise<OpenedLink> {
  const account = await link.accountRef.loadOrFail()
  return { link, account, connection: await account.connection.loadOrFail() }
}

/** @throws {ValetkeyError} CONNECTION_UNAVAILABLE with a message for the connection's users */
export function assertUsable(connection: Connection) {
  if (!isUsable(connection))
    throw new ValetkeyError('CONNECTION_UNAVAILABLE', 'This service cannot be connected at the moment.')
}

function isUsable({ status }: Connection): boolean {
  return status !== ConnectionStatus.DRAFT && status !== ConnectionStatus.DISABLED
}

/** @throws {ValetkeyError} BAD_USER_INPUT for what is no tenant's id, or where there is none to choose */
function wantedTenant({ runs }: AuthMethod, tenant: string | null): string | null {
  if (tenant === null) return null
  const path = ['input', 'tenant']
  if (!runs.afterConnect.some(({ choose }) => choose))
    throw badInput('A grant of this connection does not open several, of which one is taken.', path)
  if (tenant === '' || tenant.length > LONGEST_TENANT)
    throw badInput(`The id of a tenant has 1 to ${LONGEST_TENANT} characters.`, path)
  return tenant
}

/** Form values that the link sets. Secrets are refused: the user enters them. @throws {ValetkeyError} BAD_USER_INPUT */
function carriedValues(form: readonly FormField[], inputs: readonly FieldValueInput[]): Record<string, string> {
  const path = ['input', 'fields']
  const values: Record<string, string> = {}
  for (const [key, value] of readFields(form, inputs, path)) {
    if (form.find((field) => field.key === key)?.secret)
      throw badInput('This field is a secret: the page of the link asks the user for it.', path)
    if (value !== null) values[key] = value
  }
  return values
}

/**
 * Ends what is under way for a disconnected account, so that nothing brings it back: its links are revoked, its
 * requests, which hold secrets, are deleted, and a grant that waits for somebody's word is given back to the provider
 * by the jobs that end late ones.
 */
export async function endAuthorizations(em: EntityManager, { uuid }: ConnectedAccount) {
  await em.execute(
    `update authorization_link set revoked_at = now()
     where account_id = ? and used_at is null and revoked_at is null and expires_at > now()`,
    [uuid],
  )
  await em.execute(
    `update pending_verification pending set expires_at = now()
     from authorization_link link
     where link.id = pending.link_id and link.account_id = ? and pending.status = 'PENDING'`,
    [uuid],
  )
  await em.execute(
    `update pending_choice pending set expires_at = now()
     from authorization_link link
     where link.id = pending.link_id and link.account_id = ?`,
    [uuid],
  )
  await em.execute(
    `delete from authorization_request request using authorization_link link
     where link.id = request.link_id and link.account_id = ?`,
    [uuid],
  )
}
