import { Migration } from '@mikro-orm/migrations'

export class Migration20261125175218_connection_authority extends Migration {
  override name = 'Migration20261125175218_connection_authority'

  override up(): void | Promise<void> {
    this.addSql(`alter table "connection" add "authority" text null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "connection" drop column "authority";`)
  }
}
