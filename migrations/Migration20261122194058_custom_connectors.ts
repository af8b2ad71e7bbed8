import { Migration } from '@mikro-orm/migrations'

export class Migration20261122194058_custom_connectors extends Migration {
  override name = 'Migration20261122194058_custom_connectors'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "custom_connector" (
        "key" varchar(63) not null,
        "definition" json not null,
        "version" int not null default 1,
        "created_at" timestamptz(3) not null,
        "updated_at" timestamptz(3) not null,
        primary key ("key")
      );`,
    )

    this.addSql(`alter table "connection_secret" add "discovered" bytea null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "custom_connector" cascade;`)

    this.addSql(`alter table "connection_secret" drop column "discovered";`)
  }
}
