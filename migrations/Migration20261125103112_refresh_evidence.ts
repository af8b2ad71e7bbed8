import { Migration } from '@mikro-orm/migrations'

export class Migration20261125103112_refresh_evidence extends Migration {
  override name = 'Migration20261125103112_refresh_evidence'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "refresh_answer" (
        "account_id" uuid not null,
        "version" int not null,
        "fence" int not null,
        "sealed" bytea not null,
        "created_at" timestamptz(3) not null,
        primary key ("account_id", "version", "fence")
      );`,
    )
    this.addSql(`create index "refresh_answer_created_at_index" on "refresh_answer" ("created_at");`)

    this.addSql(`alter table "connection" add "throttled_until" timestamptz(3) null;`)

    this.addSql(`create index "credential_obtained_at_index" on "credential" ("obtained_at");`)

    this.addSql(
      `alter table "refresh_lease"
        add "sent_at" timestamptz(3) null,
        add "doubted" boolean not null default false,
        add "rejections" int not null default 0;`,
    )
    this.addSql(`create index "refresh_lease_refused_at_index" on "refresh_lease" ("refused_at");`)

    this.addSql(`alter table "refresh_slot" add "owner" uuid null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "refresh_answer" cascade;`)

    this.addSql(`alter table "connection" drop column "throttled_until";`)

    this.addSql(`drop index "credential_obtained_at_index";`)

    this.addSql(`drop index "refresh_lease_refused_at_index";`)
    this.addSql(`alter table "refresh_lease" drop column "sent_at", drop column "doubted", drop column "rejections";`)

    this.addSql(`alter table "refresh_slot" drop column "owner";`)
  }
}
