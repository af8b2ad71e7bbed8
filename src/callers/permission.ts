import { registerEnumType } from 'type-graphql'

/** What a caller may do; every operation names the one that it needs. */
export enum Permission {
  CONNECTORS_WRITE = 'CONNECTORS_WRITE',
  CONNECTIONS_READ = 'CONNECTIONS_READ',
  CONNECTIONS_WRITE = 'CONNECTIONS_WRITE',
  ACCOUNTS_READ = 'ACCOUNTS_READ',
  ACCOUNTS_WRITE = 'ACCOUNTS_WRITE',
  AUTHORIZATIONS_START = 'AUTHORIZATIONS_START',
  TOKENS_READ = 'TOKENS_READ',
  AUDIT_READ = 'AUDIT_READ',
  KEYS_WRITE = 'KEYS_WRITE',
  WEBHOOKS_WRITE = 'WEBHOOKS_WRITE',
}
registerEnumType(Permission, {
  name: 'Permission',
  valuesConfig: { WEBHOOKS_WRITE: { deprecationReason: 'Opens nothing: there are no webhooks yet.' } },
})

/** Every permission, as the admin key has them. */
export const ALL_PERMISSIONS: readonly Permission[] = Object.values(Permission)
