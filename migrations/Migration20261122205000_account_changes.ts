import { Migration } from '@mikro-orm/migrations'

/** Written by hand: MikroORM knows no triggers. Every change of status rings, whoever made it. */
export class Migration20261122205000_account_changes extends Migration {
  override up(): void {
    this.addSql(`
      create function notify_connected_account() returns trigger language plpgsql as $$
      begin
        perform pg_notify('connected_account_changed', new.id::text);
        return null;
      end $$`)
    this.addSql(`
      create trigger connected_account_changed
      after insert or update of status, status_reason, granted_scopes on connected_account
      for each row execute function notify_connected_account()`)
  }

  override down(): void {
    this.addSql('drop trigger connected_account_changed on connected_account')
    this.addSql('drop function notify_connected_account()')
  }
}
