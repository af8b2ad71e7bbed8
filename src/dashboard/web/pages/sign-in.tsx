/** Signing in: the key is sent to the server once, which sets a cookie that no script can read. */
import { Alert, Button, Center, Code, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useState } from 'react'
import { signIn } from '../api.js'

export function SignIn({ onDone }: { onDone(): void }) {
  useDocumentTitle('Sign in · Valetkey')
  const [key, setKey] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const submit = async () => {
    setBusy(true)
    const refused = await signIn(key.trim()).catch(
      () => 'The server cannot be reached. Look whether it is running, and try again.',
    )
    setBusy(false)
    setFault(refused)
    if (refused === null) onDone()
  }
  return (
    <Center component="main" mih="100dvh" p="md">
      <form
        style={{ width: '100%', maxWidth: 380 }}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack>
          <Title order={1}>Sign in to Valetkey</Title>
          <PasswordInput
            label="API key"
            description={
              <>
                What you may do here is what the key may do. The first start of Valetkey printed one that may do
                everything: it begins with <Code>vk_</Code>.
              </>
            }
            placeholder="vk_…"
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            autoComplete="current-password"
            spellCheck={false}
            required
            data-autofocus
            visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
          />
          {fault ? (
            <Alert color="red" role="alert" variant="outline">
              {fault}
            </Alert>
          ) : null}
          <Button type="submit" loading={busy} disabled={key.trim() === ''}>
            Sign in
          </Button>
          <Text c="dimmed" fz="sm">
            You stay signed in for a week, or until you have not been here for half a day.
          </Text>
        </Stack>
      </form>
    </Center>
  )
}
