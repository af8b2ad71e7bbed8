import { type Ref, ref } from '@mikro-orm/core'
import { Entity, OneToOne, Property } from '@mikro-orm/decorators/legacy'
import type { DiscoveryResult } from '../oauth/discovery.js'
import type { SealedTable } from '../vault/sealed-tables.js'
import type { Place, Vault } from '../vault/vault.js'
import { Connection } from './connection.js'

const place = (row: string, column: string): Place => ({ table: 'connection_secret', column, row })

/** Where this table holds sealed values. */
export const SEALED_CONNECTIONS: SealedTable = {
  table: 'connection_secret',
  key: { connection_id: 'uuid' },
  columns: ['sealed', 'discovered'],
  place: ({ connection_id }, column) => place(String(connection_id), column),
}

/**
 * The secret values of a connection's form, and the result of discovery with the registered client, encrypted
 * and bound to that connection. Never an @ObjectType.
 */
@Entity()
export class ConnectionSecret {
  @OneToOne({
    entity: () => Connection,
    primary: true,
    owner: true,
    ref: true,
    deleteRule: 'cascade',
    joinColumn: 'connection_id',
  })
  readonly connection!: Ref<Connection>

  @Property({ type: 'blob', hidden: true })
  private sealed!: Buffer

  @Property({ type: 'blob', nullable: true, hidden: true })
  private discovered: Buffer | null = null

  constructor(connection: Connection, vault: Vault) {
    this.connection = ref(connection)
    this.keep({}, null, vault)
  }

  /** Encrypts form values by field key. @param discovered the result of discovery; null where it has not run */
  keep(values: Record<string, string>, discovered: DiscoveryResult | null, vault: Vault) {
    this.sealed = vault.seal(JSON.stringify(values), this.place('sealed'))
    this.discovered = discovered && vault.seal(JSON.stringify(discovered), this.place('discovered'))
  }

  /** Decrypts the row. @throws {SealBroken} */
  open(vault: Vault): { values: Record<string, string>; discovered: DiscoveryResult | null } {
    return {
      values: JSON.parse(vault.open(this.sealed, this.place('sealed'))),
      discovered: this.discovered && JSON.parse(vault.open(this.discovered, this.place('discovered'))),
    }
  }

  private place(column: string) {
    return place(this.connection.unwrap().uuid, column)
  }
}
