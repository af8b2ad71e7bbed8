// Written by npm run emit: the migrations of this folder.
import type { Migration } from '@mikro-orm/migrations'
import { Migration20261122165111_initial } from './Migration20261122165111_initial.js'
import { Migration20261122194058_custom_connectors } from './Migration20261122194058_custom_connectors.js'
import { Migration20261122204529_verification } from './Migration20261122204529_verification.js'
import { Migration20261122205000_account_changes } from './Migration20261122205000_account_changes.js'
import { Migration20261122211108_paused } from './Migration20261122211108_paused.js'
import { Migration20261122212907_circuit } from './Migration20261122212907_circuit.js'
import { Migration20261123001412_erased_version } from './Migration20261123001412_erased_version.js'
import { Migration20261123003542_sessions } from './Migration20261123003542_sessions.js'
import { Migration20261125094926_connection_deletion } from './Migration20261125094926_connection_deletion.js'
import { Migration20261125103112_refresh_evidence } from './Migration20261125103112_refresh_evidence.js'
import { Migration20261125130013_keep_alive } from './Migration20261125130013_keep_alive.js'
import { Migration20261125133313_api_key_bounds } from './Migration20261125133313_api_key_bounds.js'
import { Migration20261125133717_credential_destinations } from './Migration20261125133717_credential_destinations.js'
import { Migration20261125134735_limit_count } from './Migration20261125134735_limit_count.js'
import { Migration20261125141000_audit_chain } from './Migration20261125141000_audit_chain.js'
import { Migration20261125141636_purpose_required } from './Migration20261125141636_purpose_required.js'
import { Migration20261125160500_trusted_documents_only } from './Migration20261125160500_trusted_documents_only.js'
import { Migration20261125162757_data_key_rotation } from './Migration20261125162757_data_key_rotation.js'
import { Migration20261125175218_connection_authority } from './Migration20261125175218_connection_authority.js'
import { Migration20261201004537_pending_choice } from './Migration20261201004537_pending_choice.js'

/**
 * Every migration, in order.
 * They follow expand and contract: the last version goes on working while the next one starts.
 */
export const MIGRATIONS: {
  name: string
  class: new (...args: ConstructorParameters<typeof Migration>) => Migration
}[] = [
  { name: 'Migration20261122165111_initial', class: Migration20261122165111_initial },
  { name: 'Migration20261122194058_custom_connectors', class: Migration20261122194058_custom_connectors },
  { name: 'Migration20261122204529_verification', class: Migration20261122204529_verification },
  { name: 'Migration20261122205000_account_changes', class: Migration20261122205000_account_changes },
  { name: 'Migration20261122211108_paused', class: Migration20261122211108_paused },
  { name: 'Migration20261122212907_circuit', class: Migration20261122212907_circuit },
  { name: 'Migration20261123001412_erased_version', class: Migration20261123001412_erased_version },
  { name: 'Migration20261123003542_sessions', class: Migration20261123003542_sessions },
  { name: 'Migration20261125094926_connection_deletion', class: Migration20261125094926_connection_deletion },
  { name: 'Migration20261125103112_refresh_evidence', class: Migration20261125103112_refresh_evidence },
  { name: 'Migration20261125130013_keep_alive', class: Migration20261125130013_keep_alive },
  { name: 'Migration20261125133313_api_key_bounds', class: Migration20261125133313_api_key_bounds },
  { name: 'Migration20261125133717_credential_destinations', class: Migration20261125133717_credential_destinations },
  { name: 'Migration20261125134735_limit_count', class: Migration20261125134735_limit_count },
  { name: 'Migration20261125141000_audit_chain', class: Migration20261125141000_audit_chain },
  { name: 'Migration20261125141636_purpose_required', class: Migration20261125141636_purpose_required },
  { name: 'Migration20261125160500_trusted_documents_only', class: Migration20261125160500_trusted_documents_only },
  { name: 'Migration20261125162757_data_key_rotation', class: Migration20261125162757_data_key_rotation },
  { name: 'Migration20261125175218_connection_authority', class: Migration20261125175218_connection_authority },
  { name: 'Migration20261201004537_pending_choice', class: Migration20261201004537_pending_choice },
]
