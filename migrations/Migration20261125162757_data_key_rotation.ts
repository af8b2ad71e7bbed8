import { Migration } from '@mikro-orm/migrations'

export class Migration20261125162757_data_key_rotation extends Migration {
  override name = 'Migration20261125162757_data_key_rotation'

  override up(): void | Promise<void> {
    this.addSql(`alter table "data_key" add "kept" bytea null,
        add "usable_from" timestamptz(3) not null default now(),
        add "resealed_at" timestamptz(3) null,
        add "retired_at" timestamptz(3) null;`)
    this.addSql(`alter table "data_key" alter column "wrapped" drop not null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "data_key" drop column "kept",
        drop column "usable_from",
        drop column "resealed_at",
        drop column "retired_at";`)
    this.addSql(`alter table "data_key" alter column "wrapped" set not null;`)
  }
}
