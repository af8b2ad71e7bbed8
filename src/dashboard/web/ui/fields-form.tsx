/** A form of fields that is saved as a whole: faults stand at their field, and what was sent of secrets leaves the page. */
import { Button, Group, Stack, Text } from '@mantine/core'
import type { AnyVariables, CombinedError, TypedDocumentNode } from '@urql/core'
import { useState } from 'react'
import { problemOf } from '../api.js'
import type { FieldFragment, FieldValueInput } from '../generated/graphql.js'
import { useAct } from '../operations.js'
import { Fields, faultAt, problemWith, startingValues, toInput, type Values, withoutSent } from './fields.js'
import { Trouble } from './page.js'
import { ShowGraphql } from './show-graphql.js'

interface Stored {
  key: string
  value?: string | null
  isSet: boolean
}

export function FieldsForm<Variables extends AnyVariables>({
  fields,
  stored,
  label,
  primary = false,
  readOnly = false,
  document,
  toVariables,
  onSaved,
}: {
  fields: FieldFragment[]
  stored: Stored[]
  /** Of the button. */
  label: string
  primary?: boolean
  readOnly?: boolean
  document: TypedDocumentNode<unknown, Variables>
  toVariables(input: FieldValueInput[]): Variables
  onSaved(): void
}) {
  const [values, setValues] = useState<Values>(() => startingValues(fields, stored))
  const [faults, setFaults] = useState<Record<string, string | null>>({})
  const [error, setError] = useState<CombinedError>()
  const [saved, setSaved] = useState(false)
  const input = toInput(fields, values, stored)
  const save = useAct(document, () => toVariables(input), fields)
  const submit = async () => {
    const found = Object.fromEntries(fields.map((field) => [field.key, problemWith(field, values[field.key] ?? '')]))
    setFaults(found)
    if (Object.values(found).some((fault) => fault !== null)) return
    setSaved(false)
    const { error: refused } = await save.run()
    const problem = problemOf(refused)
    const at = problem && faultAt(problem.path, input)
    setFaults(at ? { [at]: problem.message } : {})
    setError(at ? undefined : refused)
    if (refused) return
    setSaved(true)
    setValues((now) => withoutSent(fields, now, input))
    onSaved()
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
            setSaved(false)
          }}
        />
        <Trouble error={error} title="Nothing was saved" />
        {readOnly ? null : (
          <Group>
            <Button
              type="submit"
              variant={primary ? 'filled' : 'default'}
              loading={save.fetching}
              disabled={input.length === 0}
            >
              {label}
            </Button>
            <Text role="status" c="dimmed">
              {saved ? 'Saved.' : ''}
            </Text>
            <ShowGraphql operations={[save.shown]} />
          </Group>
        )}
      </Stack>
    </form>
  )
}
