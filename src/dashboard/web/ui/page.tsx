/** The frame of a page: its head, what went wrong, and what there is to do when there is nothing yet. */
import { Alert, Box, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { CombinedError } from '@urql/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { problemOf } from '../api.js'
import type { Operation } from '../operations.js'
import { ShowGraphql } from './show-graphql.js'

export function Page({
  title,
  icon,
  about,
  actions,
  graphql = [],
  children,
}: {
  title: string
  icon?: ReactNode
  about?: ReactNode
  actions?: ReactNode
  graphql?: Operation[]
  children: ReactNode
}) {
  useDocumentTitle(`${title} · Valetkey`)
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Group gap="sm" wrap="nowrap" miw={0}>
          {icon}
          <Box miw={0}>
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {about ? (
              <Text c="dimmed" component="div">
                {about}
              </Text>
            ) : null}
          </Box>
        </Group>
        <Group gap="xs">
          {graphql.length > 0 ? <ShowGraphql operations={graphql} /> : null}
          {actions}
        </Group>
      </Group>
      {children}
    </Stack>
  )
}

/** What the server said, where it happened. */
export function Trouble({ error, title = 'That did not work' }: { error: CombinedError | undefined; title?: string }) {
  const problem = problemOf(error)
  return problem ? (
    <Alert color="red" role="alert" title={title} variant="outline">
      {problem.message}
    </Alert>
  ) : null
}

export function Empty({
  title,
  children,
  action,
  snippet,
}: {
  title: string
  children: ReactNode
  action?: ReactNode
  snippet?: string
}) {
  return (
    <Stack align="flex-start" gap="sm" py="xl" maw={640}>
      <Title order={2}>{title}</Title>
      <Text component="div">{children}</Text>
      {action}
      {snippet ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre className="code" tabIndex={0} style={{ maxWidth: '100%' }}>
          {snippet}
        </pre>
      ) : null}
    </Stack>
  )
}

export function NotFound({ what }: { what: string }) {
  return (
    <Page title="Nothing here">
      <Text>{what} does not exist, or your key may not see it.</Text>
      <Group>
        <Button component={Link} href="/connections" variant="default">
          To the connections
        </Button>
      </Group>
    </Page>
  )
}
