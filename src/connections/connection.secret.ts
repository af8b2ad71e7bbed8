import { type Ref, ref } from '@mikro-orm/core'
import { Entity, OneToOne, Property } from '@mikro-orm/decorators/legacy'
import type { DiscoveryResult } from '../oauth/discovery.js'
import type { Vault } from '../vault/vault.js'
import { Connection } from './connection.js'

/** The secret values of a connection's form, and the client that was registered for it, sealed to that connection. Never an @ObjectType. */
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

  /** @param discovered what the provider's server says of itself; null where nothing has been asked yet */
  keep(values: Record<string, string>, discovered: DiscoveryResult | null, vault: Vault) {
    this.sealed = vault.seal(JSON.stringify(values), this.place('sealed'))
    this.discovered = discovered && vault.seal(JSON.stringify(discovered), this.place('discovered'))
  }

  open(vault: Vault): { values: Record<string, string>; discovered: DiscoveryResult | null } {
    return {
      values: JSON.parse(vault.open(this.sealed, this.place('sealed'))),
      discovered: this.discovered && JSON.parse(vault.open(this.discovered, this.place('discovered'))),
    }
  }

  private place(column: string) {
    return { table: 'connection_secret', column, row: this.connection.unwrap().uuid }
  }
}
