import { Migration } from '@mikro-orm/migrations'

/**
 * Written by hand: MikroORM makes no partitions and knows no functions; it leaves the tables audit_* alone
 * (orm.ts). The audit log becomes a table of months. What is in it stays where it is, as its first partition: no
 * row is moved, and the lock lasts as long as two looks over it.
 */
export class Migration20261125141000_audit_chain extends Migration {
  override name = 'Migration20261125141000_audit_chain'

  override up(): void {
    this.partitions()
    this.chain()
    this.guards()
  }

  /** The log, by months in UTC; a partition for what belongs to none, so that no insert ever fails. */
  private partitions() {
    // The transaction that wrote a row. A row is sealed when no transaction that is as old is under way any more.
    this.addSql('alter table audit_event add tx bigint not null default 0')
    this.addSql('alter table audit_event rename to audit_event_before')
    this.addSql('alter table audit_event_before rename constraint audit_event_pkey to audit_event_before_pkey')
    this.addSql('alter index audit_event_at_id_index rename to audit_event_before_at_id_idx')
    this.addSql(`
      alter index audit_event_connection_identifier_at_index
      rename to audit_event_before_connection_identifier_at_idx`)
    // Without a primary key, since that would have to have `at` in it; each partition has one of its own.
    this.addSql(`
      create table audit_event (like audit_event_before including constraints) partition by range (at)`)
    this.addSql('alter table audit_event alter tx set default pg_current_xact_id()::text::bigint')
    this.addSql('create table audit_event_default partition of audit_event (primary key (id)) default')
    this.addSql(`
      do $$
      declare
        until timestamptz := (
          select date_trunc('month', greatest(max(at), clock_timestamp()), 'UTC') from audit_event_before
        ) + interval '1 month';
      begin
        if not exists (select from audit_event_before) then
          drop table audit_event_before;
          return;
        end if;
        execute format(
          'alter table audit_event_before alter tx drop default, add constraint audit_event_before_end check (at < %L)',
          until
        );
        execute format(
          'alter table audit_event attach partition audit_event_before for values from (minvalue) to (%L)', until
        );
        alter table audit_event_before drop constraint audit_event_before_end;
      end $$`)
    this.addSql('create index audit_event_at_id_index on audit_event (at, id)')
    this.addSql('create index audit_event_connection_identifier_at_index on audit_event (connection, identifier, at)')
    // Rows from before have no transaction, and no entry.
    this.addSql('create index audit_event_tx_index on audit_event (tx) where tx > 0')
  }

  /** What src/audit/chain.ts writes and reads. */
  private chain() {
    this.addSql(`
      create table audit_batch (
        number bigint primary key,
        format smallint not null,
        month date not null,
        count int not null,
        events uuid[] not null,
        digests bytea not null,
        content bytea not null,
        last_tx bigint not null,
        last_at timestamptz(3) not null,
        last_id uuid not null,
        through timestamptz(3) not null,
        sealed_at timestamptz(3) not null,
        key_id uuid not null,
        mac bytea not null
      )`)
    this.addSql('create index audit_batch_month_number_index on audit_batch (month, number)')
    this.addSql(`
      create table audit_expiry (
        month date not null,
        first_batch bigint not null,
        last_batch bigint not null,
        batches int not null,
        events bigint not null,
        expired_at timestamptz(3) not null,
        key_id uuid not null,
        mac bytea not null,
        primary key (month, first_batch)
      )`)
    this.addSql(`
      create table audit_setting (
        only_row boolean primary key default true check (only_row),
        keep_days int not null default 400,
        tx_offset bigint not null default 0
      )`)
    this.addSql('insert into audit_setting default values')
  }

