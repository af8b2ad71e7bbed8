import { Migration } from '@mikro-orm/migrations'

export class Migration20261123001412_erased_version extends Migration {
  override name = 'Migration20261123001412_erased_version'

  override up(): void | Promise<void> {
    this.addSql(`alter table "connected_account" add "erased_version" int not null default 0;`)

    this.addSql(`alter table "credential" alter column "version" drop default;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "connected_account" drop column "erased_version";`)

    this.addSql(`alter table "credential" alter column "version" set default 0;`)
  }
}
