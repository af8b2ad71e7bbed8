/**
 * Choosing on the hosted page. A grant may open several tenants, such as sites or organisations, and its user says
 * which one is meant.
 *
 *   hold ──▶ open ──the user chooses──▶ deleted: the authorization goes on with the tenant (settlements.ts)
 *              └──ten minutes──▶ deleted, and revoked at the provider
 */
import { LockMode } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { AuditTrail } from '../audit/audit.js'
import { AuditOutcome } from '../audit/audit-event.js'
import { clock } from '../clock.js'
import type { Grants } from '../credentials/grant.js'
import { ValetkeyError } from '../errors.js'
import { fromTypeId } from '../ids.js'
import type { Job } from '../jobs/jobs.js'
import type { Choice } from '../oauth/api/lookups.js'
import type { Vault } from '../vault/vault.js'
import { AuthorizationLink } from './authorization-link.js'
import type { Discards } from './discards.js'
import { type OpenedLink, withAccount } from './links.js'
import { type Brought, type OpenChoice, PendingChoice } from './pending-choice.secret.js'
import { en } from './texts.js'

/** Seconds that a user has for a choice. */
export const CHOICE_LIFE = 600
/** Choices that one run of the job ends at most. */
const SWEEP = 50

/** The user has to choose, on the page of this id. */
export interface Choosing {
  kind: 'choosing'
  id: string
}

/** An open choice, for its page. */
export interface ShownChoice {
  opened: OpenedLink
  choice: Choice
}

/** Holds grants while their users choose. */
export class Choices {
  constructor(
    private readonly orm: MikroORM,
    private readonly grants: Grants,
    private readonly discards: Discards,
    private readonly vault: Vault,
  ) {}

  /** Stores what a callback brought until its user has chosen. @param browser secret of the browser that brought it */
  async hold({ link }: OpenedLink, browser: string, open: OpenChoice): Promise<Choosing> {
    const expiresAt = new Date(clock.now().getTime() + CHOICE_LIFE * 1000)
    return this.orm.em.fork().transactional(async (em) => {
      const own = await em.findOneOrFail(AuthorizationLink, { uuid: link.uuid })
      const pending = new PendingChoice(own, browser, open, expiresAt, this.vault)
      em.persist(pending)
      return { kind: 'choosing', id: pending.id }
    })
  }

  /** Reads an open choice. @returns null where there is none for this browser */
  async look(id: string, browser: string | undefined): Promise<ShownChoice | null> {
    const pending = await this.find(this.orm.em.fork(), id, browser)
    if (!pending) return null
    const { choice } = pending.open(this.vault)
    return { opened: await withAccount(await pending.link.loadOrFail()), choice }
  }

  /**
   * Takes a choice, once.
   *
   * @returns what the callback brought; null for a tenant that was not offered: then the choice stays open
   * @throws {ValetkeyError} CONFLICT where nothing is to be chosen by this browser
   */
  async take(
    id: string,
    tenant: string,
    browser: string | undefined,
  ): Promise<{ opened: OpenedLink; brought: Brought } | null> {
    return this.orm.em.fork().transactional(async (em) => {
      const pending = await this.find(em, id, browser, LockMode.PESSIMISTIC_WRITE)
      if (!pending) throw new ValetkeyError('CONFLICT', en.choiceGone[1])
      const { brought, choice } = pending.open(this.vault)
      if (!choice.tenants.some((offered) => offered.id === tenant)) return null
      em.remove(pending)
      return { opened: await withAccount(await pending.link.loadOrFail()), brought }
    })
  }

  readonly expiry: Job = {
    name: 'choice-expiry',
    schedule: '* * * * *',
    longest: 300,
    run: async (signal) => {
      await this.expire(signal)
    },
  }

  /** Ends the choices whose time has run out. @returns their number */
  async expire(signal?: AbortSignal): Promise<number> {
    let count = 0
    for (; count < SWEEP && !signal?.aborted; count++) {
      const ended = await this.orm.em.fork().transactional(async (em) => {
        const [row] = await em.execute<{ id: string }[]>(
          `select id from pending_choice where expires_at <= now()
           order by expires_at limit 1
           for update skip locked`,
        )
        const pending = row && (await em.findOne(PendingChoice, { uuid: row.id }))
        if (!pending) return null
        const { account, connection } = await withAccount(await pending.link.loadOrFail())
        const { brought } = pending.open(this.vault)
        em.remove(pending)
        new AuditTrail('valetkey', null, pending.id).record(em, {
          action: 'account.authorized',
          outcome: AuditOutcome.FAILED,
          connection: connection.name,
          identifier: account.identifier,
          details: { error: 'not_chosen' },
        })
        // Many providers revoke all grants of a user and an app, and it is not known yet whose this one is.
        const isKept =
          this.discards.isMoved(connection, brought.registration) ||
          (await this.grants.mayBeShared(em, account, connection, null))
        return { connection, grant: isKept ? null : { ...brought, found: brought.captured } }
      })
      if (!ended) break
      await this.discards.revoke(ended)
    }
    return count
  }

  /** Whoever has another browser's id learns nothing: for them there is no such choice. */
  private async find(
    em: EntityManager,
    id: string,
    browser: string | undefined,
    lockMode?: LockMode.PESSIMISTIC_WRITE,
  ): Promise<PendingChoice | null> {
    const uuid = fromTypeId('choice', id)
    if (!uuid || !browser) return null
    const pending = await em.findOne(PendingChoice, { uuid }, lockMode ? { lockMode } : {})
    const isOpen = pending && pending.expiresAt > clock.now() && pending.isOf(browser)
    return isOpen ? pending : null
  }
}
