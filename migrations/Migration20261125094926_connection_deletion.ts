import { Migration } from '@mikro-orm/migrations'

export class Migration20261125094926_connection_deletion extends Migration {
  override name = 'Migration20261125094926_connection_deletion'

  override up(): void | Promise<void> {
    this.addSql(`alter table "connection" add "deletion" jsonb null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "connection" drop column "deletion";`)
  }
}
