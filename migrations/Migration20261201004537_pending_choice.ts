import { Migration } from '@mikro-orm/migrations'

export class Migration20261201004537_pending_choice extends Migration {
  override name = 'Migration20261201004537_pending_choice'

  override up(): void | Promise<void> {
    this.addSql(`create table "pending_choice" ("id" uuid not null,
        "link_id" uuid not null,
        "browser_hash" bytea not null,
        "sealed" bytea not null,
        "expires_at" timestamptz(3) not null,
        primary key ("id"));`)
    this.addSql(`create index "pending_choice_expires_at_index" on "pending_choice" ("expires_at");`)

    this.addSql(`alter table "authorization_link" add "tenant" text null;`)

    this.addSql(
      `alter table "pending_choice" add constraint "pending_choice_link_id_foreign"
        foreign key ("link_id") references "authorization_link" ("id") on delete cascade;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "pending_choice" cascade;`)

    this.addSql(`alter table "authorization_link" drop column "tenant";`)
  }
}
