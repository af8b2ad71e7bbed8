/** Every connected account: found by connection, status and text, a page at a time. */
import { Button, Group, MultiSelect, Text } from '@mantine/core'
import { Link } from 'wouter'
import { AccountsDocument, type ConnectedAccountStatus } from '../generated/graphql.js'
import { useRead } from '../operations.js'
import { Ago, ConnectorIcon, plural, Status, statusWord, Waiting } from '../ui/bits.js'
import { ConnectionSelect } from '../ui/connection-select.js'
import { Listing, Pager } from '../ui/listing.js'
import { NewLink } from '../ui/new-link.js'
import { Empty, Page, Trouble } from '../ui/page.js'
import { SearchInput } from '../ui/search-input.js'
import { usePlace } from '../use-place.js'
import { useMay } from '../viewer.js'

const PAGE = 50
const STATUSES: ConnectedAccountStatus[] = [
  'ACTIVE',
  'PENDING_AUTHORIZATION',
  'PENDING_VERIFICATION',
  'REAUTHORIZATION_REQUIRED',
  'SUSPENDED',
  'DISCONNECTED',
]

export default function Accounts() {
  const [place, change] = usePlace()
  const mayStart = useMay('AUTHORIZATIONS_START')
  const maySeeConnections = useMay('CONNECTIONS_READ')
  const making = place.get('create') === 'link'
  const open = () => change({ create: 'link' })
  const close = () => change({ create: null })
  const search = place.get('search') ?? ''
  const connection = place.get('connection')
  const status = (place.get('status')?.split(',') ?? []) as ConnectedAccountStatus[]
  const after = place.get('after')
  const { data, error, stale, again, shown } = useRead(AccountsDocument, {
    first: PAGE,
    after,
    filter: { search: search || null, connection, status: status.length > 0 ? status : null },
  })
  const page = data?.connectedAccounts
  const filtered = search !== '' || connection !== null || status.length > 0
  const makeLink = mayStart ? <Button onClick={open}>Create link</Button> : null
  return (
    <Page title="Accounts" about="Your users, each on a connection." graphql={[shown]} actions={makeLink}>
      <NewLink
        opened={making}
        connection={connection}
        onClose={() => {
          close()
          again()
        }}
      />
      <Trouble error={error} />
      {page && page.totalCount === 0 && !filtered ? (
        <Empty
          title="Connect your first user"
          action={makeLink}
          snippet={
            'mutation {\n  startAuthorization(input: {\n    connection: "playground"\n    identifier: "user_123"\n  }) {\n    url\n  }\n}\n\n# Then, for an agent:\nquery {\n  connectedAccount(connection: "playground", identifier: "user_123") {\n    token(purpose: "read the calendar") {\n      ... on OAuthToken { accessToken }\n    }\n  }\n}'
          }
        >
          An account is one user's credentials on one connection. Make a link, give it to the user, and see the status
          change while they follow it.
        </Empty>
      ) : (
        <>
          <Group gap="sm" align="flex-start">
            <SearchInput
              aria-label="Search accounts"
              placeholder="Search identifiers and names"
              type="search"
              value={search}
              onSearch={(text) => change({ search: text, after: null })}
              flex="1 1 200px"
            />
            {maySeeConnections ? (
              <ConnectionSelect
                value={connection}
                onChange={(name) => change({ connection: name, after: null })}
                placeholder="Any connection"
                clearable
              />
            ) : null}
            <MultiSelect
              aria-label="Status"
              placeholder={status.length === 0 ? 'Any status' : undefined}
              clearable
              value={status}
              onChange={(chosen) => change({ status: chosen.join(','), after: null })}
              data={STATUSES.map((value) => ({ value, label: statusWord(value) }))}
              miw={180}
            />
          </Group>
          {page ? (
            <>
              <Text c="dimmed" role="status" aria-busy={stale}>
                {plural(page.totalCount, 'account')}
              </Text>
              <Listing
                label="Accounts"
                columns={['Identifier', 'Status', 'Connection', 'At the provider', 'Last used']}
                width={640}
                links
              >
                {page.items.map(({ id, identifier, status, lastTokenReadAt, providerIdentity, connection }) => (
                  <tr key={id}>
                    <td style={{ overflowWrap: 'anywhere' }}>
                      <Link href={`/accounts/${id}`} className="row-link">
                        {identifier}
                      </Link>
                    </td>
                    <td>
                      <Status status={status} />
                    </td>
                    <td>
                      <span className="inline">
                        <ConnectorIcon url={connection.connector.iconUrl} size={20} />
                        {connection.name}
                      </span>
                    </td>
                    <td>
                      {providerIdentity
                        ? (providerIdentity.email ?? providerIdentity.name ?? providerIdentity.subject)
                        : '–'}
                    </td>
                    <td>
                      <Ago at={lastTokenReadAt} />
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
