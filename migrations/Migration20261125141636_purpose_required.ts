import { Migration } from '@mikro-orm/migrations'

export class Migration20261125141636_purpose_required extends Migration {
  override name = 'Migration20261125141636_purpose_required'

  override up(): void | Promise<void> {
    this.addSql(`alter table "api_key" add "purpose_required" boolean not null default false;`)

    this.addSql(`alter table "connection" add "purpose_required" boolean not null default false;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "api_key" drop column "purpose_required";`)

    this.addSql(`alter table "connection" drop column "purpose_required";`)
  }
}
