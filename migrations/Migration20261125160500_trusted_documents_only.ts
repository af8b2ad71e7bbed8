import { Migration } from '@mikro-orm/migrations'

export class Migration20261125160500_trusted_documents_only extends Migration {
  override name = 'Migration20261125160500_trusted_documents_only'

  override up(): void | Promise<void> {
    this.addSql(`alter table "api_key" add "trusted_documents_only" boolean not null default false;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "api_key" drop column "trusted_documents_only";`)
  }
}
