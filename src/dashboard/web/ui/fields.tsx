/** Forms as a connector's definition describes them: one input for each kind of field. */
import {
  Box,
  Checkbox,
  FileButton,
  Group,
  PasswordInput,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  UnstyledButton,
} from '@mantine/core'
import type { FieldFragment, FieldValueInput } from '../generated/graphql.js'
import { External } from './bits.js'

export type Values = Record<string, string>

/** What a form begins with: what is stored, or what the definition proposes. */
export function startingValues(fields: FieldFragment[], stored: { key: string; value?: string | null }[] = []): Values {
  return Object.fromEntries(
    fields.map(({ key, default: usual }) => [key, stored.find((value) => value.key === key)?.value ?? usual ?? '']),
  )
}

export const isShown = (field: FieldFragment, values: Values) =>
  !field.visibleWhen || values[field.visibleWhen.field] === field.visibleWhen.equals

/** What the API takes: what is shown and filled in, and what was emptied. Secrets that are left empty stay as they are. */
export function toInput(
  fields: FieldFragment[],
  values: Values,
  stored: { key: string; isSet: boolean }[] = [],
): FieldValueInput[] {
  return fields
    .filter((field) => isShown(field, values))
    .filter(
      (field) =>
        values[field.key] !== '' || (!field.secret && stored.some(({ key, isSet }) => key === field.key && isSet)),
    )
    .map(({ key }) => ({ key, value: values[key] ?? '' }))
}

/** After a save: secrets that were sent leave the page; what was typed meanwhile stays. */
export function withoutSent(fields: FieldFragment[], values: Values, sent: FieldValueInput[]): Values {
  const left = fields.filter(
    ({ key, secret }) => secret && sent.some((field) => field.key === key && field.value === values[key]),
  )
  return { ...values, ...Object.fromEntries(left.map(({ key }) => [key, ''])) }
}

/** Which field a fault is about: errors name the place in the list that was sent. */
export function faultAt(path: string, sent: FieldValueInput[]): string | null {
  const index = /^input\.fields\.(\d+)/.exec(path)?.[1]
  return index === undefined ? null : String(sent[Number(index)]?.key ?? '')
}

/** A fault that needs no server to be seen; said once a field has been left. */
export function problemWith(field: FieldFragment, value: string): string | null {
  if (value === '' || !field.pattern) return null
  const cut = value.trim().replace(field.prefix ?? '', '')
  const bare = field.suffix && cut.endsWith(field.suffix) ? cut.slice(0, -field.suffix.length) : cut
  try {
    if (new RegExp(field.pattern, 'u').test(bare)) return null
  } catch {
    return null
  }
  return `${field.label} does not have the form that it has at this service${field.placeholder ? `, such as ${field.placeholder}` : ''}.`
}

export function Fields({
  fields,
  values,
  faults,
  stored = [],
  onChange,
  disabled = false,
}: {
  fields: FieldFragment[]
  values: Values
  faults: Record<string, string | null | undefined>
  stored?: { key: string; isSet: boolean }[]
  onChange(key: string, value: string): void
  disabled?: boolean
}) {
  return (
    <Stack gap="md">
      {fields
        .filter((field) => isShown(field, values))
        .map((field) => (
          <Input
            key={field.key}
            field={field}
            value={values[field.key] ?? ''}
            fault={faults[field.key] ?? null}
            isSet={stored.some(({ key, isSet }) => key === field.key && isSet)}
            onChange={(value) => onChange(field.key, value)}
            disabled={disabled}
          />
        ))}
    </Stack>
  )
}

function Input({
  field,
  value,
  fault,
  isSet,
  onChange,
  disabled,
}: {
  field: FieldFragment
  value: string
  fault: string | null
  isSet: boolean
  onChange(value: string): void
  disabled: boolean
}) {
  const help =
    field.help || field.helpUrl ? (
      <>
        {field.help} {field.helpUrl ? <External href={field.helpUrl}>Where to find it</External> : null}
      </>
    ) : undefined
  const common = {
    label: field.label,
    description: help,
    error: fault,
    required: field.required && !isSet,
    placeholder: field.secret && isSet ? 'Set. Leave empty to keep it.' : (field.placeholder ?? undefined),
    value,
    disabled,
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  }
  if (field.kind === 'SELECT')
    return (
      <Select
        label={field.label}
        description={help}
        error={fault}
        required={field.required}
        disabled={disabled}
        data={field.options}
        value={value === '' ? null : value}
        onChange={(chosen) => onChange(chosen ?? '')}
        allowDeselect={!field.required}
      />
    )
  if (field.kind === 'BOOLEAN')
    return (
      <Checkbox
        label={field.label}
        description={help}
        error={fault}
        disabled={disabled}
        checked={value === 'true'}
        onChange={(event) => onChange(String(event.currentTarget.checked))}
      />
    )
  if (field.kind === 'PEM' || field.kind === 'JSON')
    return (
      <Box>
        <Textarea
          {...common}
          autosize
          minRows={3}
          maxRows={10}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <FileButton
          onChange={(file) => file?.text().then(onChange)}
          accept={field.kind === 'PEM' ? '.pem,.key,.p8,.txt' : '.json'}
        >
          {(props) => (
            <UnstyledButton
              {...props}
              mt={4}
              c="var(--mantine-color-anchor)"
              fz="sm"
              aria-label={`${field.label}: from a file`}
            >
              From a file
            </UnstyledButton>
          )}
        </FileButton>
      </Box>
    )
  if (field.secret)
    return (
      <PasswordInput
        {...common}
        aria-invalid={fault ? true : undefined}
        visibilityToggleButtonProps={{ 'aria-label': `Show ${field.label}` }}
        autoComplete="new-password"
      />
    )
  if (field.prefix || field.suffix)
    return (
      <TextInput
        {...common}
        inputContainer={(input) => (
          <Group gap={6} wrap="nowrap" mt={4}>
            {field.prefix ? <Text c="dimmed">{field.prefix}</Text> : null}
            <Box flex={1}>{input}</Box>
            {field.suffix ? <Text c="dimmed">{field.suffix}</Text> : null}
          </Group>
        )}
      />
    )
  return <TextInput {...common} />
}
