/**
 * What is shown when a page fails: a message and a way on instead of a blank page. This also happens to a page
 * whose code is loaded after a newer version of the server has replaced it.
 */
import { Alert, Button, Stack, Text } from '@mantine/core'
import { Component, type ReactNode } from 'react'

export class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <Alert color="red" role="alert" variant="outline" title="This page failed">
        <Stack align="flex-start" gap="sm">
          <Text>
            Nothing was lost on the server. Load it again; if it fails again, its address may hold something that it
            cannot read.
          </Text>
          <Button variant="default" onClick={() => window.location.reload()}>
            Load again
          </Button>
        </Stack>
      </Alert>
    )
  }
}
