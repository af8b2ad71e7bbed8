import { Migration } from '@mikro-orm/migrations'

export class Migration20261122212907_circuit extends Migration {
  override name = 'Migration20261122212907_circuit'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "refresh_slot" (
        "connection_id" uuid not null,
        "slot" smallint not null,
        "holder" uuid null,
        "until" timestamptz(3) null,
        primary key ("connection_id", "slot")
      );`,
    )
    this.addSql(`create index "refresh_slot_holder_index" on "refresh_slot" ("holder");`)

    this.addSql(`alter table "connection" add "failing" boolean not null default false;`)

    this.addSql(
      `alter table "refresh_lease"
        add "takeover" boolean not null default false,
        add "refused_at" timestamptz(3) null;`,
    )

    this.addSql(
      `alter table "refresh_slot"
        add constraint "refresh_slot_connection_id_foreign"
        foreign key ("connection_id") references "connection" ("id") on delete cascade;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "refresh_slot" cascade;`)

    this.addSql(`alter table "connection" drop column "failing";`)

    this.addSql(`alter table "refresh_lease" drop column "takeover", drop column "refused_at";`)
  }
}
