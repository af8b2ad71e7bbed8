/** One connection, as a checklist that can be left and come back to; then what becomes of it. */
import { Alert, Button, Group, Radio, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { Link, useLocation, useParams } from 'wouter'
import { problemOf } from '../api.js'
import {
  ConnectionDocument,
  type ConnectionQuery,
  DeleteConnectionDocument,
  DisableConnectionDocument,
  EnableConnectionDocument,
  UpdateConnectionDocument,
  type UserVerification,
} from '../generated/graphql.js'
import { ConnectorIcon, Copyable, External, plural, Status, Waiting } from '../ui/bits.js'
import { ConfirmButton } from '../ui/confirm.js'
import { Fields, startingValues } from '../ui/fields.js'
import { FieldsForm } from '../ui/fields-form.js'
import { NotFound, Page, Trouble } from '../ui/page.js'
import { ScopePicker } from '../ui/scopes.js'
import { ShowGraphql } from '../ui/show-graphql.js'
import { useMay } from '../viewer.js'
import { VERIFICATIONS } from '../words.js'
import { TryIt } from './try-it.js'

type Shown = NonNullable<ConnectionQuery['connection']>

/** Auth types whose connections ask for scopes. */
const SCOPED = ['OAUTH2', 'OAUTH2_CLIENT_CREDENTIALS', 'OAUTH2_JWT_BEARER', 'MCP', 'OAUTH1']

export default function Connection() {
  const { connection: name = '' } = useParams<{ connection: string }>()
  const [{ data, error }, again] = useQuery({ query: ConnectionDocument, variables: { connection: name } })
  if (error && !data) return <Trouble error={error} />
  if (!data) return <Waiting />
  const { connection } = data
  if (!connection) return <NotFound what={`The connection ${name}`} />
  return <Shown key={connection.id} connection={connection} changed={() => again({ requestPolicy: 'network-only' })} />
}

function Shown({ connection, changed }: { connection: Shown; changed(): void }) {
  const mayWrite = useMay('CONNECTIONS_WRITE')
  const mayStart = useMay('AUTHORIZATIONS_START', 'ACCOUNTS_READ')
  const { authMethod: method, connector, name, status } = connection
  const complete = status !== 'DRAFT'
  const steps: { title: string; done: boolean; body: ReactNode }[] = []
  if (connection.redirectUri)
    steps.push({
      title: `Register an app with ${connector.name}`,
      done: complete,
      body: <Register connection={connection} redirectUri={connection.redirectUri} />,
    })
  if (method.connectionFields.length > 0)
    steps.push({
      title: connection.redirectUri ? 'Paste its credentials' : 'Enter its settings',
      done: complete,
      body: <Credentials connection={connection} changed={changed} />,
    })
  if (SCOPED.includes(method.type) || method.scopes.length > 0)
    steps.push({ title: 'Choose scopes', done: complete, body: <Scopes connection={connection} changed={changed} /> })
  if (method.accountFields.length > 0)
    steps.push({
      title: 'What each user will be asked',
      done: true,
      body: (
        <Fields
          fields={method.accountFields}
          values={startingValues(method.accountFields)}
          faults={{}}
          onChange={() => {}}
          disabled
        />
      ),
    })
  steps.push({
    title: 'Who makes sure that it is the right user',
    done: true,
    body: <Verification connection={connection} changed={changed} />,
  })
  if (mayStart)
    steps.push({
      title: 'Try it with your own account',
      done: connection.active.totalCount > 0,
      body: <TryIt connection={connection} changed={changed} />,
    })
  return (
    <Page
      title={name}
      icon={<ConnectorIcon url={connector.iconUrl} size={40} />}
      about={
        <Group gap="sm">
          <Status status={status} />
          <span>
            <Link href={`/catalogue/${connector.key}`}>{connector.name}</Link> · {method.name}
          </span>
          <Link href={`/accounts?connection=${name}`}>{plural(connection.accountCount, 'account')}</Link>
        </Group>
      }
      graphql={[{ document: ConnectionDocument, variables: { connection: name } }]}
      actions={
        <Button component={Link} href={`/accounts?connection=${name}`} variant="default">
          Accounts
        </Button>
      }
    >
      {connection.problem ? (
        <Alert
          color={status === 'MISCONFIGURED' ? 'red' : 'yellow'}
          variant="outline"
          title={status === 'MISCONFIGURED' ? 'The provider refuses this connection' : 'Not ready yet'}
        >
          {connection.problem}
        </Alert>
      ) : null}
      {connection.needing.totalCount > 0 ? (
        <Alert color="yellow" variant="outline" title="New scopes">
          {plural(connection.needing.totalCount, 'account')} consented before these scopes were chosen, and{' '}
          {connection.needing.totalCount === 1 ? 'lacks' : 'lack'} some of them. A new link asks for them.
        </Alert>
      ) : null}
      <Stack component="ol" gap="md" p={0} m={0} style={{ listStyle: 'none' }}>
        {steps.map(({ title, done, body }, index) => (
          <li className="step" key={title}>
            <Group gap="sm" mb="md" wrap="nowrap">
              <span className="step-number" data-done={done || undefined}>
                {done ? <IconCheck size={16} role="img" aria-label="Done" /> : index + 1}
              </span>
              <Title order={2}>{title}</Title>
            </Group>
            {body}
          </li>
        ))}
      </Stack>
      {mayWrite ? <Fate connection={connection} changed={changed} /> : null}
    </Page>
  )
}

function Register({ connection: { connector }, redirectUri }: { connection: Shown; redirectUri: string }) {
  return (
    <Stack gap="sm">
      <Text>
        Make an OAuth app at {connector.name}
        {connector.consoleUrl ? (
          <>
            {' '}
            on <External href={connector.consoleUrl}>its page for developers</External>
          </>
        ) : null}
        , and allow this redirect URI there, letter by letter:
      </Text>
      <div>
        <Copyable value={redirectUri} what="redirect URI" />
      </div>
      {connector.docsUrl ? (
        <Text c="dimmed">
          How that is done, in the provider's words: <External href={connector.docsUrl}>documentation</External>
        </Text>
      ) : null}
    </Stack>
  )
}

function Credentials({ connection, changed }: { connection: Shown; changed(): void }) {
  const mayWrite = useMay('CONNECTIONS_WRITE')
  const [, update] = useMutation(UpdateConnectionDocument)
  return (
    <FieldsForm
      fields={connection.authMethod.connectionFields}
      stored={connection.fields}
      label="Save"
      primary
      readOnly={!mayWrite}
      save={async (fields) => {
        const { error } = await update({ connection: connection.id, input: { fields } })
        if (!error) changed()
        return error
      }}
      graphql={(fields) => ({
        document: UpdateConnectionDocument,
        variables: { connection: connection.name, input: { fields } },
      })}
    />
  )
}

function Saved({ when }: { when: boolean }) {
  return (
    <Text role="status" c="dimmed">
      {when ? 'Saved.' : ''}
    </Text>
  )
}

function Scopes({ connection, changed }: { connection: Shown; changed(): void }) {
  const mayWrite = useMay('CONNECTIONS_WRITE')
  const [scopes, setScopes] = useState(connection.scopes)
  const [{ fetching, error, data }, update] = useMutation(UpdateConnectionDocument)
  const variables = { connection: connection.name, input: { scopes } }
  return (
    <Stack maw={720}>
      <ScopePicker known={connection.authMethod.scopes} chosen={scopes} onChange={setScopes} disabled={!mayWrite} />
      {connection.accountCount > 0 ? (
        <Text c="dimmed">Accounts that are connected keep what they consented to; a new link asks them for more.</Text>
      ) : null}
      <Trouble error={error} title="Nothing was saved" />
      {mayWrite ? (
        <Group>
          <Button
            variant="default"
            loading={fetching}
            onClick={async () => {
              const { error } = await update({ ...variables, connection: connection.id })
              if (!error) changed()
            }}
          >
            Save scopes
          </Button>
          <Saved when={data !== undefined && !error && !fetching} />
          <ShowGraphql operations={[{ document: UpdateConnectionDocument, variables }]} />
        </Group>
      ) : null}
    </Stack>
  )
}

function Verification({ connection, changed }: { connection: Shown; changed(): void }) {
  const mayWrite = useMay('CONNECTIONS_WRITE')
  const [{ error }, update] = useMutation(UpdateConnectionDocument)
  return (
    <Stack maw={720}>
      <Radio.Group
        aria-label="User verification"
        value={connection.userVerification}
        onChange={async (userVerification) => {
          await update({ connection: connection.id, input: { userVerification: userVerification as UserVerification } })
          changed()
        }}
      >
        <Stack gap="xs">
          {Object.entries(VERIFICATIONS).map(([value, [label, says]]) => (
            <Radio key={value} value={value} label={label} description={says} disabled={!mayWrite} />
          ))}
        </Stack>
      </Radio.Group>
      <Trouble error={error} title="Nothing was saved" />
      <Group>
        <ShowGraphql
          operations={[
            {
              document: UpdateConnectionDocument,
              variables: { connection: connection.name, input: { userVerification: connection.userVerification } },
            },
          ]}
        />
      </Group>
    </Stack>
  )
}

function Fate({ connection, changed }: { connection: Shown; changed(): void }) {
  const [, navigate] = useLocation()
  const { id, name, accountCount, status, connector } = connection
  const [newName, setNewName] = useState(name)
  const [{ error: renameError }, rename] = useMutation(UpdateConnectionDocument)
  const [, disable] = useMutation(DisableConnectionDocument)
  const [, enable] = useMutation(EnableConnectionDocument)
  const [, remove] = useMutation(DeleteConnectionDocument)
  return (
    <Stack gap="md" component="section" aria-label="Rename, disable or delete">
      <Title order={2}>Rename, disable or delete</Title>
      <form
        onSubmit={async (event) => {
          event.preventDefault()
          const { data } = await rename({ connection: id, input: { name: newName.trim() } })
          if (data) navigate(`/connections/${data.updateConnection.name}`, { replace: true })
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            label="Name"
            description="Code that uses the old name has to change with it; keys bound to it go along."
            value={newName}
            onChange={(event) => setNewName(event.currentTarget.value)}
            error={problemOf(renameError)?.message}
            flex="0 1 400px"
          />
          <Button type="submit" variant="default" disabled={newName.trim() === name || newName.trim() === ''}>
            Rename
          </Button>
          <ShowGraphql
            operations={[
              { document: UpdateConnectionDocument, variables: { connection: name, input: { name: newName.trim() } } },
              {
                document: status === 'DISABLED' ? EnableConnectionDocument : DisableConnectionDocument,
                variables: { connection: name },
              },
              {
                document: DeleteConnectionDocument,
                variables: { connection: name, disconnectAccounts: accountCount > 0 },
              },
            ]}
          />
        </Group>
      </form>
      <Group>
        {status === 'DISABLED' ? (
          <Button
            variant="default"
            onClick={async () => {
              await enable({ connection: id })
              changed()
            }}
          >
            Enable
          </Button>
        ) : (
          <ConfirmButton
            label="Disable"
            title={`Disable ${name}`}
            graphql={{ document: DisableConnectionDocument, variables: { connection: name } }}
            act={async () => {
              const { error } = await disable({ connection: id })
              if (!error) changed()
              return error
            }}
          >
            No agent gets a token of {plural(accountCount, 'account')} while it is disabled, and no user can connect.
            Credentials are kept, and it can be enabled again.
          </ConfirmButton>
        )}
        <ConfirmButton
          label="Delete"
          c="red"
          title={`Delete ${name}`}
          typed={accountCount > 0 ? name : undefined}
          graphql={{
            document: DeleteConnectionDocument,
            variables: { connection: name, disconnectAccounts: accountCount > 0 },
          }}
          act={async () => {
            const { error } = await remove({ connection: id, disconnectAccounts: accountCount > 0 })
            if (!error) navigate('/connections', { replace: true })
            return error
          }}
        >
          {accountCount > 0 ? (
            <>
              Disconnects {plural(accountCount, 'account')}; their tokens are revoked at {connector.name} where it can
              do that, and erased here. This cannot be undone. To keep them, disable it instead.
            </>
          ) : (
            'It has no accounts. Its settings and its redirect URI are gone for good.'
          )}
        </ConfirmButton>
      </Group>
    </Stack>
  )
}
