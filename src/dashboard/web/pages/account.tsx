/** One account: its state, the reason, and what can be done. The server reports every change. */
import { Alert, Badge, Button, Group, Stack, Text, Textarea, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { CombinedError } from '@urql/core'
import { useEffect, useState } from 'react'
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
import { type Operation, useAct, useRead } from '../operations.js'
import { Ago, ConnectorIcon, Copyable, Status, Waiting } from '../ui/bits.js'
import { ConfirmButton } from '../ui/confirm.js'
import { FieldsForm } from '../ui/fields-form.js'
import { HowTo } from '../ui/how-to.js'
import { readObject } from '../ui/json.js'
import { NewLink } from '../ui/new-link.js'
import { NotFound, Page, Trouble } from '../ui/page.js'
import { ShowGraphql } from '../ui/show-graphql.js'
import { useAccountChanges } from '../use-account-changes.js'
import { useMay } from '../viewer.js'

type Shown = NonNullable<AccountQuery['connectedAccount']>

export default function Account() {
  const { id = '' } = useParams<{ id: string }>()
  const { data, error, again, shown } = useRead(AccountDocument, { id })
  if (error && !data) return <Trouble error={error} />
  if (!data) return <Waiting />
  if (!data.connectedAccount) return <NotFound what="This account" />
  return <Watched key={id} account={data.connectedAccount} changed={again} graphql={shown} />
}

interface Watching {
  account: Shown
  changed(): void
  graphql: Operation
}

function Watched({ account, changed, graphql }: Watching) {
  const told = useAccountChanges({ connection: account.connection.id, identifier: account.identifier })
  // biome-ignore lint/correctness/useExhaustiveDependencies: reads the account again after each change that is reported
  useEffect(() => {
    if (told) changed()
  }, [told?.status, told?.lastRefresh?.at, told?.statusReason])
  return <AccountPage account={account} changed={changed} graphql={graphql} />
}

function AccountPage({ account, changed, graphql }: Watching) {
  const { identifier, status, statusReason, connection } = account
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
      graphql={[graphql]}
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
  const { data, again } = useRead(AccountLinksDocument, { id }, { requestPolicy: 'network-only' })
  const [error, setError] = useState<CombinedError>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link that was used is no longer open
  useEffect(again, [status])
  const links = data?.connectedAccount?.authorizationLinks ?? []
  if (links.length === 0) return null
  return (
    <Stack gap="xs">
      <Title order={2}>Open links</Title>
      <Trouble error={error} />
      {links.map((link) => (
        <OpenLink
          key={link.id}
          {...link}
          onRevoked={(error) => {
            setError(error)
            again()
          }}
        />
      ))}
    </Stack>
  )
}

function OpenLink({
  id,
  createdAt,
  expiresAt,
  onRevoked,
}: {
  id: string
  createdAt: string
  expiresAt: string
  /** @param error the server's error about it */
  onRevoked(error: CombinedError | undefined): void
}) {
  const revoke = useAct(RevokeAuthorizationLinkDocument, () => ({ id }))
  return (
    <Group gap="md">
      <span>
        Made <Ago at={createdAt} />, ends <Ago at={expiresAt} />
      </span>
      <Button size="compact-sm" variant="default" onClick={async () => onRevoked((await revoke.run()).error)}>
        Revoke
      </Button>
      <ShowGraphql operations={[revoke.shown]} />
    </Group>
  )
}

/** Keys that the developer enters for the user. They are checked before they are stored. */
function Secrets({ account, changed }: { account: Shown; changed(): void }) {
  const { authMethod: method, connector } = account.connection
  return (
    <Stack gap="xs">
      <Title order={2}>Credentials</Title>
      <Text c="dimmed">
        Usually the user enters them behind a link. What you have at hand can be entered here
        {method.verifiable ? `; it is tried at ${connector.name} before it is kept` : ''}.
      </Text>
      <HowTo method={method} />
      <FieldsForm
        fields={method.accountFields}
        stored={account.fields}
        label="Save credentials"
        document={UpdateAccountDocument}
        toVariables={(fields) => ({ id: account.id, input: { fields } })}
        onSaved={changed}
      />
    </Stack>
  )
}

function Metadata({ account: { id, metadata }, changed }: { account: Shown; changed(): void }) {
  const mayWrite = useMay('ACCOUNTS_WRITE')
  const [text, setText] = useState(() => JSON.stringify(metadata, null, 2))
  const [fault, setFault] = useState<string | null>(null)
  const read = readObject(text, 'Metadata is a JSON object, such as {"plan": "pro"}.')
  const update = useAct(UpdateAccountDocument, () => read.object && { id, input: { metadata: read.object } })
  if (!mayWrite)
    return Object.keys(metadata).length > 0 ? <pre className="code">{JSON.stringify(metadata, null, 2)}</pre> : null
  const save = async () => {
    setFault(read.fault)
    if (read.fault) return
    const { error } = await update.run()
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
        error={fault ?? problemOf(update.error)?.message}
        autosize
        minRows={2}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      />
      <Group>
        <Button
          variant="default"
          onClick={save}
          loading={update.fetching}
          disabled={text === JSON.stringify(metadata, null, 2)}
        >
          Save metadata
        </Button>
        <ShowGraphql operations={[update.shown]} />
      </Group>
    </Stack>
  )
}

function Fate({ account, changed }: { account: Shown; changed(): void }) {
  const { id, identifier, status, connection } = account
  const [, navigate] = useLocation()
  const suspend = useAct(SuspendAccountDocument, () => ({ id }))
  const resume = useAct(ResumeAccountDocument, () => ({ id }))
  const refresh = useAct(RefreshAccountDocument, () => ({ id }))
  const disconnect = useAct(DisconnectAccountDocument, () => ({ id }))
  const remove = useAct(DeleteAccountDocument, () => ({ id }))
  const ended = disconnect.data?.disconnectConnectedAccount
  const provider = connection.connector.name
  return (
    <Stack gap="md" component="section" aria-label="What can be done">
      <Title order={2}>What can be done</Title>
      <Trouble error={refresh.error} title="It was not refreshed" />
      {ended ? (
        <Alert variant="outline" color="gray" role="status" title="Disconnected">
          {ended.message ?? `The credentials are erased here. ${REVOCATIONS[ended.revocation]}`}
        </Alert>
      ) : null}
      <Group>
        {status === 'ACTIVE' && connection.authMethod.refreshable ? (
          <Button
            variant="default"
            loading={refresh.fetching}
            onClick={async () => {
              await refresh.run()
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
              await resume.run()
              changed()
            }}
          >
            Resume
          </Button>
        ) : status !== 'DISCONNECTED' ? (
          <ConfirmButton label="Suspend" title={`Suspend ${identifier}`} act={suspend} onDone={changed}>
            No agent gets its token until you resume it. The credentials are kept.
          </ConfirmButton>
        ) : null}
        {status !== 'DISCONNECTED' ? (
          <ConfirmButton label="Disconnect" title={`Disconnect ${identifier}`} act={disconnect} onDone={changed}>
            Its credentials are revoked at {provider} where that can be done, and erased here. The user can connect
            again with a new link.
          </ConfirmButton>
        ) : null}
        <ConfirmButton
          label="Delete"
          c="red"
          title={`Delete ${identifier}`}
          typed={identifier}
          act={remove}
          onDone={() => navigate('/accounts', { replace: true })}
        >
          Disconnects it and removes the record with its metadata. What was done with it stays in the audit log. This
          cannot be undone.
        </ConfirmButton>
        <ShowGraphql
          operations={[
            refresh.shown,
            status === 'SUSPENDED' ? resume.shown : suspend.shown,
            disconnect.shown,
            remove.shown,
          ]}
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
