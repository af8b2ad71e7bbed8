/** Connectors of one's own: the same format as the shipped ones, in full. */
import { Button } from '@mantine/core'
import { Link } from 'wouter'
import { CustomConnectorsDocument, DeleteConnectorDocument } from '../generated/graphql.js'
import { useAct, useRead } from '../operations.js'
import { ConnectorIcon, plural, Waiting } from '../ui/bits.js'
import { ConfirmButton } from '../ui/confirm.js'
import { Listing } from '../ui/listing.js'
import { Empty, Page, Trouble } from '../ui/page.js'
import { AUTH_TYPES } from '../words.js'

export default function CustomConnectors() {
  const { data, error, again, shown } = useRead(CustomConnectorsDocument, { first: 200 })
  const connectors = data?.connectors.items
  const make = (
    <Button component={Link} href="/connectors/new">
      New connector
    </Button>
  )
  return (
    <Page
      title="Custom connectors"
      about="Services that the catalogue does not have, or has differently."
      graphql={[shown]}
      actions={make}
    >
      <Trouble error={error} />
      {connectors?.length === 0 ? (
        <Empty title="Make a connector of your own" action={make}>
          A connector is a definition: where a provider's endpoints are, and how it departs from the standard. Yours can
          do all that ours can.
        </Empty>
      ) : connectors ? (
        <Listing
          label="Custom connectors"
          columns={['Name', 'Key', 'Authentication', 'Connections', { hidden: 'Delete' }]}
          width={560}
        >
          {connectors.map(({ key, name, iconUrl, authMethods, connections }) => (
            <tr key={key}>
              <td>
                <span className="inline">
                  <ConnectorIcon url={iconUrl} size={20} />
                  <Link href={`/connectors/${key}`}>{name}</Link>
                </span>
              </td>
              <td>
                <code>{key}</code>
              </td>
              <td>{authMethods.map(({ type }) => AUTH_TYPES[type]).join(', ')}</td>
              <td>{connections.length}</td>
              <td>
                <Delete id={key} name={name} connections={connections.length} onDone={again} />
              </td>
            </tr>
          ))}
        </Listing>
      ) : error ? null : (
        <Waiting rows={4} />
      )}
    </Page>
  )
}

function Delete(props: { id: string; name: string; connections: number; onDone(): void }) {
  const { id: key, name, connections, onDone } = props
  const remove = useAct(DeleteConnectorDocument, () => ({ key }))
  return (
    <ConfirmButton label="Delete" size="compact-sm" title={`Delete ${name}`} act={remove} onDone={onDone}>
      {connections > 0
        ? `${plural(connections, 'connection')} of it have to be deleted first.`
        : 'Its definition is gone for good.'}
    </ConfirmButton>
  )
}
