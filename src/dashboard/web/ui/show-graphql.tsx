/** *Show GraphQL*: the very operation that a page or a button sends, ready to copy or to open in GraphiQL. */
import { Anchor, Button, CopyButton, Drawer, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBraces } from '@tabler/icons-react'
import { type AnyVariables, stringifyDocument, type TypedDocumentNode } from '@urql/core'

export interface Operation {
  // biome-ignore lint/suspicious/noExplicitAny: any operation can be shown
  document: TypedDocumentNode<any, any>
  /** Without secrets: what is shown here may be copied anywhere. */
  variables?: AnyVariables
}

export function ShowGraphql({ operations, label = 'Show GraphQL' }: { operations: Operation[]; label?: string }) {
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="subtle" color="gray" size="compact-md" leftSection={<IconBraces size={16} />} onClick={open}>
        {label}
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
          {opened
            ? operations.map((operation) => (
                <OperationText key={stringifyDocument(operation.document)} {...operation} />
              ))
            : null}
        </Stack>
      </Drawer>
    </>
  )
}

function OperationText({ document, variables }: Operation) {
  const query = stringifyDocument(document).trim()
  const json = variables && Object.keys(variables).length > 0 ? JSON.stringify(variables, null, 2) : null
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
          href={`/graphiql#${encodeURIComponent(JSON.stringify({ query, variables: json ?? '' }))}`}
          target="_blank"
        >
          Open in GraphiQL
        </Anchor>
      </Group>
    </Stack>
  )
}
