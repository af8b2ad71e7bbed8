/** A form of fields that is saved as a whole: faults stand at their field, and what was sent of secrets leaves the page. */
import { Button, Group, Stack, Text } from '@mantine/core'
import type { CombinedError } from '@urql/core'
import { useState } from 'react'
import { problemOf } from '../api.js'
import type { FieldFragment, FieldValueInput } from '../generated/graphql.js'
import {
  Fields,
  faultAt,
  faultOf,
  startingValues,
  toInput,
  type Values,
  withoutSecrets,
  withoutSent,
} from './fields.js'
import { Trouble } from './page.js'
import { type Operation, ShowGraphql } from './show-graphql.js'

interface Stored {
  key: string
  value?: string | null
  isSet: boolean
}

export function FieldsForm({
  fields,
  stored,
  label,
  primary = false,
  readOnly = false,
  save,
  graphql,
}: {
  fields: FieldFragment[]
  stored: Stored[]
  /** Of the button. */
  label: string
  primary?: boolean
  readOnly?: boolean
  /** @returns what the server has against it */
  save(input: FieldValueInput[]): Promise<CombinedError | undefined>
  /** @param input without secrets */
  graphql(input: FieldValueInput[]): Operation
}) {
  const [values, setValues] = useState<Values>(() => startingValues(fields, stored))
  const [faults, setFaults] = useState<Record<string, string | null>>({})
  const [error, setError] = useState<CombinedError>()
  const [state, setState] = useState<'idle' | 'saving' | 'saved'>('idle')
  const input = toInput(fields, values, stored)
  const submit = async () => {
    const found = Object.fromEntries(fields.map((field) => [field.key, faultOf(field, values[field.key] ?? '')]))
    setFaults(found)
    if (Object.values(found).some((fault) => fault !== null)) return
    setState('saving')
    const refused = await save(input)
    const problem = problemOf(refused)
    const at = problem && faultAt(problem.path, input)
    setFaults(at ? { [at]: problem.message } : {})
    setError(at ? undefined : refused)
    setState(refused ? 'idle' : 'saved')
    if (!refused) setValues((now) => withoutSent(fields, now, input))
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Stack maw={560}>
        <Fields
          fields={fields}
          values={values}
          stored={stored}
          disabled={readOnly}
          faults={faults}
          onChange={(key, value) => {
            setValues({ ...values, [key]: value })
            setFaults({ ...faults, [key]: null })
            setState((now) => (now === 'saved' ? 'idle' : now))
          }}
        />
        <Trouble error={error} title="Nothing was saved" />
        {readOnly ? null : (
          <Group>
            <Button
              type="submit"
              variant={primary ? 'filled' : 'default'}
              loading={state === 'saving'}
              disabled={input.length === 0}
            >
              {label}
            </Button>
            <Text role="status" c="dimmed">
              {state === 'saved' ? 'Saved.' : ''}
            </Text>
            <ShowGraphql operations={[graphql(withoutSecrets(fields, input))]} />
          </Group>
        )}
      </Stack>
    </form>
  )
}
