/** *Try it*: a link for yourself, and the status as it changes while you follow it in another tab. */
import { Alert, Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { type ConnectionQuery, StartAuthorizationDocument } from '../generated/graphql.js'
import { useAct } from '../operations.js'
import { Copyable, Status } from '../ui/bits.js'
import { Trouble } from '../ui/page.js'
import { ShowGraphql } from '../ui/show-graphql.js'
import { useAccountChanges } from '../use-account-changes.js'

export function TryIt({
  connection: { name, status, userVerification, connector },
  changed,
}: {
  connection: NonNullable<ConnectionQuery['connection']>
  changed(): void
}) {
  const [identifier, setIdentifier] = useState('me')
  const start = useAct(StartAuthorizationDocument, () => ({
    input: { connection: name, identifier: identifier.trim() },
  }))
  const link = start.data?.startAuthorization
  const watched = useAccountChanges(link ? { connection: name, identifier: link.account.identifier } : null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page is read again when the status has changed, and then only
  useEffect(() => {
    if (watched?.status === 'ACTIVE') changed()
  }, [watched?.status])
  if (status === 'DRAFT') return <Text c="dimmed">As soon as the steps above are done.</Text>
  if (status === 'DISABLED') return <Text c="dimmed">Enable the connection first.</Text>
  if (userVerification === 'APPLICATION')
    return (
      <Text c="dimmed">
        Users are verified by your application, so a link has to be made by it: startAuthorization with a verifyUrl.
      </Text>
    )
  return (
    <Stack maw={640}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          start.run()
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            label="Identifier"
            description="Your application's own name for the user."
            value={identifier}
            onChange={(event) => setIdentifier(event.currentTarget.value)}
            flex="1 1 200px"
          />
          <Button type="submit" loading={start.fetching} disabled={identifier.trim() === ''}>
            Make a link
          </Button>
          <ShowGraphql operations={[start.shown]} />
        </Group>
      </form>
      <Trouble error={start.error} title="No link was made" />
      {link?.url ? (
        <Alert
          variant="outline"
          color={watched?.status === 'ACTIVE' ? 'green' : 'blue'}
          title={watched?.status === 'ACTIVE' ? `Connected to ${connector.name}` : 'Your link'}
        >
          <Stack gap="xs">
            {watched?.status === 'ACTIVE' ? null : (
              <>
                <Anchor href={link.url} target="_blank">
                  Open it in a new tab
                </Anchor>
                <Copyable value={link.url} what="link" />
              </>
            )}
            <div role="status">
              <Status status={watched?.status ?? 'PENDING_AUTHORIZATION'} reason={watched?.statusReason} />
            </div>
            <Link href={`/accounts/${link.account.id}`}>To the account</Link>
          </Stack>
        </Alert>
      ) : null}
    </Stack>
  )
}
