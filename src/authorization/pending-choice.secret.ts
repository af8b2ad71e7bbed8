import { type Ref, ref } from '@mikro-orm/core'
import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import type { Registration } from '../connections/registration.js'
import { sha256 } from '../hash.js'
import { newUuid, toTypeId } from '../ids.js'
import type { Choice } from '../oauth/api/lookups.js'
import { type TokenSet, withDates } from '../oauth/token-endpoint/token-set.js'
import type { SealedTable } from '../vault/sealed-tables.js'
import type { Place, Vault } from '../vault/vault.js'
import { AuthorizationLink } from './authorization-link.js'
import type { RequestSecrets } from './authorization-request.secret.js'

const place = (row: string): Place => ({ table: 'pending_choice', column: 'sealed', row })

/** Where this table holds sealed values. */
export const SEALED_CHOICES: SealedTable = {
  table: 'pending_choice',
  key: { id: 'uuid' },
  columns: ['sealed'],
  place: ({ id }) => place(String(id)),
}

/** What a callback brought, before anything was read with it. */
export interface Brought extends Pick<RequestSecrets, 'values' | 'fields'> {
  tokens: TokenSet
  /** Values of the callback. */
  captured: Record<string, unknown>
  redirectUri: string
  /** Of the connection that it was given to. */
  registration: Registration
  /** The connection's version when the authorization started. */
  version: number
}

/** What is sealed while the user chooses. */
export interface OpenChoice {
  brought: Brought
  choice: Choice
}

/**
 * A grant that opens several tenants, of which its user has to choose one: encrypted, out of reach of every query, and
 * deleted by the choice or by its timeout. The account's earlier credentials stay valid meanwhile.
 */
@Entity()
export class PendingChoice {
  @PrimaryKey({ type: 'uuid', fieldName: 'id' })
  readonly uuid: string = newUuid()

  get id(): string {
    return toTypeId('choice', this.uuid)
  }

  @ManyToOne({ entity: () => AuthorizationLink, ref: true, joinColumn: 'link_id', deleteRule: 'cascade' })
  readonly link!: Ref<AuthorizationLink>

  /** SHA-256 of the secret in the cookie of the browser that brought the grant. */
  @Property({ type: 'blob', hidden: true })
  readonly browserHash: Buffer

  /** `OpenChoice`, encrypted. */
  @Property({ type: 'blob', hidden: true })
  private readonly sealed: Buffer

  @Index()
  @Property({ type: 'datetime', length: 3 })
  readonly expiresAt: Date

  constructor(link: AuthorizationLink, browser: string, open: OpenChoice, expiresAt: Date, vault: Vault) {
    this.link = ref(link)
    this.browserHash = sha256(browser)
    this.expiresAt = expiresAt
    this.sealed = vault.seal(JSON.stringify(open), place(this.uuid))
  }

  /** Whether the browser with this secret brought the grant. */
  isOf(browser: string): boolean {
    return sha256(browser).equals(this.browserHash)
  }

  /** Decrypts what is held. @throws {SealBroken} */
  open(vault: Vault): OpenChoice {
    const { brought, choice } = JSON.parse(vault.open(this.sealed, place(this.uuid))) as OpenChoice
    return { brought: { ...brought, tokens: withDates(brought.tokens) }, choice }
  }
}
