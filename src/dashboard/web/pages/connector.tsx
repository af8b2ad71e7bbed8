/** One connector: what its setup needs, links to the provider's pages, and a button to create a connection. */
import { Alert, Button, Group, Radio, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { Link, useLocation, useParams } from 'wouter'
import { problemOf } from '../api.js'
import {
  type AuthType,
  ConnectorConnectionsDocument,
  ConnectorDocument,
  type ConnectorQuery,
  CreateConnectionDocument,
  type MethodFragment,
} from '../generated/graphql.js'
import { useAct, useRead } from '../operations.js'
import { ConnectorIcon, plural, Status, Waiting } from '../ui/bits.js'
import { Fields, startingValues } from '../ui/fields.js'
import { HowTo } from '../ui/how-to.js'
import { NotFound, Page, Trouble } from '../ui/page.js'
import { ShowGraphql } from '../ui/show-graphql.js'
import { May, useMay } from '../viewer.js'
import { AUTH_TYPES, categoryWord } from '../words.js'

type Shown = NonNullable<ConnectorQuery['connector']>

export default function Connector() {
  const { key = '' } = useParams<{ key: string }>()
  const { data, error, shown } = useRead(ConnectorDocument, { key })
  const mayRead = useMay('CONNECTIONS_READ')
  const { data: uses } = useRead(ConnectorConnectionsDocument, { key }, { pause: !mayRead })
  if (error && !data) return <Trouble error={error} />
  if (!data) return <Waiting />
  const { connector } = data
  if (!connector) return <NotFound what={`The connector ${key}`} />
  const connections = uses?.connector?.connections ?? []
  return (
    <Page
      title={connector.name}
      icon={<ConnectorIcon url={connector.iconUrl} size={40} />}
      about={connector.description}
      graphql={[shown]}
    >
      {connector.status === 'LEGACY' ? (
        <Alert color="yellow" variant="outline" title="The provider is ending it">
          {connector.endsOn ? `It ends on ${connector.endsOn}.` : 'It has not said when.'}
        </Alert>
      ) : null}
      <dl className="facts">
        <dt>Categories</dt>
        <dd>{connector.categories.map(categoryWord).join(', ')}</dd>
        <dt>Authentication</dt>
        <dd>{connector.authMethods.map(({ name }) => name).join(', ')}</dd>
        {connector.apiBaseUrl ? (
          <>
            <dt>API</dt>
            <dd>
              <Text ff="monospace" fz={13}>
                {connector.apiBaseUrl}
              </Text>
            </dd>
          </>
        ) : null}
      </dl>
      {connections.length > 0 ? (
        <Stack gap="xs">
          <Title order={2}>Set up already</Title>
          {connections.map(({ id, name, status, accountCount }) => (
            <Group key={id} gap="md">
              <Link href={`/connections/${name}`}>{name}</Link>
              <Status status={status} />
              <Text c="dimmed">{plural(accountCount, 'account')}</Text>
            </Group>
          ))}
        </Stack>
      ) : null}
      <May permission="CONNECTIONS_WRITE">
        <NewConnection key={connector.key} connector={connector} taken={connections.map(({ name }) => name)} />
      </May>
    </Page>
  )
}

function NewConnection({ connector, taken }: { connector: Shown; taken: string[] }) {
  const [, navigate] = useLocation()
  const [methodId, setMethodId] = useState(connector.authMethods[0]?.id ?? '')
  const [name, setName] = useState(() => freeName(connector.key, taken))
  const create = useAct(CreateConnectionDocument, () => ({
    input: { connector: connector.key, name: name.trim(), authMethod: methodId },
  }))
  const method = connector.authMethods.find(({ id }) => id === methodId)
  const problem = problemOf(create.error)
  const aboutName = problem?.path === 'input.name' ? problem.message : null
  const submit = async () => {
    const { data } = await create.run()
    if (data) navigate(`/connections/${data.createConnection.name}`)
  }
  if (!method) return null
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Stack maw={640}>
        <Title order={2}>Set up a connection</Title>
        {connector.authMethods.length > 1 ? (
          <Radio.Group label="How your users authenticate" value={methodId} onChange={setMethodId}>
            <Stack gap="xs" mt="xs">
              {connector.authMethods.map((method) => (
                <Radio key={method.id} value={method.id} label={method.name} description={needsOf(method)} />
              ))}
            </Stack>
          </Radio.Group>
        ) : (
          <Text c="dimmed">{needsOf(method)}</Text>
        )}
        <HowTo method={method} />
        <TextInput
          label="Name"
          description="How your code calls it: lower-case letters, digits, - and _."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={aboutName}
          required
          spellCheck={false}
          autoComplete="off"
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        {method.connectionFields.length === 0 && method.accountFields.length > 0 ? (
          <div className="step">
            <Title order={3} mb="sm">
              What each user will be asked
            </Title>
            <Fields
              fields={method.accountFields}
              values={startingValues(method.accountFields)}
              faults={{}}
              onChange={() => {}}
              disabled
            />
          </div>
        ) : null}
        {aboutName ? null : <Trouble error={create.error} title="The connection was not made" />}
        <Group>
          <Button type="submit" loading={create.fetching} disabled={name.trim() === ''}>
            {method.connectionFields.length > 0 ? 'Start setup' : 'Create connection'}
          </Button>
          <ShowGraphql operations={[create.shown]} />
        </Group>
      </Stack>
    </form>
  )
}

/** Auth types whose users go to the provider, unless they enter a secret. */
const CONSENTING: AuthType[] = ['OAUTH2', 'OAUTH1', 'MCP', 'APP_INSTALLATION']

/** What an auth method needs, shown before its setup begins. */
function needsOf({ type, connectionFields, accountFields }: MethodFragment): string {
  const asked = (fields: { label: string }[]) => fields.map(({ label }) => label).join(', ')
  const once =
    connectionFields.length > 0 ? `You enter once: ${asked(connectionFields)}.` : 'Nothing to register: a name is all.'
  const entered = accountFields.length > 0 ? `, after entering ${asked(accountFields)}` : ''
  const each =
    CONSENTING.includes(type) && !accountFields.some(({ secret }) => secret)
      ? `Each user consents at the provider${entered}.`
      : accountFields.length > 0
        ? `Each user enters: ${asked(accountFields)}.`
        : 'Users are asked for nothing.'
  return `${AUTH_TYPES[type]}. ${once} ${each}`
}

function freeName(key: string, taken: string[]): string {
  const usual = key.slice(0, 60)
  for (let number = 1; ; number++) {
    const name = number === 1 ? usual : `${usual}-${number}`
    if (!taken.includes(name)) return name
  }
}
