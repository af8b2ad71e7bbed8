import { Migration } from '@mikro-orm/migrations'

export class Migration20261122211108_paused extends Migration {
  override name = 'Migration20261122211108_paused'

  override up(): void | Promise<void> {
    this.addSql(`alter table "connection" add "paused_until" timestamptz(3) null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "connection" drop column "paused_until";`)
  }
}
