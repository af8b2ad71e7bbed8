-- Written by npm run emit: the functions and triggers that the migrations make. To change one, write a migration.

CREATE OR REPLACE FUNCTION public.audit_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      begin
        if current_setting('valetkey.audit_expiry', true) = 'on' then
          return case tg_op when 'DELETE' then old else new end;
        end if;
        raise exception 'The audit log is append-only: % of % is refused.', lower(tg_op), tg_table_name
          using errcode = 'insufficient_privilege';
      end $function$;

CREATE OR REPLACE FUNCTION public.audit_event_tx()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      begin
        new.tx := pg_current_xact_id()::text::bigint + (select tx_offset from audit_setting);
        return new;
      end $function$;

CREATE OR REPLACE FUNCTION public.audit_expire(of_month date, first_number bigint, last_number bigint, batch_count integer, event_count bigint, at_time timestamp with time zone, signing_key uuid, signature bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
      end $function$;

CREATE OR REPLACE FUNCTION public.audit_prepare()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
      end $function$;

CREATE OR REPLACE FUNCTION public.bind_api_key()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      begin
        if new.connection_ids = '{}' and new.connections <> '{}' then
          new.connection_ids := array(select id from connection where name = any(new.connections));
          if new.connection_ids = '{}' then
            new.connection_ids := array['00000000-0000-0000-0000-000000000000'::uuid];
          end if;
        end if;
        return new;
      end $function$;

CREATE OR REPLACE FUNCTION public.notify_connected_account()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      begin
        perform pg_notify('connected_account_changed', new.id::text);
        return null;
      end $function$;

CREATE TRIGGER api_key_bound BEFORE INSERT OR UPDATE ON public.api_key FOR EACH ROW EXECUTE FUNCTION bind_api_key();

CREATE TRIGGER audit_batch_append_only BEFORE DELETE OR UPDATE ON public.audit_batch FOR EACH ROW EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER audit_batch_no_truncate BEFORE TRUNCATE ON public.audit_batch FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER audit_event_append_only BEFORE DELETE OR UPDATE ON public.audit_event FOR EACH ROW EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON public.audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER audit_event_tx BEFORE INSERT ON public.audit_event FOR EACH ROW WHEN ((new.tx IS NULL)) EXECUTE FUNCTION audit_event_tx();

CREATE TRIGGER audit_expiry_append_only BEFORE DELETE OR UPDATE ON public.audit_expiry FOR EACH ROW EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER audit_expiry_no_truncate BEFORE TRUNCATE ON public.audit_expiry FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER connected_account_changed AFTER INSERT OR UPDATE OF status, status_reason, granted_scopes ON public.connected_account FOR EACH ROW EXECUTE FUNCTION notify_connected_account();
