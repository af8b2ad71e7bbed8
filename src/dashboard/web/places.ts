import {
  IconHistory,
  IconKey,
  IconLayoutGrid,
  IconPlugConnected,
  IconPuzzle,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react'
import type { Permission } from './generated/graphql.js'

/** The places of the rail, with the permission that each needs. */
export const PLACES: { href: string; label: string; icon: TablerIcon; permission?: Permission }[] = [
  { href: '/catalogue', label: 'Catalogue', icon: IconLayoutGrid },
  { href: '/connections', label: 'Connections', icon: IconPlugConnected, permission: 'CONNECTIONS_READ' },
  { href: '/accounts', label: 'Accounts', icon: IconUsers, permission: 'ACCOUNTS_READ' },
  { href: '/audit', label: 'Audit log', icon: IconHistory, permission: 'AUDIT_READ' },
  { href: '/keys', label: 'API keys', icon: IconKey, permission: 'KEYS_WRITE' },
  { href: '/connectors', label: 'Custom connectors', icon: IconPuzzle, permission: 'CONNECTORS_WRITE' },
]

/** Actions that can be started from every page. */
export const ACTIONS: { href: string; label: string; permission: Permission }[] = [
  { href: '/catalogue', label: 'Add a connection', permission: 'CONNECTIONS_WRITE' },
  { href: '/accounts?create=link', label: 'Create a link', permission: 'AUTHORIZATIONS_START' },
  { href: '/keys?create=key', label: 'Create an API key', permission: 'KEYS_WRITE' },
  { href: '/connectors/new', label: 'New custom connector', permission: 'CONNECTORS_WRITE' },
]
