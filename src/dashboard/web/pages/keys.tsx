/** API keys: each may do what it was made for, on what it was made for. */
import { Alert, Badge, Button, Checkbox, Group, Modal, Stack, Switch, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { problemOf } from '../api.js'
import {
  ApiKeysDocument,
  ConnectionsDocument,
  CreateApiKeyDocument,
  type Permission,
  RevokeApiKeyDocument,
} from '../generated/graphql.js'
import { useAct, useRead } from '../operations.js'
import { Ago, Copyable, Status, Waiting } from '../ui/bits.js'
import { ConfirmButton } from '../ui/confirm.js'
import { Listing } from '../ui/listing.js'
import { Empty, Page, Trouble } from '../ui/page.js'
import { ShowGraphql } from '../ui/show-graphql.js'
import { usePlace } from '../use-place.js'
import { useMay, useViewer } from '../viewer.js'
import { PERMISSIONS } from '../words.js'

export default function Keys() {
  const { data, error, again, shown } = useRead(ApiKeysDocument, {})
  const [place, change] = usePlace()
  const making = place.get('create') === 'key'
  const open = () => change({ create: 'key' })
  const close = () => change({ create: null })
  const [all, setAll] = useState(false)
  const keys = data?.apiKeys.filter(({ revokedAt }) => all || !revokedAt)
  return (
    <Page
      title="API keys"
      about="Give each agent a key that may do its work and no more."
      graphql={[shown]}
      actions={<Button onClick={open}>Create key</Button>}
    >
      <Trouble error={error} />
      <Modal
        opened={making}
        onClose={() => {
          close()
          again()
        }}
        title="Create an API key"
        size="lg"
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {making ? <NewKey /> : null}
      </Modal>
      <Switch label="Show revoked keys" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
      {keys?.length === 0 ? (
        <Empty
          title="Make a key for your first agent"
          snippet={
            'mutation {\n  createApiKey(input: { name: "agent", permissions: [TOKENS_READ] }) {\n    secret\n  }\n}'
          }
        >
          An agent needs TOKENS_READ and nothing else. Bind its key to the connections and identifiers that it works
          for, and a key that leaks opens little.
        </Empty>
      ) : keys ? (
        <Listing
          label="API keys"
          columns={['Name', 'Key', 'May', 'On', 'Last used', 'Ends', { hidden: 'Revoke' }]}
          width={720}
        >
          {keys.map(({ id, name, prefix, permissions, connections, identifiers, lastUsedAt, expiresAt, revokedAt }) => (
            <tr key={id}>
              <td style={{ fontWeight: 500 }}>{name}</td>
              <td>
                <code>{prefix}…</code>
              </td>
              <td>
                {permissions.length === Object.keys(PERMISSIONS).length ? (
                  'everything'
                ) : (
                  <Group gap={4}>
                    {permissions.map((permission) => (
                      <Badge key={permission} variant="default" tt="none" fw={400} size="sm">
                        {permission}
                      </Badge>
                    ))}
                  </Group>
                )}
              </td>
              <td>{[...connections, ...identifiers].join(', ') || 'everything'}</td>
              <td>
                <Ago at={lastUsedAt} />
              </td>
              <td>{revokedAt ? <Status status="REVOKED" /> : expiresAt ? <Ago at={expiresAt} /> : 'never'}</td>
              <td>{revokedAt ? null : <Revoke id={id} name={name} prefix={prefix} onDone={again} />}</td>
            </tr>
          ))}
        </Listing>
      ) : error ? null : (
        <Waiting />
      )}
    </Page>
  )
}

function Revoke({ id, name, prefix, onDone }: { id: string; name: string; prefix: string; onDone(): void }) {
  const revoke = useAct(RevokeApiKeyDocument, () => ({ id }))
  return (
    <ConfirmButton label="Revoke" size="compact-sm" title={`Revoke ${name}`} act={revoke} onDone={onDone}>
      Whoever uses {prefix}… is refused from now on, and those who signed in with it are signed out. This cannot be
      undone.
    </ConfirmButton>
  )
}

function NewKey() {
  const { permissions: held } = useViewer()
  const maySeeConnections = useMay('CONNECTIONS_READ')
  const { data: known } = useRead(ConnectionsDocument, { first: 200 }, { pause: !maySeeConnections })
  const [name, setName] = useState('')
  const [permissions, setPermissions] = useState<Permission[]>(held.includes('TOKENS_READ') ? ['TOKENS_READ'] : [])
  const [connections, setConnections] = useState<string[]>([])
  const [identifiers, setIdentifiers] = useState<string[]>([])
  const [ends, setEnds] = useState('')
  const create = useAct(CreateApiKeyDocument, () => ({
    input: {
      name: name.trim(),
      permissions,
      connections,
      identifiers,
      ...(ends ? { expiresAt: new Date(`${ends}T23:59:59`).toISOString() } : {}),
    },
  }))
  const { data, error, fetching } = create
  const problem = problemOf(error)
  const at = (field: string) => (problem?.path.startsWith(`input.${field}`) ? problem.message : null)
  if (data)
    return (
      <Stack>
        <Alert variant="outline" color="green" title={`${data.createApiKey.apiKey.name} is made`}>
          Copy it now: only its hash is stored, and it is not shown again.
        </Alert>
        <div>
          <Copyable value={data.createApiKey.secret} what="key" />
        </div>
      </Stack>
    )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        create.run()
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          description="Who will use it."
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={at('name')}
          autoComplete="off"
          data-autofocus
        />
        <Checkbox.Group
          label="What it may do"
          value={permissions}
          onChange={(chosen) => setPermissions(chosen as Permission[])}
          error={at('permissions')}
        >
          <Stack gap={6} mt={4}>
            {(Object.entries(PERMISSIONS) as [Permission, string][])
              .filter(([permission]) => held.includes(permission))
              .map(([permission, says]) => (
                <Checkbox key={permission} value={permission} label={says} />
              ))}
          </Stack>
        </Checkbox.Group>
        <TagsInput
          label="Only on these connections"
          description="None means all."
          data={known?.connections.items.map(({ name }) => name) ?? []}
          value={connections}
          onChange={setConnections}
          error={at('connections')}
        />
        <TagsInput
          label="Only for these identifiers"
          description="Patterns such as tenant_7:*, each ended with Enter. None means all."
          value={identifiers}
          onChange={setIdentifiers}
          error={at('identifiers')}
        />
        <TextInput
          label="Last day"
          description="Left out, it ends when you revoke it."
          type="date"
          value={ends}
          onChange={(event) => setEnds(event.currentTarget.value)}
          error={at('expiresAt')}
        />
        {problem && !['name', 'permissions', 'connections', 'identifiers', 'expiresAt'].some((field) => at(field)) ? (
          <Trouble error={error} title="No key was made" />
        ) : null}
        <Group justify="space-between">
          <ShowGraphql operations={[create.shown]} />
          <Button type="submit" loading={fetching} disabled={name.trim() === '' || permissions.length === 0}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
