import { Migration } from '@mikro-orm/migrations'

export class Migration20261123003542_sessions extends Migration {
  override name = 'Migration20261123003542_sessions'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "session" (
        "id" uuid not null,
        "key_hash" bytea not null,
        "api_key_id" uuid null,
        "token_hash" bytea not null,
        "previous_hash" bytea null,
        "rotated_at" timestamptz(3) not null,
        "seen_at" timestamptz(3) not null,
        "created_at" timestamptz(3) not null,
        primary key ("id")
      );`,
    )
    this.addSql(`create index "session_key_hash_index" on "session" ("key_hash");`)
    this.addSql(`alter table "session" add constraint "session_token_hash_unique" unique ("token_hash");`)
    this.addSql(`alter table "session" add constraint "session_previous_hash_unique" unique ("previous_hash");`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "session" cascade;`)
  }
}
