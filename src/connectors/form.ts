/**
 * Forms: a developer fills in one for a connection, and each user one for an account. A definition declares the
 * fields. Values come as `FieldValueInput`s from callers, or from a page. Only the code here checks them.
 */

import { RE2JS } from 're2js'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { badInput } from '../errors.js'
import { GraphQLURL } from '../scalars.js'
import { trimmed, unseenIn } from '../text.js'
import type { FieldDefinition } from './definition.js'
import type { FieldValueInput } from './form.input.js'
import { rewrapped } from './pem.js'

export enum FormFieldKind {
  TEXT = 'TEXT',
  SECRET = 'SECRET',
  SUBDOMAIN = 'SUBDOMAIN',
  HOSTNAME = 'HOSTNAME',
  URL = 'URL',
  EMAIL = 'EMAIL',
  UUID = 'UUID',
  DIGITS = 'DIGITS',
  SELECT = 'SELECT',
  BOOLEAN = 'BOOLEAN',
  PEM = 'PEM',
  JSON = 'JSON',
}
registerEnumType(FormFieldKind, { name: 'FormFieldKind' })

/** A choice of a select field. */
@ObjectType()
export class FormFieldOption {
  @Field(() => String)
  readonly value!: string
  @Field(() => String)
  readonly label!: string
}

/** The condition under which a field is shown. */
@ObjectType()
export class FieldCondition {
  @Field(() => ID)
  readonly field!: string
  @Field(() => String)
  readonly equals!: string
}

/** How requests carry a value. */
export interface FieldUse {
  /** Whether it stands in a header as it is: of a secret that means that it is ASCII. */
  isAscii: boolean
  /** Whether it is the user name of Basic (RFC 7617 §2). */
  isUserName: boolean
}

/** A field of a form, with its checks. */
@ObjectType({ description: 'One input of a form.' })
export class FormField {
  @Field(() => ID)
  readonly key: string
  @Field(() => String)
  readonly label: string
  @Field(() => String, { nullable: true })
  readonly help: string | null
  @Field(() => GraphQLURL, { nullable: true, description: 'A page of the provider that explains where the value is.' })
  readonly helpUrl: string | null
  @Field(() => String, { nullable: true })
  readonly placeholder: string | null
  @Field(() => FormFieldKind)
  readonly kind: FormFieldKind
  @Field(() => Boolean)
  readonly required: boolean
  @Field(() => Boolean, { description: 'Write-only: never returned by any query.' })
  readonly secret: boolean
  @Field(() => String, { nullable: true })
  readonly default: string | null
  @Field(() => String, { nullable: true, description: 'Anchored regular expression that a value must match.' })
  readonly pattern: string | null
  @Field(() => String, {
    nullable: true,
    description: 'Shown around the input, stripped when pasted with it; such as .zendesk.com.',
  })
  readonly prefix: string | null
  @Field(() => String, { nullable: true })
  readonly suffix: string | null
  @Field(() => [FormFieldOption])
  readonly options: FormFieldOption[]
  @Field(() => FieldCondition, { nullable: true, description: 'Shown only while another field has this value.' })
  readonly visibleWhen: FieldCondition | null

  private expression: RE2JS | null = null
  private readonly normalizers: FieldDefinition['normalize']

  /** @param use what becomes of a value in requests, as far as it limits what the value may be */
  constructor(
    definition: FieldDefinition,
    private readonly use: FieldUse = { isAscii: true, isUserName: false },
  ) {
    this.key = definition.key
    this.label = definition.label
    this.help = definition.help ?? null
    this.helpUrl = definition.helpUrl ?? null
    this.placeholder = definition.placeholder ?? null
    this.kind = definition.kind.toUpperCase() as FormFieldKind
    this.required = definition.required
    this.secret = definition.secret ?? (definition.kind === 'secret' || definition.kind === 'pem')
    this.default = definition.default ?? null
    this.pattern = definition.pattern === undefined ? null : `^(?:${definition.pattern.replace(/^\^|\$$/g, '')})$`
    this.prefix = definition.prefix ?? null
    this.suffix = definition.suffix ?? null
    this.options = definition.options.map(({ value, label }) => ({ value, label: label ?? value }))
    this.visibleWhen = definition.visibleWhen ?? null
    this.normalizers = definition.normalize
  }

