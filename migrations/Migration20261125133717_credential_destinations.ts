import { Migration } from '@mikro-orm/migrations'

export class Migration20261125133717_credential_destinations extends Migration {
  override name = 'Migration20261125133717_credential_destinations'

  override up(): void | Promise<void> {
    this.addSql(`alter table "credential" add "destinations" varchar(64) null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "credential" drop column "destinations";`)
  }
}
