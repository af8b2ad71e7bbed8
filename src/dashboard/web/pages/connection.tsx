/** One connection: first a checklist that can be left and continued later, then its state and settings. */
import { Alert, Button, Group, Progress, Radio, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
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
import { type Operation, useAct, useRead } from '../operations.js'
import { ConnectorIcon, Copyable, plural, Status, Waiting } from '../ui/bits.js'
import { ConfirmButton } from '../ui/confirm.js'
import { Fields, startingValues } from '../ui/fields.js'
import { FieldsForm } from '../ui/fields-form.js'
import { HowTo } from '../ui/how-to.js'
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
  const { data, error, again, shown } = useRead(ConnectionDocument, { connection: name })
  const wasGoing = useRef(false)
  if (error && !data) return <Trouble error={error} />
  if (!data) return <Waiting />
  const { connection } = data
  if (!connection && wasGoing.current) return <Gone />
  wasGoing.current = connection?.deletion != null
  if (!connection) return <NotFound what={`The connection ${name}`} />
  if (connection.deletion) return <Going connection={connection} changed={again} graphql={shown} />
  return <Checklist key={connection.id} connection={connection} changed={again} graphql={shown} />
}

/** A deletion that was watched is complete: leads back to the list. */
function Gone() {
  const [, navigate] = useLocation()
  useEffect(() => navigate('/connections', { replace: true }), [navigate])
  return null
}

/** Milliseconds between queries about a deletion. */
const LOOK_EVERY = 1_500

/** A connection that a job of the server is deleting with its accounts; this page shows the progress. */
function Going({ connection, changed, graphql }: { connection: Shown; changed(): void; graphql: Operation }) {
  const { name, connector, deletion } = connection
  const latest = useRef(changed)
  latest.current = changed
  useEffect(() => {
    const timer = setInterval(() => latest.current(), LOOK_EVERY)
    return () => clearInterval(timer)
  }, [])
  const { accounts = 0, accountsLeft = 0 } = deletion ?? {}
  const done = Math.max(0, accounts - accountsLeft)
  return (
    <Page title={name} icon={<ConnectorIcon url={connector.iconUrl} size={40} />} graphql={[graphql]}>
      <Stack maw={720} role="status">
        <Text>
          This connection is being deleted: {done} of {plural(accounts, 'account')} {done === 1 ? 'is' : 'are'}{' '}
          disconnected. You can leave this page; the server goes on.
        </Text>
        <Progress
          value={accounts === 0 ? 100 : (done / accounts) * 100}
          aria-label={`${done} of ${plural(accounts, 'account')} disconnected`}
        />
      </Stack>
    </Page>
  )
}

function Checklist({ connection, changed, graphql }: { connection: Shown; changed(): void; graphql: Operation }) {
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
      graphql={[graphql]}
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
          title={PROBLEMS[status] ?? 'Not ready yet'}
        >
          <Stack gap="xs" align="flex-start">
            {connection.problem}
            {mayWrite && status !== 'DRAFT' && status !== 'DISABLED' ? (
              <TryAgain connection={connection} changed={changed} />
            ) : null}
          </Stack>
        </Alert>
      ) : null}
      {connection.needing.totalCount > 0 ? (
        <Alert color="yellow" variant="outline" title="New scopes">
          {plural(connection.needing.totalCount, 'account')} consented before these scopes were chosen, and{' '}
          {connection.needing.totalCount === 1 ? 'lacks' : 'lack'} some of them. A new link asks for them.
        </Alert>
      ) : null}
      {connection.keepAlive && connection.keepAlive.lapsing > 0 ? (
        <Alert color="yellow" variant="outline" title="Unused grants will lapse">
          {connector.name} ends grants that nobody uses for {plural(connection.keepAlive.maxIdleDays, 'day')}. Valetkey
          renews them before, and gets through about {connection.keepAlive.perDay} a day now. At this rate{' '}
          {plural(connection.keepAlive.lapsing, 'account')} will have to authorize again. Ask the provider for a higher
          limit, or delete accounts that are of no use any more.
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

const PROBLEMS: Partial<Record<Shown['status'], string>> = {
  ACTIVE: 'The provider cannot be reached',
  MISCONFIGURED: 'The provider refuses this connection',
}

/** Enabling what is enabled already asks the provider again. */
function TryAgain({ connection, changed }: { connection: Shown; changed(): void }) {
  const enable = useAct(EnableConnectionDocument, () => ({ connection: connection.id }))
  return (
    <Button
      variant="default"
      size="xs"
      loading={enable.fetching}
      onClick={async () => {
        await enable.run()
        changed()
      }}
    >
      Try again
    </Button>
  )
}

function Register({ connection: { connector, authMethod: method }, redirectUri }: RegisterProps) {
  return (
    <Stack gap="sm">
      <Text>Make an OAuth app at {connector.name}, and allow this redirect URI there, letter by letter:</Text>
      <div>
        <Copyable value={redirectUri} what="redirect URI" />
      </div>
      <HowTo method={method} />
    </Stack>
  )
}

interface RegisterProps {
  connection: Shown
  redirectUri: string
}

function Credentials({ connection, changed }: { connection: Shown; changed(): void }) {
  const mayWrite = useMay('CONNECTIONS_WRITE')
  return (
    <Stack gap="sm">
      {connection.redirectUri ? null : <HowTo method={connection.authMethod} />}
      <FieldsForm
        fields={connection.authMethod.connectionFields}
        stored={connection.fields}
        label="Save"
        primary
        readOnly={!mayWrite}
        document={UpdateConnectionDocument}
        toVariables={(fields) => ({ connection: connection.id, input: { fields } })}
        onSaved={changed}
      />
    </Stack>
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
  const update = useAct(UpdateConnectionDocument, () => ({ connection: connection.id, input: { scopes } }))
  const { fetching, error, data } = update
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
              const { error } = await update.run()
              if (!error) changed()
            }}
          >
            Save scopes
          </Button>
          <Saved when={data !== undefined && !error && !fetching} />
          <ShowGraphql operations={[update.shown]} />
        </Group>
      ) : null}
    </Stack>
  )
}