  private guards() {
    this.addSql(`
      create function audit_append_only() returns trigger language plpgsql as $$
      begin
        if current_setting('valetkey.audit_expiry', true) = 'on' then
          return case tg_op when 'DELETE' then old else new end;
        end if;
        raise exception 'The audit log is append-only: % of % is refused.', lower(tg_op), tg_table_name
          using errcode = 'insufficient_privilege';
      end $$`)
    for (const table of ['audit_event', 'audit_batch', 'audit_expiry']) {
      this.addSql(`
        create trigger ${table}_append_only before update or delete on ${table}
        for each row execute function audit_append_only()`)
      this.addSql(`
        create trigger ${table}_no_truncate before truncate on ${table}
        for each statement execute function audit_append_only()`)
    }
    // Builds up to 2026-11-25 insert every column that there is, this one as null. A later version drops the trigger.
    this.addSql(`
      create function audit_event_tx() returns trigger language plpgsql as $$
      begin
        new.tx := pg_current_xact_id()::text::bigint + (select tx_offset from audit_setting);
        return new;
      end $$`)
    this.addSql(`
      create trigger audit_event_tx before insert on audit_event
      for each row when (new.tx is null) execute function audit_event_tx()`)

    // The server's role owns no table: what it may do to partitions is what these two do.
    this.addSql(`
      create function audit_prepare() returns void
      language plpgsql security definer set search_path = public, pg_temp as $$
      declare
        month date;
        following date;
        highest bigint;
        shift bigint;
      begin
        perform pg_advisory_xact_lock(hashtext('valetkey.audit-prepare'));
        for month in
          select generate_series(date_trunc('month', now() at time zone 'UTC'),
            date_trunc('month', now() at time zone 'UTC') + interval '3 months', interval '1 month')::date
        loop
          following := month + interval '1 month';
          -- A month that has a partition, or rows elsewhere, is left as it is.
          continue when to_regclass(format('audit_event_%s', to_char(month, 'YYYYMM'))) is not null
            or exists (select from audit_event_default
              where at >= month::timestamp at time zone 'UTC' and at < following::timestamp at time zone 'UTC');
          begin
            execute format(
              'create table audit_event_%s partition of audit_event (primary key (id)) for values from (%L) to (%L)',
              to_char(month, 'YYYYMM'),
              month::timestamp at time zone 'UTC',
              following::timestamp at time zone 'UTC'
            );
          exception when invalid_object_definition then
            -- It is in the partition of the rows from before.
            null;
          end;
        end loop;
        -- A backup that is restored into a younger cluster meets lower transaction ids than its rows have.
        select tx_offset into shift from audit_setting for update;
        highest := greatest(
          (select coalesce(max(tx), 0) from audit_event where tx > 0),
          (select coalesce(max(last_tx), 0) from audit_batch)
        );
        if highest > pg_snapshot_xmax(pg_current_snapshot())::text::bigint + shift then
          update audit_setting set tx_offset = highest;
          execute format(
            'alter table audit_event alter tx set default pg_current_xact_id()::text::bigint + %s', highest
          );
        end if;
      end $$`)
    this.addSql(`
      create function audit_expire(
        of_month date, first_number bigint, last_number bigint, batch_count int, event_count bigint,
        at_time timestamptz, signing_key uuid, signature bytea
      ) returns void
      language plpgsql security definer set search_path = public, pg_temp as $$
      declare
        beginning timestamptz := of_month::timestamp at time zone 'UTC';
        ending timestamptz := (of_month + interval '1 month') at time zone 'UTC';
        days int := (select keep_days from audit_setting);
        own regclass := to_regclass(format('audit_event_%s', to_char(of_month, 'YYYYMM')));
      begin
        if of_month <> date_trunc('month', of_month) or days = 0 or ending > now() - make_interval(days => days) then
          raise exception 'The audit log of % is kept for % days after its end.', to_char(of_month, 'YYYY-MM'), days
            using errcode = 'insufficient_privilege';
        end if;
        perform set_config('valetkey.audit_expiry', 'on', true);
        insert into audit_expiry (month, first_batch, last_batch, batches, events, expired_at, key_id, mac)
          values (of_month, first_number, last_number, batch_count, event_count, at_time, signing_key, signature);
        update audit_batch set events = '{}', digests = ''
          where month = of_month and number between first_number and last_number;
        if own is not null then
          execute format('drop table %s', own);
        end if;
        -- What has no partition of its own: rows from before there were any, and rows that came late.
        delete from audit_event where at >= beginning and at < ending;
        perform set_config('valetkey.audit_expiry', 'off', true);
      end $$`)
    this.addSql('revoke all on function audit_prepare() from public')
    this.addSql(
      'revoke all on function audit_expire(date, bigint, bigint, int, bigint, timestamptz, uuid, bytea) from public',
    )
    this.addSql('select audit_prepare()')
  }
}
