import { Migration } from '@mikro-orm/migrations'

/** The second half is written by hand: keys were bound by name, and servers of before still make such keys. */

export class Migration20261125133313_api_key_bounds extends Migration {
  override name = 'Migration20261125133313_api_key_bounds'

  override up(): void | Promise<void> {
    this.addSql(`alter table "api_key" add "connection_ids" uuid[] not null default '{}',
        add "addresses" text[] not null default '{}',
        add "maker_id" uuid null;`)

    this.addSql(`alter table "api_key_secret" add "previous_lookup" varchar(8) null,
        add "previous_hash" bytea null,
        add "previous_until" timestamptz(3) null;`)
    this.addSql(
      `alter table "api_key_secret" add constraint "api_key_secret_previous_lookup_unique" unique ("previous_lookup");`,
    )

    // A key that is bound to names of which no connection is left stays bound: to a connection that never is.
    this.addSql(`
      create function bind_api_key() returns trigger language plpgsql as $$
      begin
        if new.connection_ids = '{}' and new.connections <> '{}' then
          new.connection_ids := array(select id from connection where name = any(new.connections));
          if new.connection_ids = '{}' then
            new.connection_ids := array['00000000-0000-0000-0000-000000000000'::uuid];
          end if;
        end if;
        return new;
      end $$`)
    this.addSql(
      'create trigger api_key_bound before insert or update on api_key for each row execute function bind_api_key()',
    )
    this.addSql("update api_key set connection_ids = '{}' where connections <> '{}'")
  }

  override down(): void | Promise<void> {
    this.addSql('drop trigger api_key_bound on api_key')
    this.addSql('drop function bind_api_key()')
    this.addSql(`alter table "api_key" drop column "connection_ids", drop column "addresses", drop column "maker_id";`)

    this.addSql(`alter table "api_key_secret" drop constraint "api_key_secret_previous_lookup_unique";`)
    this.addSql(`alter table "api_key_secret" drop column "previous_lookup",
        drop column "previous_hash",
        drop column "previous_until";`)
  }
}
