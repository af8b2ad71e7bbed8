/** Who did what to which account, and how it ended. */
import { Group, TextInput } from '@mantine/core'
import { AuditDocument } from '../generated/graphql.js'
import { useRead } from '../operations.js'
import { Ago, Status, Waiting } from '../ui/bits.js'
import { Listing, Pager } from '../ui/listing.js'
import { Empty, Page, Trouble } from '../ui/page.js'
import { SearchInput } from '../ui/search-input.js'
import { usePlace } from '../use-place.js'

const PAGE = 50
const FILTERS = [
  ['action', 'Action, such as token.read or token'],
  ['connection', 'Connection'],
  ['identifier', 'Identifier'],
  ['actor', 'Actor, such as key_…'],
] as const

export default function Audit() {
  const [place, change] = usePlace()
  const filter = Object.fromEntries(FILTERS.map(([key]) => [key, place.get(key) || null]))
  const day = place.get('since')
  const since = day && !Number.isNaN(Date.parse(day)) ? day : null
  const after = place.get('after')
  const { data, error, shown } = useRead(AuditDocument, {
    first: PAGE,
    after,
    filter: { ...filter, since: since ? new Date(since).toISOString() : null },
  })
  const page = data?.auditEvents
  return (
    <Page
      title="Audit log"
      about="Every token that was read, and every change: by whom, when and what for."
      graphql={[shown]}
    >
      <Group gap="sm">
        {FILTERS.map(([key, label]) => (
          <SearchInput
            key={key}
            aria-label={label}
            placeholder={label}
            value={place.get(key) ?? ''}
            onSearch={(text) => change({ [key]: text.trim(), after: null })}
            flex="1 1 160px"
          />
        ))}
        <TextInput
          aria-label="Since"
          type="date"
          value={since ?? ''}
          onChange={(event) => change({ since: event.currentTarget.value, after: null })}
        />
      </Group>
      <Trouble error={error} />
      {page ? (
        page.items.length > 0 ? (
          <>
            <Listing label="Audit log" columns={['When', 'Action', 'Outcome', 'On', 'By', 'What for']} width={760}>
              {page.items.map(
                ({ id, at, action, outcome, actor, connection, identifier, purpose, ipAddress, details }) => (
                  <tr key={id}>
                    <td style={{ whiteSpace: 'nowrap' }}>
                      <Ago at={at} />
                    </td>
                    <td>
                      <code>{action}</code>
                      {Object.keys(details).length > 0 ? (
                        <details>
                          <summary className="dimmed">Details</summary>
                          <pre className="details">{JSON.stringify(details, null, 2)}</pre>
                        </details>
                      ) : null}
                    </td>
                    <td>
                      <Status status={outcome} />
                    </td>
                    <td style={{ overflowWrap: 'anywhere' }}>
                      {[connection, identifier].filter(Boolean).join(' / ') || '–'}
                    </td>
                    <td>
                      <code>{actor}</code>
                      {ipAddress ? <div className="dimmed">{ipAddress}</div> : null}
                    </td>
                    <td style={{ overflowWrap: 'anywhere' }}>{purpose ?? '–'}</td>
                  </tr>
                ),
              )}
            </Listing>
            <Pager after={after} page={page} onGo={(cursor) => change({ after: cursor }, false)} />
          </>
        ) : (
          <Empty title="Nothing was done that fits">
            Clear a filter, or look at another day. Agents that say what a token is for, with token(purpose: "…"), are
            found here by it.
          </Empty>
        )
      ) : error ? null : (
        <Waiting />
      )}
    </Page>
  )
}
