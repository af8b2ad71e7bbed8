import { Migration } from '@mikro-orm/migrations'

export class Migration20261125134735_limit_count extends Migration {
  override name = 'Migration20261125134735_limit_count'

  override up(): void | Promise<void> {
    this.addSql(`create table "limit_count" ("subject" text not null,
        "count" int not null,
        "until" timestamptz(3) not null,
        primary key ("subject"));`)
    this.addSql(`create index "limit_count_until_index" on "limit_count" ("until");`)
    // Written by hand: counters need not survive a crash.
    this.addSql('alter table limit_count set unlogged')
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "limit_count" cascade;`)
  }
}
