-- Written by npm run emit: the functions and triggers that the migrations make. To change one, write a migration.

CREATE OR REPLACE FUNCTION public.notify_connected_account()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      begin
        perform pg_notify('connected_account_changed', new.id::text);
        return null;
      end $function$;

CREATE TRIGGER connected_account_changed AFTER INSERT OR UPDATE OF status, status_reason, granted_scopes ON public.connected_account FOR EACH ROW EXECUTE FUNCTION notify_connected_account();
