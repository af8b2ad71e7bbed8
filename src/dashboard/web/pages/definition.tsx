/** A custom connector's definition, checked by the server as it is written, with both of its forms beside it. */
import { Alert, Button, Group, List, SimpleGrid, Stack, Text, Textarea, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, useState } from 'react'
import { useClient } from 'urql'
import { useLocation, useParams } from 'wouter'
import {
  ConnectorPreviewDocument,
  type ConnectorPreviewQuery,
  ConnectorSourceDocument,
  CreateConnectorDocument,
  UpdateConnectorDocument,
} from '../generated/graphql.js'
import { useAct, useRead } from '../operations.js'
import { Waiting } from '../ui/bits.js'
import { Fields, startingValues } from '../ui/fields.js'
import { readObject } from '../ui/json.js'
import { NotFound, Page, Trouble } from '../ui/page.js'
import { ShowGraphql } from '../ui/show-graphql.js'
import { forgetCatalogue } from '../use-catalogue.js'
import { AUTH_TYPES } from '../words.js'

const BEGINNINGS: Record<string, object> = {
  'OAuth 2.0': {
    schema: 1,
    key: 'acme',
    name: 'Acme',
    summary: 'What Acme does.',
    categories: ['productivity'],
    api: { baseUrl: 'https://api.acme.example/v1' },
    auth: [
      {
        id: 'oauth',
        type: 'oauth2',
        label: 'OAuth 2.0',
        grant: 'authorization_code',
        authorize: { url: 'https://acme.example/oauth/authorize' },
        scopes: { default: ['read'], known: [{ value: 'read', description: 'Read everything' }] },
        token: { url: 'https://acme.example/oauth/token', clientAuth: 'basic' },
      },
    ],
  },
  'API key': {
    schema: 1,
    key: 'acme',
    name: 'Acme',
    summary: 'What Acme does.',
    categories: ['productivity'],
    api: { baseUrl: 'https://api.acme.example/v1' },
    auth: [
      {
        id: 'key',
        type: 'static',
        preset: 'api_key',
        label: 'API key',
        accountFields: [{ key: 'api_key', label: 'API key', kind: 'secret' }],
        apply: { headers: { 'x-api-key': '{account.api_key}' } },
      },
    ],
  },
}

export default function Definition() {
  const { key } = useParams<{ key?: string }>()
  const { data, error } = useRead(ConnectorSourceDocument, { key: key ?? '' }, { pause: key === undefined })
  if (key === undefined) return <Editor title="New connector" source={BEGINNINGS['OAuth 2.0'] ?? {}} existing={null} />
  if (error && !data) return <Trouble error={error} />
  if (!data) return <Waiting />
  if (data.connector?.origin !== 'CUSTOM') return <NotFound what={`The custom connector ${key}`} />
  return <Editor title={data.connector.name} source={data.connector.source} existing={key} />
}

function Editor({ title, source, existing }: { title: string; source: object; existing: string | null }) {
  const client = useClient()
  const [, navigate] = useLocation()
  const [text, setText] = useState(() => JSON.stringify(source, null, 2))
  const [written] = useDebouncedValue(text, 300)
  const { object: definition, fault } = useMemo(() => readObject(written, 'A definition is a JSON object.'), [written])
  const { data, error: previewError } = useRead(
    ConnectorPreviewDocument,
    { definition: definition ?? {} },
    { pause: definition === null, requestPolicy: 'network-only' },
  )
  const create = useAct(CreateConnectorDocument, () => definition && { definition })
  const update = useAct(UpdateConnectorDocument, () => definition && { key: existing ?? '', definition })
  const save = existing ? update : create
  const problems = fault ? [fault] : (data?.connectorPreview.problems ?? [])
  const preview = fault ? null : (data?.connectorPreview.connector ?? null)
  const submit = async () => {
    const { error } = await save.run()
    if (error) return
    forgetCatalogue(client)
    navigate(existing ? '/connectors' : `/catalogue/${definition?.key}`)
  }
  return (
    <Page
      title={title}
      about={
        <>
          The format is that of the shipped connectors: <code>schema/connector.schema.json</code>, described in{' '}
          <code>docs/connectors.md</code>.
        </>
      }
    >
      {existing ? null : (
        <Group gap="xs">
          <Text>Begin with</Text>
          {Object.entries(BEGINNINGS).map(([name, beginning]) => (
            <Button key={name} variant="default" size="xs" onClick={() => setText(JSON.stringify(beginning, null, 2))}>
              {name}
            </Button>
          ))}
        </Group>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Stack>
          <Textarea
            label="Definition"
            description="JSON"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={20}
            maxRows={40}
            spellCheck={false}
            styles={{
              input: {
                fontFamily: 'var(--mantine-font-family-monospace)',
                fontSize: 12.5,
                whiteSpace: 'pre',
                overflowX: 'auto',
              },
            }}
          />
          <Trouble error={save.error} title="It was not saved" />
          <Group>
            <Button
              onClick={submit}
              loading={save.fetching}
              disabled={problems.length > 0 || definition === null || written !== text}
            >
              {existing ? 'Save connector' : 'Create connector'}
            </Button>
            <ShowGraphql operations={[save.shown]} />
          </Group>
        </Stack>
        <Stack>
          <div role="status">
            {problems.length > 0 ? (
              <Alert
                variant="outline"
                color="red"
                title={problems.length === 1 ? 'One thing to mend' : `${problems.length} things to mend`}
              >
                <List spacing={4}>
                  {problems.map((problem) => (
                    <List.Item key={problem}>{problem}</List.Item>
                  ))}
                </List>
              </Alert>
            ) : preview ? (
              <Text c="dimmed">It holds to the format.</Text>
            ) : null}
          </div>
          <Trouble error={previewError} title="It could not be checked" />
          {preview ? <Preview connector={preview} /> : null}
        </Stack>
      </SimpleGrid>
    </Page>
  )
}

function Preview({ connector }: { connector: NonNullable<ConnectorPreviewQuery['connectorPreview']['connector']> }) {
  return (
    <Stack>
      <Title order={2}>{connector.name}</Title>
      {connector.authMethods.map((method) => (
        <div className="step" key={method.id}>
          <Title order={3} mb="sm">
            {method.name} · {AUTH_TYPES[method.type]}
          </Title>
          {[
            ['You are asked once', method.connectionFields] as const,
            ['Each user is asked', method.accountFields] as const,
          ].map(([label, fields]) => (
            <Stack key={label} gap="xs" mb="md">
              <Text fw={500}>{label}</Text>
              {fields.length > 0 ? (
                <Fields fields={fields} values={startingValues(fields)} faults={{}} onChange={() => {}} disabled />
              ) : (
                <Text c="dimmed">nothing</Text>
              )}
            </Stack>
          ))}
        </div>
      ))}
    </Stack>
  )
}
