/** API keys, each with its permissions, and the connections, identifiers and addresses that it is for. */
import {
  Alert,
  Badge,
  Button,
  Checkbox,
  Group,
  Modal,
  Radio,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core'
import { useState } from 'react'
import { problemOf } from '../api.js'
import {
  ApiKeysDocument,
  ConnectionsDocument,
  CreateApiKeyDocument,
  type Permission,
  RevokeApiKeyDocument,
  RotateApiKeyDocument,
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
          columns={['Name', 'Key', 'May', 'On', 'Last used', 'Ends', { hidden: 'Rotate and revoke' }]}
          width={720}
        >
          {keys.map(({ id, name, prefix, permissions, lastUsedAt, expiresAt, revokedAt, ...bounds }) => (
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
              <td>
                {[...bounds.connections, ...bounds.identifiers, ...bounds.addresses].join(', ') || 'everything'}
                {bounds.trustedDocumentsOnly ? (
                  <Text size="sm" c="dimmed">
                    registered documents only
                  </Text>
                ) : null}
              </td>
              <td>
                <Ago at={lastUsedAt} />
              </td>
              <td>{revokedAt ? <Status status="REVOKED" /> : expiresAt ? <Ago at={expiresAt} /> : 'never'}</td>
              <td>
                {revokedAt ? null : (
                  <Group gap={4} wrap="nowrap">
                    <Rotate id={id} name={name} prefix={prefix} onDone={again} />
                    <Revoke id={id} name={name} prefix={prefix} onDone={again} />
                  </Group>
                )}
              </td>
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
      Whoever uses {prefix}… is refused from now on, those who signed in with it are signed out, and the keys that it
      made end with it. This cannot be undone.
    </ConfirmButton>
  )
}

/** Fields of the form that show what is wrong with them. */
const FIELDS = ['name', 'permissions', 'connections', 'identifiers', 'addresses', 'trustedDocumentsOnly', 'expiresAt']

/** Seconds for which the former secret of a rotated key is taken, by what the page calls it. */
const OVERLAPS = {
  '0': 'ends at once',
  '3600': 'works for an hour',
  '86400': 'works for a day',
  '604800': 'works for a week',
}

function Rotate({ id, name, prefix, onDone }: { id: string; name: string; prefix: string; onDone(): void }) {
  const [open, setOpen] = useState(false)
  const [overlap, setOverlap] = useState('86400')
  const rotate = useAct(RotateApiKeyDocument, () => ({ id, overlap: Number(overlap) }))
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setOpen(true)}>
        Rotate
      </Button>
      <Modal
        opened={open}
        onClose={() => {
          setOpen(false)
          if (rotate.data) onDone()
        }}
        title={`Rotate ${name}`}
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {rotate.data ? (
          <Secret title={`${name} has a new secret`} secret={rotate.data.rotateApiKey.secret} />
        ) : (
          <Stack>
            <Text>The key stays what it is, and gets a new secret. Give it to whoever uses {prefix}… now.</Text>
            <Radio.Group label="The current secret" value={overlap} onChange={setOverlap}>
              <Stack gap={6} mt={4}>
                {Object.entries(OVERLAPS).map(([seconds, says]) => (
                  <Radio key={seconds} value={seconds} label={says} />
                ))}
              </Stack>
            </Radio.Group>
            <Trouble error={rotate.error} title="Nothing was changed" />
            <Group justify="space-between">
              <ShowGraphql operations={[rotate.shown]} />
              <Button onClick={() => rotate.run()} loading={rotate.fetching}>
                Rotate
              </Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </>
  )
}

/** A secret that is shown once. */
function Secret({ title, secret }: { title: string; secret: string }) {
  return (
    <Stack>
      <Alert variant="outline" color="green" title={title}>
        Copy it now: only its hash is stored, and it is not shown again.
      </Alert>
      <div>
        <Copyable value={secret} what="key" />
      </div>
    </Stack>
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
  const [addresses, setAddresses] = useState<string[]>([])
  const [trustedDocumentsOnly, setTrustedDocumentsOnly] = useState(false)
  const [ends, setEnds] = useState('')
  const create = useAct(CreateApiKeyDocument, () => ({
    input: {
      name: name.trim(),
      permissions,
      connections,
      identifiers,
      addresses,
      ...(trustedDocumentsOnly ? { trustedDocumentsOnly } : {}),
      ...(ends ? { expiresAt: new Date(`${ends}T23:59:59`).toISOString() } : {}),
    },
  }))
  const { data, error, fetching } = create
  const problem = problemOf(error)
  const at = (field: string) => (problem?.path.startsWith(`input.${field}`) ? problem.message : null)
  if (data) return <Secret title={`${data.createApiKey.apiKey.name} is made`} secret={data.createApiKey.secret} />
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
        <TagsInput
          label="Only from these addresses"
          description="Of clients, or ranges such as 10.0.0.0/8. None means all."
          value={addresses}
          onChange={setAddresses}
          error={at('addresses')}
        />
        <Checkbox
          label="Only registered documents"
          description="It runs what the server's manifest of trusted documents has, and nothing else."
          checked={trustedDocumentsOnly}
          onChange={(event) => setTrustedDocumentsOnly(event.currentTarget.checked)}
          error={at('trustedDocumentsOnly')}
        />
        <TextInput
          label="Last day"
          description="Left out, it ends when you revoke it."
          type="date"
          value={ends}
          onChange={(event) => setEnds(event.currentTarget.value)}
          error={at('expiresAt')}
        />
        {problem && !FIELDS.some((field) => at(field)) ? <Trouble error={error} title="No key was made" /> : null}
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
