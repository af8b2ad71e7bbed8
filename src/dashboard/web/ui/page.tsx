/** The frame of a page: its head, what went wrong, and what there is to do when there is nothing yet. */
import { Alert, Box, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { CombinedError } from '@urql/core'
import type { KeyboardEvent, ReactNode } from 'react'
import { Link } from 'wouter'
import { problemOf } from '../api.js'
import { type Operation, ShowGraphql } from './show-graphql.js'

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

export function Empty({ title, children, action, snippet }: { title: string; children: ReactNode; action?: ReactNode; snippet?: string }) {
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

/** What is wider than a phone scrolls by itself, by keyboard too. */
export function Scrolls({ width, children }: { width: number; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section tabIndex={0} aria-label="Table" style={{ overflowX: 'auto', position: 'relative' }}>
      <div style={{ minWidth: width }}>{children}</div>
    </section>
  )
}

/** Up and down go from row to row of a table; enter opens it, being a link. */
export function rowKeys(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('.row-link')]
  const at = links.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return
  event.preventDefault()
  links[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}

/** Pages of a list by cursor: the address holds where it is, so the back button goes back. */
export function Pager({ after, next, onGo }: { after: string | null; next: string | null; onGo(after: string | null): void }) {
  if (!after && !next) return null
  return (
    <Group justify="flex-end" gap="xs">
      {after ? (
        <Button variant="default" size="xs" onClick={() => onGo(null)}>
          First page
        </Button>
      ) : null}
      <Button variant="default" size="xs" disabled={!next} onClick={() => onGo(next)}>
        Next page
      </Button>
    </Group>
  )
}
