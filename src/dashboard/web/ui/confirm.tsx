/** Dangerous acts: what they will do, in numbers, before they do it. */
import { Button, type ButtonProps, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { CombinedError } from '@urql/core'
import { type ReactNode, useState } from 'react'
import type { Act } from '../operations.js'
import { Trouble } from './page.js'
import { ShowGraphql } from './show-graphql.js'

export function ConfirmButton({
  label,
  title,
  children,
  typed,
  act,
  onDone,
  ...props
}: {
  label: string
  title: string
  /** What will happen. */
  children: ReactNode
  /** A name to type, where it cannot be undone. */
  typed?: string
  act: Act
  onDone(): void
} & ButtonProps) {
  const [opened, { open, close }] = useDisclosure()
  const [text, setText] = useState('')
  const [error, setError] = useState<CombinedError>()
  const run = async () => {
    setError(undefined)
    const { error } = await act.run()
    setError(error)
    if (error) return
    onDone()
    close()
  }
  return (
    <>
      <Button
        variant="default"
        {...props}
        onClick={() => {
          setText('')
          setError(undefined)
          open()
        }}
      >
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            run()
          }}
        >
          <Stack>
            <Text component="div">{children}</Text>
            {typed ? (
              <TextInput
                label={`Type ${typed} to go on`}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
                data-autofocus
                autoComplete="off"
              />
            ) : null}
            <Trouble error={error} />
            <Group justify="space-between">
              <ShowGraphql operations={[act.shown]} />
              <Group gap="xs">
                <Button variant="default" onClick={close}>
                  Cancel
                </Button>
                <Button
                  type="submit"
                  color="red"
                  loading={act.fetching}
                  disabled={typed !== undefined && text !== typed}
                >
                  {label}
                </Button>
              </Group>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
