/** Small components that all pages share. */
import { ActionIcon, Anchor, Code, CopyButton, Group, Skeleton, Stack, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy, IconExternalLink } from '@tabler/icons-react'
import type { ReactNode } from 'react'

const TONES = {
  good: 'light-dark(#2b8a3e, #51cf66)',
  waiting: 'light-dark(#e67700, #fcc419)',
  bad: 'light-dark(#c92a2a, #ff6b6b)',
  off: 'light-dark(#868e96, #909296)',
}

/** The word for each status. */
const STATUSES: Record<string, [word: string, tone: keyof typeof TONES]> = {
  ACTIVE: ['Active', 'good'],
  DRAFT: ['Draft', 'waiting'],
  MISCONFIGURED: ['Misconfigured', 'bad'],
  DISABLED: ['Disabled', 'off'],
  PENDING_AUTHORIZATION: ['Waiting for the user', 'waiting'],
  PENDING_VERIFICATION: ['Waiting for verification', 'waiting'],
  REAUTHORIZATION_REQUIRED: ['Needs the user again', 'bad'],
  SUSPENDED: ['Suspended', 'off'],
  DISCONNECTED: ['Disconnected', 'off'],
  OPEN: ['Open', 'waiting'],
  USED: ['Used', 'good'],
  EXPIRED: ['Expired', 'off'],
  REVOKED: ['Revoked', 'off'],
  SUCCEEDED: ['Succeeded', 'good'],
  DENIED: ['Denied', 'bad'],
  FAILED: ['Failed', 'bad'],
}

export const statusWord = (status: string) => STATUSES[status]?.[0] ?? status

/** A coloured dot and a word; the colour only repeats what the word says. */
export function Status({ status, reason }: { status: string; reason?: string | null }) {
  const [word, tone] = STATUSES[status] ?? [status, 'off' as const]
  return (
    <span className="inline">
      <span className="dot" style={{ background: TONES[tone] }} />
      <span>
        {word}
        {reason ? <span className="dimmed"> · {reason}</span> : null}
      </span>
    </span>
  )
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })

/** A time relative to now; the exact time, in the reader's time zone, on hover. */
export function Ago({ at }: { at: string | null | undefined }) {
  if (!at) return 'never'
  const seconds = (Date.parse(at) - Date.now()) / 1000
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return (
    <time dateTime={at} title={exact.format(new Date(at))}>
      {relative.format(Math.round(seconds / size), unit)}
    </time>
  )
}

export function CopyAction({ value, what }: { value: string; what: string }) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${what}`} opened={copied || undefined}>
          <ActionIcon variant="subtle" color="gray" aria-label={copied ? 'Copied' : `Copy ${what}`} onClick={copy}>
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** A name, id or address that is used in code. */
export function Copyable({ value, what }: { value: string; what: string }) {
  return (
    <Group gap={4} wrap="nowrap" component="span" display="inline-flex" maw="100%">
      <Code fz={13} style={{ overflowWrap: 'anywhere' }}>
        {value}
      </Code>
      <CopyAction value={value} what={what} />
    </Group>
  )
}

export function External({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" inherit>
      {children} <IconExternalLink size={14} style={{ verticalAlign: '-2px' }} aria-label="(opens in a new tab)" />
    </Anchor>
  )
}

export function ConnectorIcon({ url, size = 24 }: { url: string; size?: number }) {
  return (
    <img src={url} alt="" width={size} height={size} loading="lazy" style={{ flex: 'none', borderRadius: size / 5 }} />
  )
}

/** Placeholder rows while loading. */
export function Waiting({ rows = 8, height = 40 }: { rows?: number; height?: number }) {
  return (
    <Stack gap={8} aria-busy aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: these rows are all alike
        <Skeleton key={row} height={height - 8} />
      ))}
    </Stack>
  )
}

export const plural = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`
