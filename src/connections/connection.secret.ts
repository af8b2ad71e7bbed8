import { type Ref, ref } from '@mikro-orm/core'
import { Entity, OneToOne, Property } from '@mikro-orm/decorators/legacy'
import type { Vault } from '../vault/vault.js'
import { Connection } from './connection.js'

/** The secret values of a connection's form, sealed to that connection. Never an @ObjectType. */
@Entity()
export class ConnectionSecret {
  @OneToOne({ entity: () => Connection, primary: true, owner: true, ref: true, deleteRule: 'cascade', joinColumn: 'connection_id' })
  readonly connection!: Ref<Connection>

  @Property({ type: 'blob', hidden: true })
  private sealed!: Buffer

  constructor(connection: Connection, vault: Vault) {
    this.connection = ref(connection)
    this.keep({}, vault)
  }

  keep(values: Record<string, string>, vault: Vault) {
    this.sealed = vault.seal(JSON.stringify(values), this.place())
  }

  open(vault: Vault): Record<string, string> {
    return JSON.parse(vault.open(this.sealed, this.place()))
  }

  private place() {
    return { table: 'connection_secret', column: 'sealed', row: this.connection.unwrap().uuid }
  }
}