function Verification({ connection, changed }: { connection: Shown; changed(): void }) {
  const mayWrite = useMay('CONNECTIONS_WRITE')
  const update = useAct(
    UpdateConnectionDocument,
    (userVerification: UserVerification = connection.userVerification) => ({
      connection: connection.id,
      input: { userVerification },
    }),
  )
  return (
    <Stack maw={720}>
      <Radio.Group
        aria-label="User verification"
        value={connection.userVerification}
        onChange={async (userVerification) => {
          await update.run(userVerification as UserVerification)
          changed()
        }}
      >
        <Stack gap="xs">
          {Object.entries(VERIFICATIONS).map(([value, [label, says]]) => (
            <Radio key={value} value={value} label={label} description={says} disabled={!mayWrite} />
          ))}
        </Stack>
      </Radio.Group>
      <Trouble error={update.error} title="Nothing was saved" />
      <Group>
        <ShowGraphql operations={[update.shown]} />
      </Group>
    </Stack>
  )
}

function Fate({ connection, changed }: { connection: Shown; changed(): void }) {
  const [, navigate] = useLocation()
  const { id, name, accountCount, status, connector } = connection
  const [newName, setNewName] = useState(name)
  const rename = useAct(UpdateConnectionDocument, () => ({ connection: id, input: { name: newName.trim() } }))
  const disable = useAct(DisableConnectionDocument, () => ({ connection: id }))
  const enable = useAct(EnableConnectionDocument, () => ({ connection: id }))
  const remove = useAct(DeleteConnectionDocument, () => ({ connection: id, disconnectAccounts: accountCount > 0 }))
  return (
    <Stack gap="md" component="section" aria-label="Rename, disable or delete">
      <Title order={2}>Rename, disable or delete</Title>
      <form
        onSubmit={async (event) => {
          event.preventDefault()
          const { data } = await rename.run()
          if (data) navigate(`/connections/${data.updateConnection.name}`, { replace: true })
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            label="Name"
            description="Code that uses the old name has to change with it; keys bound to it go along."
            value={newName}
            onChange={(event) => setNewName(event.currentTarget.value)}
            error={problemOf(rename.error)?.message}
            flex="0 1 400px"
          />
          <Button type="submit" variant="default" disabled={newName.trim() === name || newName.trim() === ''}>
            Rename
          </Button>
          <ShowGraphql
            operations={[rename.shown, status === 'DISABLED' ? enable.shown : disable.shown, remove.shown]}
          />
        </Group>
      </form>
      <Group>
        {status === 'DISABLED' ? (
          <Button
            variant="default"
            onClick={async () => {
              await enable.run()
              changed()
            }}
          >
            Enable
          </Button>
        ) : (
          <ConfirmButton label="Disable" title={`Disable ${name}`} act={disable} onDone={changed}>
            No agent gets a token of {plural(accountCount, 'account')} while it is disabled, and no user can connect.
            Credentials are kept, and it can be enabled again.
          </ConfirmButton>
        )}
        <ConfirmButton
          label="Delete"
          c="red"
          title={`Delete ${name}`}
          typed={accountCount > 0 ? name : undefined}
          act={remove}
          onDone={accountCount > 0 ? changed : () => navigate('/connections', { replace: true })}
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
