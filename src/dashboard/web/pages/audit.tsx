/** Who did what to which account, and how it ended. */
import { Group, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from 'urql'
import { AuditDocument } from '../generated/graphql.js'
import { Ago, Status, Waiting } from '../ui/bits.js'
import { Empty, Page, Pager, Scrolls, Trouble } from '../ui/page.js'
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
  const since = place.get('since')
  const after = place.get('after')
  const variables = { first: PAGE, after, filter: { ...filter, since: since ? new Date(since).toISOString() : null } }
  const [{ data, error }] = useQuery({ query: AuditDocument, variables })
  const find = useDebouncedCallback((key: string, value: string) => change({ [key]: value.trim(), after: null }), 300)
  const page = data?.auditEvents
  return (
    <Page title="Audit log" about="Every token that was read, and every change: by whom, when and what for." graphql={[{ document: AuditDocument, variables }]}>
      <Group gap="sm">
        {FILTERS.map(([key, label]) => (
          <TextInput
            key={key}
            aria-label={label}
            placeholder={label}
            defaultValue={place.get(key) ?? ''}
            onChange={(event) => find(key, event.currentTarget.value)}
            flex="1 1 160px"
          />
        ))}
        <TextInput aria-label="Since" type="date" defaultValue={since ?? ''} onChange={(event) => change({ since: event.currentTarget.value, after: null })} />
      </Group>
      <Trouble error={error} />
      {page ? (
        page.items.length > 0 ? (
          <>
            <Scrolls width={760}>
              <Table aria-label="Audit log" verticalSpacing={8}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>When</Table.Th>
                    <Table.Th>Action</Table.Th>
                    <Table.Th>Outcome</Table.Th>
                    <Table.Th>On</Table.Th>
                    <Table.Th>By</Table.Th>
                    <Table.Th>What for</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {page.items.map(({ id, at, action, outcome, actor, connection, identifier, purpose, ipAddress }) => (
                    <Table.Tr key={id}>
                      <Table.Td style={{ whiteSpace: 'nowrap' }}>
                        <Ago at={at} />
                      </Table.Td>
                      <Table.Td>
                        <Text span ff="monospace" fz={13}>
                          {action}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <Status status={outcome} />
                      </Table.Td>
                      <Table.Td style={{ overflowWrap: 'anywhere' }}>{[connection, identifier].filter(Boolean).join(' / ') || '–'}</Table.Td>
                      <Table.Td>
                        <Text span ff="monospace" fz={12}>
                          {actor}
                        </Text>
                        {ipAddress ? (
                          <Text c="dimmed" fz={12}>
                            {ipAddress}
                          </Text>
                        ) : null}
                      </Table.Td>
                      <Table.Td style={{ overflowWrap: 'anywhere' }}>{purpose ?? '–'}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Scrolls>
            <Pager after={after} next={page.hasNextPage ? (page.endCursor ?? null) : null} onGo={(cursor) => change({ after: cursor }, false)} />
          </>
        ) : (
          <Empty title="Nothing was done that fits">
            Clear a filter, or look at another day. Agents that say what a token is for, with token(purpose: "…"), are found here by it.
          </Empty>
        )
      ) : error ? null : (
        <Waiting />
      )}
    </Page>
  )
}
