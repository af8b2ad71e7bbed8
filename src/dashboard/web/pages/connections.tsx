/** The connections, with what each is up to. */
import { Button, Group, Select, Text } from '@mantine/core'
import { Link } from 'wouter'
import { type ConnectionStatus, ConnectionsDocument } from '../generated/graphql.js'
import { useRead } from '../operations.js'
import { Ago, ConnectorIcon, plural, Status, statusWord, Waiting } from '../ui/bits.js'
import { Listing, Pager } from '../ui/listing.js'
import { Empty, Page, Trouble } from '../ui/page.js'
import { SearchInput } from '../ui/search-input.js'
import { usePlace } from '../use-place.js'
import { May } from '../viewer.js'

const PAGE = 50

export default function Connections() {
  const [place, change] = usePlace()
  const search = place.get('search') ?? ''
  const status = place.get('status') as ConnectionStatus | null
  const after = place.get('after')
  const { data, error, shown } = useRead(ConnectionsDocument, {
    first: PAGE,
    after,
    filter: { search: search || null, status },
  })
  const page = data?.connections
  const filtered = search !== '' || status !== null
  return (
    <Page
      title="Connections"
      about="Connectors as you set them up: one serves all your users."
      graphql={[shown]}
      actions={
        <May permission="CONNECTIONS_WRITE">
          <Button component={Link} href="/catalogue">
            Add connection
          </Button>
        </May>
      }
    >
      <Trouble error={error} />
      {page && page.totalCount === 0 && !filtered ? (
        <Empty
          title="Set up your first connection"
          action={
            <May permission="CONNECTIONS_WRITE">
              <Button component={Link} href="/catalogue">
                Choose a connector
              </Button>
            </May>
          }
          snippet={
            'mutation {\n  createConnection(input: { connector: "github" }) {\n    name\n    status\n    redirectUri\n  }\n}'
          }
        >
          A connection is a connector as you set it up once, for all your users: for OAuth the app's client id and
          secret, for keys a name and no more.
        </Empty>
      ) : (
        <>
          <Group gap="sm">
            <SearchInput
              aria-label="Search connections"
              placeholder="Search"
              type="search"
              value={search}
              onSearch={(text) => change({ search: text, after: null })}
              flex="1 1 200px"
            />
            <Select
              aria-label="Status"
              placeholder="Any status"
              clearable
              value={status}
              onChange={(chosen) => change({ status: chosen, after: null })}
              data={['ACTIVE', 'DRAFT', 'MISCONFIGURED', 'DISABLED'].map((value) => ({
                value,
                label: statusWord(value),
              }))}
            />
          </Group>
          {page ? (
            <>
              <Text c="dimmed" role="status">
                {plural(page.totalCount, 'connection')}
              </Text>
              <Listing
                label="Connections"
                columns={['Name', 'Status', 'Connector', 'Accounts', 'Made']}
                width={560}
                links
              >
                {page.items.map(({ id, name, status, problem, accountCount, createdAt, connector, authMethod }) => (
                  <tr key={id}>
                    <td>
                      <Link href={`/connections/${name}`} className="row-link">
                        {name}
                      </Link>
                    </td>
                    <td>
                      <Status status={status} reason={status === 'MISCONFIGURED' ? problem : null} />
                    </td>
                    <td>
                      <span className="inline">
                        <ConnectorIcon url={connector.iconUrl} size={20} />
                        <span>
                          {connector.name} <span className="dimmed">· {authMethod.name}</span>
                        </span>
                      </span>
                    </td>
                    <td>{accountCount.toLocaleString('en')}</td>
                    <td>
                      <Ago at={createdAt} />
                    </td>
                  </tr>
                ))}
              </Listing>
              <Pager after={after} page={page} onGo={(cursor) => change({ after: cursor }, false)} />
            </>
          ) : error ? null : (
            <Waiting />
          )}
        </>
      )}
    </Page>
  )
}
