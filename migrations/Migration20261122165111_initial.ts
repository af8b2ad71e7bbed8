import { Migration } from '@mikro-orm/migrations'

export class Migration20261122165111_initial extends Migration {
  override name = 'Migration20261122165111_initial'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "api_key" (
        "id" uuid not null,
        "name" varchar(64) not null,
        "prefix" varchar(16) not null,
        "permissions" text[] not null,
        "connections" text[] not null,
        "identifiers" text[] not null,
        "created_at" timestamptz(3) not null,
        "expires_at" timestamptz(3) null,
        "last_used_at" timestamptz(3) null,
        "revoked_at" timestamptz(3) null,
        primary key ("id")
      );`,
    )

    this.addSql(
      `create table "api_key_secret" (
        "api_key_id" uuid not null,
        "lookup" varchar(8) not null,
        "hash" bytea not null,
        primary key ("api_key_id")
      );`,
    )
    this.addSql(`alter table "api_key_secret" add constraint "api_key_secret_lookup_unique" unique ("lookup");`)

    this.addSql(
      `create table "audit_event" (
        "id" uuid not null,
        "at" timestamptz(3) not null,
        "action" varchar(64) not null,
        "outcome" text not null,
        "actor" varchar(64) not null,
        "connection" varchar(255) null,
        "identifier" varchar(256) null,
        "purpose" varchar(200) null,
        "ip_address" varchar(255) null,
        "details" jsonb not null,
        primary key ("id")
      );`,
    )
    this.addSql(
      `create index "audit_event_connection_identifier_at_index" on "audit_event" ("connection", "identifier", "at");`,
    )
    this.addSql(`create index "audit_event_at_id_index" on "audit_event" ("at", "id");`)

    this.addSql(
      `create table "connection" (
        "id" uuid not null,
        "name" varchar(64) not null,
        "connector" varchar(63) not null,
        "auth_method" varchar(64) not null,
        "status" text not null,
        "problem" text null,
        "values" jsonb not null,
        "secrets_set" text[] not null,
        "scopes" text[] not null,
        "user_verification" text not null,
        "version" int not null,
        "created_at" timestamptz(3) not null,
        "updated_at" timestamptz(3) not null,
        primary key ("id")
      );`,
    )
    this.addSql(`alter table "connection" add constraint "connection_name_unique" unique ("name");`)
    this.addSql(`create index "connection_connector_index" on "connection" ("connector");`)
    this.addSql(`create index "connection_created_at_id_index" on "connection" ("created_at", "id");`)

    this.addSql(
      `create table "connected_account" (
        "id" uuid not null,
        "connection_id" uuid not null,
        "identifier" varchar(256) not null,
        "status" text not null,
        "status_reason" text null,
        "status_changed_at" timestamptz(3) not null,
        "suspended_from" text null,
        "requested_scopes" text[] not null,
        "granted_scopes" text[] not null,
        "identity" jsonb null,
        "values" jsonb not null,
        "secrets_set" text[] not null,
        "metadata" jsonb not null,
        "token_expires_at" timestamptz(3) null,
        "reauthorization_due_at" timestamptz(3) null,
        "last_token_read_at" timestamptz(3) null,
        "refresh_outcome" jsonb null,
        "created_at" timestamptz(3) not null,
        "updated_at" timestamptz(3) not null,
        primary key ("id")
      );`,
    )
    this.addSql(`create index "connected_account_status_index" on "connected_account" ("status");`)
    this.addSql(`create index "connected_account_created_at_id_index" on "connected_account" ("created_at", "id");`)
    this.addSql(
      `alter table "connected_account"
        add constraint "connected_account_connection_id_identifier_unique"
        unique ("connection_id", "identifier");`,
    )

    this.addSql(
      `create table "authorization_link" (
        "id" uuid not null,
        "token_hash" bytea not null,
        "account_id" uuid not null,
        "scopes" text[] not null,
        "return_url" text null,
        "state" text null,
        "expires_at" timestamptz(3) not null,
        "used_at" timestamptz(3) null,
        "revoked_at" timestamptz(3) null,
        "attempts" int not null,
        "created_at" timestamptz(3) not null,
        primary key ("id")
      );`,
    )
    this.addSql(
      `alter table "authorization_link" add constraint "authorization_link_token_hash_unique" unique ("token_hash");`,
    )
    this.addSql(`create index "authorization_link_account_id_index" on "authorization_link" ("account_id");`)

    this.addSql(
      `create table "authorization_request" (
        "id" uuid not null,
        "link_id" uuid not null,
        "state_hash" bytea not null,
        "browser_hash" bytea not null,
        "verifier" bytea not null,
        "connection_id" uuid not null,
        "connection_version" int not null,
        "redirect_uri" text not null,
        "status" text not null,
        "expires_at" timestamptz(3) not null,
        primary key ("id")
      );`,
    )
    this.addSql(
      `alter table "authorization_request"
        add constraint "authorization_request_state_hash_unique"
        unique ("state_hash");`,
    )
    this.addSql(`create index "authorization_request_expires_at_index" on "authorization_request" ("expires_at");`)

    this.addSql(
      `create table "connection_secret" (
        "connection_id" uuid not null,
        "sealed" bytea not null,
        primary key ("connection_id")
      );`,
    )

    this.addSql(
      `create table "credential" (
        "account_id" uuid not null,
        "version" int not null default 0,
        "access" bytea not null,
        "refresh" bytea null,
        "registration" varchar(64) not null,
        "obtained_at" timestamptz(3) not null,
        "expires_at" timestamptz(3) null,
        "parent_version" int null,
        "parent_fence" int null,
        primary key ("account_id")
      );`,
    )

    this.addSql(
      `create table "data_key" (
        "id" uuid not null,
        "key_id" varchar(32) not null,
        "wrapped" bytea not null,
        "created_at" timestamptz(3) not null,
        primary key ("id")
      );`,
    )

    this.addSql(
      `create table "playground_record" (
        "model" varchar(40) not null,
        "id" varchar(255) not null,
        "payload" jsonb not null,
        "grant_id" varchar(255) null,
        "uid" varchar(255) null,
        "user_code" varchar(255) null,
        "consumed_at" timestamptz(3) null,
        "expires_at" timestamptz(3) null,
        primary key ("model", "id")
      );`,
    )
    this.addSql(`create index "playground_record_grant_id_index" on "playground_record" ("grant_id");`)
    this.addSql(`create index "playground_record_uid_index" on "playground_record" ("uid");`)

    this.addSql(
      `create table "refresh_lease" (
        "account_id" uuid not null,
        "owner" uuid null,
        "until" timestamptz(3) null,
        "fence" int not null default 0,
        "in_flight" boolean not null default false,
        "fails" int not null default 0,
        "next_attempt_at" timestamptz(3) null,
        "last_error" text null,
        primary key ("account_id")
      );`,
    )

    this.addSql(
      `alter table "api_key_secret"
        add constraint "api_key_secret_api_key_id_foreign"
        foreign key ("api_key_id") references "api_key" ("id") on update cascade on delete cascade;`,
    )

    this.addSql(
      `alter table "audit_event"
        add constraint "audit_event_outcome_check"
        check ("outcome" in ('SUCCEEDED', 'DENIED', 'FAILED'));`,
    )

    this.addSql(
      `alter table "connection"
        add constraint "connection_status_check"
        check ("status" in ('DRAFT', 'ACTIVE', 'MISCONFIGURED', 'DISABLED'));`,
    )
    this.addSql(
      `alter table "connection"
        add constraint "connection_user_verification_check"
        check ("user_verification" in ('CONFIRM', 'APPLICATION', 'NONE'));`,
    )

    this.addSql(
      `alter table "connected_account"
        add constraint "connected_account_connection_id_foreign"
        foreign key ("connection_id") references "connection" ("id") on delete restrict;`,
    )
    this.addSql(
      `alter table "connected_account"
        add constraint "connected_account_status_check"
        check ("status" in (
          'PENDING_AUTHORIZATION',
          'PENDING_VERIFICATION',
          'ACTIVE',
          'REAUTHORIZATION_REQUIRED',
          'SUSPENDED',
          'DISCONNECTED'
        ));`,
    )
    this.addSql(
      `alter table "connected_account"
        add constraint "connected_account_suspended_from_check"
        check ("suspended_from" in (
          'PENDING_AUTHORIZATION',
          'PENDING_VERIFICATION',
          'ACTIVE',
          'REAUTHORIZATION_REQUIRED',
          'SUSPENDED',
          'DISCONNECTED'
        ));`,
    )

    this.addSql(
      `alter table "authorization_link"
        add constraint "authorization_link_account_id_foreign"
        foreign key ("account_id") references "connected_account" ("id") on delete cascade;`,
    )

    this.addSql(
      `alter table "authorization_request"
        add constraint "authorization_request_link_id_foreign"
        foreign key ("link_id") references "authorization_link" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "authorization_request"
        add constraint "authorization_request_status_check"
        check ("status" in ('STARTED', 'CONSUMED'));`,
    )

    this.addSql(
      `alter table "connection_secret"
        add constraint "connection_secret_connection_id_foreign"
        foreign key ("connection_id") references "connection" ("id") on update cascade on delete cascade;`,
    )

    this.addSql(
      `alter table "credential"
        add constraint "credential_account_id_foreign"
        foreign key ("account_id")
        references "connected_account" ("id") on update cascade on delete cascade;`,
    )

    this.addSql(
      `alter table "refresh_lease"
        add constraint "refresh_lease_account_id_foreign"
        foreign key ("account_id")
        references "connected_account" ("id") on update cascade on delete cascade;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "api_key_secret" drop constraint "api_key_secret_api_key_id_foreign";`)
    this.addSql(`alter table "connected_account" drop constraint "connected_account_connection_id_foreign";`)
    this.addSql(`alter table "connection_secret" drop constraint "connection_secret_connection_id_foreign";`)
    this.addSql(`alter table "authorization_link" drop constraint "authorization_link_account_id_foreign";`)
    this.addSql(`alter table "credential" drop constraint "credential_account_id_foreign";`)
    this.addSql(`alter table "refresh_lease" drop constraint "refresh_lease_account_id_foreign";`)
    this.addSql(`alter table "authorization_request" drop constraint "authorization_request_link_id_foreign";`)

    this.addSql(`drop table if exists "api_key" cascade;`)
    this.addSql(`drop table if exists "api_key_secret" cascade;`)
    this.addSql(`drop table if exists "audit_event" cascade;`)
    this.addSql(`drop table if exists "connection" cascade;`)
    this.addSql(`drop table if exists "connected_account" cascade;`)
    this.addSql(`drop table if exists "authorization_link" cascade;`)
    this.addSql(`drop table if exists "authorization_request" cascade;`)
    this.addSql(`drop table if exists "connection_secret" cascade;`)
    this.addSql(`drop table if exists "credential" cascade;`)
    this.addSql(`drop table if exists "data_key" cascade;`)
    this.addSql(`drop table if exists "playground_record" cascade;`)
    this.addSql(`drop table if exists "refresh_lease" cascade;`)
  }
}