  /**
   * The value as it is stored: without what came along when it was copied, and without prefix, suffix or protocol, as
   * the definition demands.
   */
  normalize(value: string): string {
    let result = trimmed(value)
    if (this.kind === FormFieldKind.PEM) return rewrapped(result)
    if (this.kind === FormFieldKind.HOSTNAME || this.kind === FormFieldKind.SUBDOMAIN) result = hostOf(result)
    if (this.prefix && result.startsWith(this.prefix)) result = result.slice(this.prefix.length)
    if (this.suffix && result.endsWith(this.suffix)) result = result.slice(0, -this.suffix.length)
    for (const step of this.normalizers) {
      if (step === 'trim') result = result.trim()
      else if (step === 'lower') result = result.toLowerCase()
      else if (step === 'upper') result = result.toUpperCase()
      else if (step === 'stripProtocol') result = result.replace(/^https?:\/\//i, '')
      else if (step === 'stripTrailingSlash') result = result.replace(/\/+$/, '')
      else if (step === 'stripSuffix' && this.suffix && result.endsWith(this.suffix))
        result = result.slice(0, -this.suffix.length)
    }
    return result
  }

  private compiled(): RE2JS {
    this.expression ??= RE2JS.compile(this.pattern ?? '')
    return this.expression
  }

  /** A sentence about the fault of a value, without quoting it; null for a valid one. */
  problemWith(value: string): string | null {
    const { label } = this
    const longest = this.kind === FormFieldKind.PEM || this.kind === FormFieldKind.JSON ? LONGEST_FILE : LONGEST_VALUE
    if (value.length > longest) return `${label} may have up to ${longest} characters; this has ${value.length}.`
    const isFile = this.kind === FormFieldKind.PEM || this.kind === FormFieldKind.JSON
    if (!isFile && /\p{Cc}/u.test(value)) return `${label} has a line break or another control character in it.`
    const unseen = isFile ? null : unseenIn(value)
    if (unseen !== null) return `${label} has ${unseen} in it, which cannot be seen; copy it again, or type it.`
    if (this.use.isUserName && value.includes(':'))
      return `${label} has a colon in it, which no user name may have: what follows it would count as the password.`
    if (this.secret && (this.use.isAscii || isFile) && !/^[\x20-\x7e\r\n\t]*$/.test(value))
      return (
        `${label} has a character that no key has, such as a letter with an accent or a typographic dash; ` +
        'copy it again.'
      )
    const options = this.options.map((option) => option.value)
    if (this.kind === FormFieldKind.SELECT && !options.includes(value))
      return `${label} is one of ${options.join(', ')}.`
    const shape = SHAPES[this.kind]
    if (shape && !shape.fits(value)) return `${label} ${shape.rule}.`
    if (this.pattern && !this.compiled().matches(value)) {
      const example = this.placeholder ? `, such as ${this.placeholder}` : ''
      return `${label} does not have the form that it has at this service${example}.`
    }
    return null
  }
}

/** The host of what was pasted: an address with a path, a name with capitals or with the dot of the root at its end. */
function hostOf(value: string): string {
  const name = value.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
  return name
    .replace(name === value ? /\/.*$/ : /[/?#].*$/, '')
    .replace(/\.$/, '')
    .toLowerCase()
}

const LONGEST_VALUE = 4096
const LONGEST_FILE = 16 * 1024
const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}$/i
const parses = (check: (value: string) => boolean) => (value: string) => {
  try {
    return check(value)
  } catch {
    return false
  }
}

const SHAPES: Partial<Record<FormFieldKind, { fits(value: string): boolean; rule: string }>> = {
  [FormFieldKind.SUBDOMAIN]: {
    fits: (value) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(value),
    rule: 'is one part of a host name: letters, digits and -',
  },
  [FormFieldKind.HOSTNAME]: {
    fits: (value) => HOST.test(value),
    rule: 'is a host name such as acme.example.com, without https:// and without a path',
  },
  [FormFieldKind.URL]: {
    fits: (value) => URL.canParse(value) && /^https:\/\/[^@\s]+$/.test(value),
    rule: 'is an address that begins with https://',
  },
  [FormFieldKind.EMAIL]: { fits: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), rule: 'is an e-mail address' },
  [FormFieldKind.UUID]: {
    fits: (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
    rule: 'is a UUID: 32 hexadecimal digits in five groups',
  },
  [FormFieldKind.DIGITS]: { fits: (value) => /^\d+$/.test(value), rule: 'has digits only' },
  [FormFieldKind.BOOLEAN]: { fits: (value) => value === 'true' || value === 'false', rule: 'is true or false' },
  [FormFieldKind.PEM]: {
    fits: (value) => /^-----BEGIN [A-Z ]+-----[\s\S]+-----END [A-Z ]+-----$/.test(value),
    rule: 'is a PEM file: it begins with -----BEGIN and ends with -----',
  },
  [FormFieldKind.JSON]: {
    fits: parses((value) => JSON.parse(value)?.constructor === Object),
    rule: 'is a JSON object',
  },
}

/** The value of a field for the API. */
@ObjectType({ description: 'The value of a form field. For a secret field only isSet is returned.' })
export class FieldValue {
  @Field(() => ID)
  readonly key!: string
  @Field(() => String, { nullable: true, description: 'Null for a secret field.' })
  readonly value!: string | null
  @Field(() => Boolean)
  readonly isSet!: boolean
  @Field(() => Boolean)
  readonly secret!: boolean
}

/** Values by field key. A field without a key has no value. */
export type Values = Record<string, string>

/**
 * Checks the values that a caller sends for a form.
 *
 * @param path of the list in the operation's input, for errors
 * @returns the changes by key: a normalised value, or null to clear the field
 * @throws {ValetkeyError} BAD_USER_INPUT for the first field with a fault
 */
export function readFields(
  form: readonly FormField[],
  inputs: readonly FieldValueInput[],
  path: readonly (string | number)[],
): Map<string, string | null> {
  const changes = new Map<string, string | null>()
  inputs.forEach((input, index) => {
    const field = form.find(({ key }) => key === input.key)
    if (!field) {
      const keys = form.map(({ key }) => key).join(', ') || 'no fields'
      throw badInput(`There is no field ${JSON.stringify(input.key.slice(0, 64))} here; the form has ${keys}.`, [
        ...path,
        index,
        'key',
      ])
    }
    if (changes.has(field.key)) throw badInput(`The field ${field.key} is given twice.`, [...path, index, 'key'])
    const value = field.normalize(input.value)
    const fault = value === '' ? null : field.problemWith(value)
    if (fault) throw badInput(fault, [...path, index, 'value'])
    changes.set(field.key, value === '' ? null : value)
  })
  return changes
}

/**
 * Checks a form that a person has filled in on a page.
 *
 * @returns the normalised values, and messages about faults, both by field key
 */
export function readForm(
  form: readonly FormField[],
  sent: Record<string, string>,
): { values: Values; faults: Map<string, string> } {
  const values: Values = {}
  const faults = new Map<string, string>()
  for (const field of form) {
    const value = field.normalize(sent[field.key] ?? '')
    if (value === '') continue
    values[field.key] = value
    const fault = field.problemWith(value)
    if (fault) faults.set(field.key, fault)
  }
  const isSet = (key: string) => values[key] !== undefined
  for (const { key, label } of missingFields(form, isSet, (key) => values[key])) faults.set(key, `${label} is needed.`)
  return { values, faults }
}

/** The required fields without a value. A field that is hidden by its condition is not required. */
export function missingFields(
  form: readonly FormField[],
  isSet: (key: string) => boolean,
  value: (key: string) => string | undefined,
): FormField[] {
  return form.filter((field) => {
    const shown =
      !field.visibleWhen ||
      (value(field.visibleWhen.field) ?? form.find(({ key }) => key === field.visibleWhen?.field)?.default) ===
        field.visibleWhen.equals
    return field.required && shown && field.default === null && !isSet(field.key)
  })
}

/** Adds the form's defaults to `values`. */
export function withDefaults(form: readonly FormField[], values: Values): Values {
  const defaults = form.flatMap((field) => (field.default === null ? [] : [[field.key, field.default]]))
  return { ...Object.fromEntries(defaults), ...values }
}

/** A form's values for templates; JSON fields are parsed, for names such as `{account.file.private_key}`. */
export function templateValues(form: readonly FormField[], values: Values): Record<string, unknown> {
  const json = form
    .filter(({ kind, key }) => kind === FormFieldKind.JSON && values[key])
    .map(({ key }) => [key, JSON.parse(values[key] ?? '{}')])
  return { ...withDefaults(form, values), ...Object.fromEntries(json) }
}

/** The form's values for the API: of a secret only whether it is set. */
export function fieldValues(form: readonly FormField[], values: Values, secretsSet: readonly string[]): FieldValue[] {
  return form.map(({ key, secret }) => ({
    key,
    secret,
    value: secret ? null : (values[key] ?? null),
    isSet: secret ? secretsSet.includes(key) : values[key] !== undefined,
  }))
}
