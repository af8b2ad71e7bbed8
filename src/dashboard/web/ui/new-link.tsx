/** Making an authorization link for a user: for whom, how long, and where they go afterwards. */
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { problemOf } from '../api.js'
import { StartAuthorizationDocument } from '../generated/graphql.js'
import { useAct } from '../operations.js'
import { Ago, Copyable } from './bits.js'
import { ConnectionSelect } from './connection-select.js'
import { Trouble } from './page.js'
import { ShowGraphql } from './show-graphql.js'

const LIVES = [
  { value: '1800', label: '30 minutes' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
]

export function NewLink({
  opened,
  onClose,
  account,
  connection: preset = null,
}: {
  opened: boolean
  onClose(): void
  account?: { connection: string; identifier: string }
  connection?: string | null
}) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Create a link"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened ? <LinkForm account={account} preset={preset} /> : null}
    </Modal>
  )
}

function LinkForm({
  account,
  preset,
}: {
  account?: { connection: string; identifier: string } | undefined
  preset: string | null
}) {
  const [connection, setConnection] = useState(account?.connection ?? preset)
  const [identifier, setIdentifier] = useState(account?.identifier ?? '')
  const [expiresIn, setExpiresIn] = useState<string | null>('1800')
  const [returnUrl, setReturnUrl] = useState('')
  const [verifyUrl, setVerifyUrl] = useState('')
  const start = useAct(StartAuthorizationDocument, () => ({
    input: {
      connection: connection ?? '',
      identifier: identifier.trim(),
      expiresIn: Number(expiresIn ?? 1800),
      ...(returnUrl.trim() ? { returnUrl: returnUrl.trim() } : {}),
      ...(verifyUrl.trim() ? { verifyUrl: verifyUrl.trim() } : {}),
    },
  }))
  const { error } = start
  const link = start.data?.startAuthorization
  const problem = problemOf(error)
  const at = (field: string) => (problem?.path === `input.${field}` ? problem.message : null)
  const known = ['identifier', 'returnUrl', 'verifyUrl', 'connection', 'expiresIn'].some((field) => at(field))
  if (link?.url)
    return (
      <Stack>
        <Text>
          Give this link to {link.account.identifier}. It works once, and ends <Ago at={link.expiresAt} />. It is not
          shown again.
        </Text>
        <div>
          <Copyable value={link.url} what="link" />
        </div>
        <Group>
          <Link href={`/accounts/${link.account.id}`}>To the account</Link>
        </Group>
      </Stack>
    )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        start.run()
      }}
    >
      <Stack>
        {account ? null : (
          <ConnectionSelect label="Connection" value={connection} onChange={setConnection} error={at('connection')} />
        )}
        <TextInput
          label="Identifier"
          description="Your application's own name for the user, such as user_123. Upper and lower case differ."
          required
          value={identifier}
          onChange={(event) => setIdentifier(event.currentTarget.value)}
          readOnly={account !== undefined}
          error={at('identifier')}
          autoComplete="off"
        />
        <Select
          label="Ends after"
          data={LIVES}
          value={expiresIn}
          onChange={setExpiresIn}
          allowDeselect={false}
          error={at('expiresIn')}
        />
        <TextInput
          label="Return URL"
          description="Where the browser goes afterwards. Left out, the user is told to close the page."
          placeholder="https://app.example.com/settings"
          value={returnUrl}
          onChange={(event) => setReturnUrl(event.currentTarget.value)}
          error={at('returnUrl')}
        />
        <TextInput
          label="Verify URL"
          description="Only where your application verifies users."
          placeholder="https://app.example.com/verify"
          value={verifyUrl}
          onChange={(event) => setVerifyUrl(event.currentTarget.value)}
          error={at('verifyUrl')}
        />
        {known ? null : <Trouble error={error} title="No link was made" />}
        <Group justify="space-between">
          <ShowGraphql operations={[start.shown]} />
          <Button type="submit" loading={start.fetching} disabled={!connection || identifier.trim() === ''}>
            Create link
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
