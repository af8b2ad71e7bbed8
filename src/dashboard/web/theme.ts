import { type CSSVariablesResolver, createTheme } from '@mantine/core'

export const theme = createTheme({
  fontFamily: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '18px' },
  headings: {
    sizes: {
      h1: { fontSize: '20px', fontWeight: '650' },
      h2: { fontSize: '16px', fontWeight: '600' },
      h3: { fontSize: '14px', fontWeight: '600' },
    },
  },
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Alert: { styles: { label: { color: 'var(--mantine-color-text)' } } },
    Button: { defaultProps: { fw: 500 } },
    Modal: { defaultProps: { centered: true } },
    Tooltip: { defaultProps: { openDelay: 300 } },
  },
})

/** Mantine's own greys and reds are too pale for text: WCAG 2.2 §1.4.3 asks for 4.5 to 1. */
export const variables: CSSVariablesResolver = (theme) => {
  const tones = (shade: number) =>
    Object.fromEntries(
      ['blue', 'red', 'gray'].map((name) => [`--mantine-color-${name}-light-color`, theme.colors[name]?.[shade] ?? '']),
    )
  return {
    variables: {},
    light: {
      '--mantine-color-dimmed': '#565d64',
      '--mantine-color-placeholder': '#6c737a',
      '--mantine-color-error': '#c92a2a',
      ...tones(9),
    },
    dark: {
      '--mantine-color-dimmed': '#a9b0b7',
      '--mantine-color-placeholder': '#9aa1a8',
      '--mantine-color-error': '#ff8787',
      ...tones(2),
    },
  }
}
