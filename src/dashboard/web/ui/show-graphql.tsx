/** *Show GraphQL*: the operation that a page or a button sends, to copy or to open in GraphiQL. */

import { Anchor, Button, CopyButton, Drawer, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBraces } from '@tabler/icons-react'
import { base } from '../base.js'
import type { Operation } from '../operations.js'

/** @param operations null for an operation that cannot be sent with the form as it is filled in */
export function ShowGraphql({ operations }: { operations: (Operation | null)[] }) {
  const [opened, { open, close }] = useDisclosure()
  const shown = operations.filter((operation) => operation !== null)
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        size="compact-md"
        leftSection={<IconBraces size={16} />}
        onClick={open}
        disabled={shown.length === 0}
      >
        Show GraphQL
      </Button>
      <Drawer
        opened={opened}
        onClose={close}
        position="right"
        size="lg"
        title="GraphQL"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack gap="xl">
          {opened ? shown.map((operation) => <OperationText key={operation.query} operation={operation} />) : null}
        </Stack>
      </Drawer>
    </>
  )
}

function OperationText({ operation: { query, variables } }: { operation: Operation }) {
  const { secretsLeftOut } = variables
  const json = variables.json === '{}' ? '' : variables.json
  return (
    <Stack gap="xs">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="code" tabIndex={0}>
        {query}
      </pre>
      {json ? (
        <>
          <Text fw={600}>Variables</Text>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre className="code" tabIndex={0}>
            {json}
          </pre>
        </>
      ) : null}
      {secretsLeftOut ? <Text c="dimmed">Secrets are left out: … stands where each is sent.</Text> : null}
      <Group>
        <CopyButton value={query}>
          {({ copied, copy }) => (
            <Button variant="default" size="xs" onClick={copy}>
              {copied ? 'Copied' : 'Copy query'}
            </Button>
          )}
        </CopyButton>
        {json ? (
          <CopyButton value={json}>
            {({ copied, copy }) => (
              <Button variant="default" size="xs" onClick={copy}>
                {copied ? 'Copied' : 'Copy variables'}
              </Button>
            )}
          </CopyButton>
        ) : null}
        <Anchor
          href={`${base}/graphiql#${encodeURIComponent(JSON.stringify({ query, variables: json }))}`}
          target="_blank"
        >
          Open in GraphiQL
        </Anchor>
      </Group>
    </Stack>
  )
}
