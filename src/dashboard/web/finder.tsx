/** ⌘K: connectors, connections, accounts, actions and places, by a few letters. */
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight'
import { useEffect, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { AccountsDocument, ConnectionsDocument } from './generated/graphql.js'
import { useRead } from './operations.js'
import { ACTIONS, PLACES } from './places.js'
import { ConnectorIcon, statusWord } from './ui/bits.js'
import { searched, useCatalogue } from './use-catalogue.js'
import { useMay, useViewer } from './viewer.js'

const MOST = 6

export default function Finder({ onClose }: { onClose(): void }) {
  const [, navigate] = useLocation()
  const { permissions } = useViewer()
  const [query, setQuery] = useState('')
  const { connectors } = useCatalogue()
  const mayConnections = useMay('CONNECTIONS_READ')
  const mayAccounts = useMay('ACCOUNTS_READ')
  const asked = query.trim()
  const variables = { first: MOST, filter: { search: asked } }
  const { data: connections } = useRead(ConnectionsDocument, variables, { pause: asked === '' || !mayConnections })
  const { data: accounts } = useRead(AccountsDocument, variables, { pause: asked === '' || !mayAccounts })
  useEffect(() => spotlight.open(), [])
  const actions = useMemo(() => {
    const go = (href: string) => () => navigate(href)
    const found: SpotlightActionData[] = []
    const add = (group: string, id: string, label: string, href: string, more: Partial<SpotlightActionData> = {}) =>
      found.push({ id: `${group}/${id}`, group, label, onClick: go(href), ...more })
    if (asked !== '') {
      for (const { id, name, connector, status } of connections?.connections.items ?? [])
        add('Connections', id, name, `/connections/${name}`, {
          description: `${connector.name} · ${statusWord(status)}`,
          leftSection: <ConnectorIcon url={connector.iconUrl} />,
        })
      for (const { id, identifier, connection, status } of accounts?.connectedAccounts.items ?? [])
        add('Accounts', id, identifier, `/accounts/${id}`, {
          description: `${connection.name} · ${statusWord(status)}`,
          leftSection: <ConnectorIcon url={connection.connector.iconUrl} />,
        })
      for (const { key, name, iconUrl } of searched(connectors ?? [], asked).slice(0, MOST))
        add('Connectors', key, name, `/catalogue/${key}`, { leftSection: <ConnectorIcon url={iconUrl} /> })
    }
    for (const { href, label, permission } of ACTIONS)
      if (permissions.includes(permission) && label.toLowerCase().includes(asked.toLowerCase()))
        add('Actions', href, label, href)
    for (const { href, label, permission } of PLACES)
      if ((!permission || permissions.includes(permission)) && label.toLowerCase().includes(asked.toLowerCase()))
        add('Places', href, label, href)
    return [...Map.groupBy(found, ({ group }) => group)].map(([group, actions]) => ({ group: group ?? '', actions }))
  }, [asked, connections, accounts, connectors, permissions, navigate])
  // Spotlight marks the first one when the search changes; what is found comes later than that.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was found is on the page when this runs
  useEffect(() => {
    if (!document.querySelector('[data-action][data-selected]'))
      document.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  }, [actions])
  return (
    <Spotlight
      actions={actions}
      query={query}
      onQueryChange={setQuery}
      filter={(_, actions) => actions}
      onSpotlightClose={onClose}
      nothingFound="Nothing has this in its name."
      shortcut={null}
      searchProps={{
        placeholder: 'Find a connector, a connection, an account, an action or a place',
        'aria-label': 'Find',
      }}
      scrollable
      maxHeight={420}
    />
  )
}
