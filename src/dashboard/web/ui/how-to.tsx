/** How to get the app or the key of an auth method: a line of help, and the provider's pages. */
import { Group, Stack, Text } from '@mantine/core'
import type { MethodFragment } from '../generated/graphql.js'
import { External } from './bits.js'

export function HowTo({ method: { help, consoleUrl, docsUrl } }: { method: MethodFragment }) {
  if (!help && !consoleUrl && !docsUrl) return null
  return (
    <Stack gap={4}>
      {help ? <Text>{help}</Text> : null}
      <Group gap="md">
        {consoleUrl ? <External href={consoleUrl}>Where it is made</External> : null}
        {docsUrl ? <External href={docsUrl}>Documentation</External> : null}
      </Group>
    </Stack>
  )
}
