/** One account: what it is, why, and what can be done about it. The server tells every change. */
import { Alert, Badge, Button, Group, Stack, Text, Textarea, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { Link, useLocation, useParams } from 'wouter'
import { problemOf } from '../api.js'
import {
  AccountDocument,
  AccountLinksDocument,
  type AccountQuery,
  DeleteAccountDocument,
  DisconnectAccountDocument,
  RefreshAccountDocument,
  ResumeAccountDocument,
  RevokeAuthorizationLinkDocument,
  SuspendAccountDocument,
  UpdateAccountDocument,
} from '../generated/graphql.js'
import { Ago, ConnectorIcon, Copyable, Status, Waiting } from '../ui/bits.js'
import { ConfirmButton } from '../ui/confirm.js'
import { FieldsForm } from '../ui/fields-form.js'
import { NewLink } from '../ui/new-link.js'
import { NotFound, Page, Trouble } from '../ui/page.js'
import { ShowGraphql } from '../ui/show-graphql.js'
import { useAccountChanges } from '../use-account-changes.js'
import { useMay } from '../viewer.js'

type Shown = NonNullable<AccountQuery['connectedAccount']>

export default function Account() {
  const { id = '' } = useParams<{ id: string }>()
  const [{ data, error }, again] = useQuery({ query: AccountDocument, variables: { id } })
  if (error && !data) return <Trouble error={error} />
  if (!data) return <Waiting />
  if (!data.connectedAccount) return <NotFound what="This account" />
  return <Watched key={id} account={data.connectedAccount} changed={() => again({ requestPolicy: 'network-only' })} />
}

function Watched({ account, changed }: { account: Shown; changed(): void }) {
  const told = useAccountChanges({ connection: account.connection.id, identifier: account.identifier })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change that is told is read, with all that hangs on it
  useEffect(() => {
    if (told) changed()
  }, [told?.status, told?.lastRefresh?.at, told?.statusReason])
  return <AccountPage account={account} changed={changed} />
}

function AccountPage({ account, changed }: { account: Shown; changed(): void }) {
  const { id, identifier, status, statusReason, connection } = account
  const mayStart = useMay('AUTHORIZATIONS_START')
  const mayWrite = useMay('ACCOUNTS_WRITE')
  const [linking, { open, close }] = useDisclosure()
  const needsUser = ['PENDING_AUTHORIZATION', 'REAUTHORIZATION_REQUIRED', 'DISCONNECTED'].includes(status)
  return (
    <Page
      title={identifier}
      icon={<ConnectorIcon url={connection.connector.iconUrl} size={40} />}
      about={
        <Group gap="sm">
          <span role="status">
            <Status status={status} />
          </span>
          <Link href={`/connections/${connection.name}`}>{connection.name}</Link>
        </Group>
      }
      graphql={[{ document: AccountDocument, variables: { id } }]}
      actions={
        mayStart ? (
          <Button variant={needsUser ? 'filled' : 'default'} onClick={open}>
            {status === 'ACTIVE' ? 'Link to authorize again' : 'Create link'}
          </Button>
        ) : null
      }
    >
      <NewLink
        opened={linking}
        account={{ connection: connection.name, identifier }}
        onClose={() => {
          close()
          changed()
        }}
      />
      {statusReason ? (
        <Alert
          variant="outline"
          color={status === 'ACTIVE' ? 'blue' : status === 'REAUTHORIZATION_REQUIRED' ? 'red' : 'gray'}
          title={status === 'ACTIVE' ? 'Worth knowing' : 'Why'}
        >
          {statusReason}
          {status === 'REAUTHORIZATION_REQUIRED'
            ? ' Only the user can mend this: create a link and give it to them.'
            : ''}
        </Alert>
      ) : null}
      <Facts account={account} />
      <Scopes account={account} />
      {mayStart ? <Links account={account} /> : null}
      {mayWrite && !connection.redirectUri && connection.authMethod.accountFields.length > 0 ? (
        <Secrets account={account} changed={changed} />
      ) : null}
      <Metadata account={account} changed={changed} />
      {mayWrite ? <Fate account={account} changed={changed} /> : null}
    </Page>
  )
}

function Facts({ account }: { account: Shown }) {
  const {
    providerIdentity,
    tokenExpiresAt,
    reauthorizationDueAt,
    lastRefresh,
    lastTokenReadAt,
    createdAt,
    statusChangedAt,
    id,
    fields,
  } = account
  return (
    <dl className="facts">
      <dt>At the provider</dt>
      <dd>
        {providerIdentity
          ? [providerIdentity.name, providerIdentity.email, providerIdentity.subject].filter(Boolean).join(' · ')
          : 'The provider has not said who this is.'}
      </dd>
      <dt>Last used by an agent</dt>
      <dd>
        <Ago at={lastTokenReadAt} />
      </dd>
      <dt>Access token ends</dt>
      <dd>{tokenExpiresAt ? <Ago at={tokenExpiresAt} /> : 'not known, or not at all'}</dd>
      <dt>Last refresh</dt>
      <dd>
        {lastRefresh ? (
          <>
            <Status status={lastRefresh.succeeded ? 'SUCCEEDED' : 'FAILED'} reason={lastRefresh.message} /> ·{' '}
            <Ago at={lastRefresh.at} />
            {lastRefresh.providerError ? ` · ${lastRefresh.providerError}` : ''}
          </>
        ) : (
          'none yet'
        )}
      </dd>
      <dt>User needed again</dt>
      <dd>{reauthorizationDueAt ? <Ago at={reauthorizationDueAt} /> : 'not foreseen'}</dd>
      <dt>Status since</dt>
      <dd>
        <Ago at={statusChangedAt} />
      </dd>
      <dt>Made</dt>
      <dd>
        <Ago at={createdAt} />
      </dd>
      {fields.map(({ key, value, isSet, secret }) => [
        <dt key={`${key}-label`}>{key}</dt>,
        <dd key={key}>{secret ? (isSet ? 'set, and never shown' : 'not set') : value || 'not set'}</dd>,
      ])}
      <dt>Id</dt>
      <dd>
        <Copyable value={id} what="id" />
      </dd>
    </dl>
  )
}

function Scopes({ account: { requestedScopes, grantedScopes, missingScopes } }: { account: Shown }) {
  const lists = [
    ['Granted', grantedScopes],
    ['Missing', missingScopes],
    ['Asked for', requestedScopes],
  ] as const
  if (lists.every(([, scopes]) => scopes.length === 0)) return null
  return (
    <Stack gap="xs">
      <Title order={2}>Scopes</Title>
      <dl className="facts">
        {lists.map(([label, scopes]) => [
          <dt key={`${label}-label`}>{label}</dt>,
          <dd key={label}>
            {scopes.length === 0 ? (
              'none'
            ) : (
              <Group gap={6}>
                {scopes.map((scope) => (
                  <Badge key={scope} variant="default" tt="none" fw={400} ff="monospace">
                    {scope}
                  </Badge>
                ))}
              </Group>
            )}
          </dd>,
        ])}
      </dl>
    </Stack>
  )
}

function Links({ account: { id, status } }: { account: Shown }) {
  const [{ data }, again] = useQuery({ query: AccountLinksDocument, variables: { id }, requestPolicy: 'network-only' })
  const [{ error }, revoke] = useMutation(RevokeAuthorizationLinkDocument)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link that was used is no longer open
  useEffect(() => again({ requestPolicy: 'network-only' }), [status])
  const links = data?.connectedAccount?.authorizationLinks ?? []
  if (links.length === 0) return null
  return (
    <Stack gap="xs">
      <Title order={2}>Open links</Title>
      <Trouble error={error} />
      {links.map((link) => (
        <Group key={link.id} gap="md">
          <span>
            Made <Ago at={link.createdAt} />, ends <Ago at={link.expiresAt} />
          </span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={async () => {
              await revoke({ id: link.id })
              again({ requestPolicy: 'network-only' })
            }}
          >
            Revoke
          </Button>
          <ShowGraphql operations={[{ document: RevokeAuthorizationLinkDocument, variables: { id: link.id } }]} />
        </Group>
      ))}
    </Stack>
  )
}

/** Keys that the developer has at hand, entered for the user. They are tried before they are kept. */
function Secrets({ account, changed }: { account: Shown; changed(): void }) {
  const { authMethod: method, connector } = account.connection
  const [, update] = useMutation(UpdateAccountDocument)
  return (
    <Stack gap="xs">
      <Title order={2}>Credentials</Title>
      <Text c="dimmed">
        Usually the user enters them behind a link. What you have at hand can be entered here
        {method.verifiable ? `; it is tried at ${connector.name} before it is kept` : ''}.
      </Text>
      <FieldsForm
        fields={method.accountFields}
        stored={account.fields}
        label="Save credentials"
        save={async (fields) => {
          const { error } = await update({ id: account.id, input: { fields } })
          if (!error) changed()
          return error
        }}
        graphql={(fields) => ({ document: UpdateAccountDocument, variables: { id: account.id, input: { fields } } })}
      />
    </Stack>
  )
}

function Metadata({ account: { id, metadata }, changed }: { account: Shown; changed(): void }) {
  const mayWrite = useMay('ACCOUNTS_WRITE')
  const [text, setText] = useState(() => JSON.stringify(metadata, null, 2))
  const [fault, setFault] = useState<string | null>(null)
  const [{ error, fetching }, update] = useMutation(UpdateAccountDocument)
  if (!mayWrite)
    return Object.keys(metadata).length > 0 ? <pre className="code">{JSON.stringify(metadata, null, 2)}</pre> : null
  const save = async () => {
    let parsed: unknown
    try {
      parsed = JSON.parse(text)
    } catch (error) {
      return setFault(`This is not JSON: ${(error as Error).message}.`)
    }
    if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
      return setFault('Metadata is a JSON object, such as {"plan": "pro"}.')
    setFault(null)
    const { error } = await update({ id, input: { metadata: parsed as Record<string, unknown> } })
    if (!error) changed()
  }
  return (
    <Stack gap="xs" maw={560}>
      <Title order={2}>Metadata</Title>
      <Textarea
        aria-label="Metadata"
        description="Your own notes on the account, as JSON."
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={fault ?? problemOf(error)?.message}
        autosize
        minRows={2}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      />
      <Group>
        <Button
          variant="default"
          onClick={save}
          loading={fetching}
          disabled={text === JSON.stringify(metadata, null, 2)}
        >
          Save metadata
        </Button>
        <ShowGraphql operations={[{ document: UpdateAccountDocument, variables: { id, input: { metadata } } }]} />
      </Group>
    </Stack>
  )
}

function Fate({ account, changed }: { account: Shown; changed(): void }) {
  const { id, identifier, status, connection } = account
  const [, navigate] = useLocation()
  const [, suspend] = useMutation(SuspendAccountDocument)
  const [, resume] = useMutation(ResumeAccountDocument)
  const [{ error: refreshError, fetching: refreshing }, refresh] = useMutation(RefreshAccountDocument)
  const [{ data: ended }, disconnect] = useMutation(DisconnectAccountDocument)
  const [, remove] = useMutation(DeleteAccountDocument)
  const provider = connection.connector.name
  return (
    <Stack gap="md" component="section" aria-label="What can be done">
      <Title order={2}>What can be done</Title>
      <Trouble error={refreshError} title="It was not refreshed" />
      {ended ? (
        <Alert variant="outline" color="gray" role="status" title="Disconnected">
          {ended.disconnectConnectedAccount.message ??
            `The credentials are erased here. ${REVOCATIONS[ended.disconnectConnectedAccount.revocation]}`}
        </Alert>
      ) : null}
      <Group>
        {status === 'ACTIVE' && connection.authMethod.refreshable ? (
          <Button
            variant="default"
            loading={refreshing}
            onClick={async () => {
              await refresh({ id })
              changed()
            }}
          >
            Refresh now
          </Button>
        ) : null}
        {status === 'SUSPENDED' ? (
          <Button
            variant="default"
            onClick={async () => {
              await resume({ id })
              changed()
            }}
          >
            Resume
          </Button>
        ) : status !== 'DISCONNECTED' ? (
          <ConfirmButton
            label="Suspend"
            title={`Suspend ${identifier}`}
            graphql={{ document: SuspendAccountDocument, variables: { id } }}
            act={async () => {
              const { error } = await suspend({ id })
              if (!error) changed()
              return error
            }}
          >
            No agent gets its token until you resume it. The credentials are kept.
          </ConfirmButton>
        ) : null}
        {status !== 'DISCONNECTED' ? (
          <ConfirmButton
            label="Disconnect"
            title={`Disconnect ${identifier}`}
            graphql={{ document: DisconnectAccountDocument, variables: { id } }}
            act={async () => {
              const { error } = await disconnect({ id })
              if (!error) changed()
              return error
            }}
          >
            Its credentials are revoked at {provider} where that can be done, and erased here. The user can connect
            again with a new link.
          </ConfirmButton>
        ) : null}
        <ConfirmButton
          label="Delete"
          c="red"
          title={`Delete ${identifier}`}
          typed={identifier}
          graphql={{ document: DeleteAccountDocument, variables: { id } }}
          act={async () => {
            const { error } = await remove({ id })
            if (!error) navigate('/accounts', { replace: true })
            return error
          }}
        >
          Disconnects it and removes the record with its metadata. What was done with it stays in the audit log. This
          cannot be undone.
        </ConfirmButton>
        <ShowGraphql
          operations={[
            RefreshAccountDocument,
            status === 'SUSPENDED' ? ResumeAccountDocument : SuspendAccountDocument,
            DisconnectAccountDocument,
            DeleteAccountDocument,
          ].map((document) => ({
            document,
            variables: { id },
          }))}
        />
      </Group>
    </Stack>
  )
}

const REVOCATIONS = {
  REVOKED: 'They were revoked at the provider.',
  NOT_SUPPORTED: "The provider offers no way to revoke them; the user can remove the app in the provider's settings.",
  FAILED: 'The provider could not be told; the user can remove the app in its settings.',
  NOTHING_TO_REVOKE: 'There was nothing to revoke.',
}
