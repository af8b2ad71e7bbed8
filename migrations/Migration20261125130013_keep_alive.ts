import { Migration } from '@mikro-orm/migrations'

export class Migration20261125130013_keep_alive extends Migration {
  override name = 'Migration20261125130013_keep_alive'

  override up(): void | Promise<void> {
    this.addSql(`alter table "connection" add "keep_alive" jsonb null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "connection" drop column "keep_alive";`)
  }
}
