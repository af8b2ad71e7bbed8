import { Migration } from '@mikro-orm/migrations'

export class Migration20261122204529_verification extends Migration {
  override name = 'Migration20261122204529_verification'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "pending_verification" (
        "id" uuid not null,
        "link_id" uuid not null,
        "status" text not null,
        "before" text null,
        "sealed" bytea null,
        "expires_at" timestamptz(3) not null,
        primary key ("id")
      );`,
    )
    this.addSql(`create index "pending_verification_expires_at_index" on "pending_verification" ("expires_at");`)

    this.addSql(
      `alter table "authorization_link" add "verify_url" text null, add "values" jsonb not null default '{}';`,
    )

    this.addSql(
      `alter table "pending_verification"
        add constraint "pending_verification_link_id_foreign"
        foreign key ("link_id") references "authorization_link" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "pending_verification"
        add constraint "pending_verification_status_check"
        check ("status" in ('PENDING', 'VERIFIED', 'FAILED'));`,
    )
    this.addSql(
      `alter table "pending_verification"
        add constraint "pending_verification_before_check"
        check ("before" in (
          'PENDING_AUTHORIZATION',
          'PENDING_VERIFICATION',
          'ACTIVE',
          'REAUTHORIZATION_REQUIRED',
          'SUSPENDED',
          'DISCONNECTED'
        ));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "pending_verification" cascade;`)

    this.addSql(`alter table "authorization_link" drop column "verify_url", drop column "values";`)
  }
}
