-- Written by npm run emit: the functions and triggers that the migrations make. To change one, write a migration.

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

CREATE TRIGGER connected_account_changed AFTER INSERT OR UPDATE OF status, status_reason, granted_scopes ON public.connected_account FOR EACH ROW EXECUTE FUNCTION notify_connected_account();
