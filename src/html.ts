/** Renders the pages that do not belong to the dashboard. Values in templates are escaped. */
import { randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'

/** A piece of HTML that is inserted without escaping. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | null | undefined | false | readonly Part[]

/** A tagged template: escapes values unless they are `Html`, joins lists, and renders null and false as nothing. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(
    strings.reduce((text, string, index) => text + string + (index < parts.length ? render(parts[index]) : ''), ''),
  )
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'string' || typeof part === 'number')
    return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  return part.map(render).join('')
}

/** The application as pages show it: name, address of its logo, and color as `#rrggbb`. */
export interface Application {
  name: string
  logo: string | null
  color: string | null
}

/** A text color with enough contrast on `color` (six hexadecimal digits), by its relative luminance (WCAG 2.2). */
export function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  // White on anything darker than this has a contrast of 4.5 or more.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.183 ? '#1f2328' : '#ffffff'
}

/** One page; it loads nothing from other servers except the application's logo. */
export interface Page {
  title: string
  body: Html
  /** Address to which the page redirects at once. */
  continueTo?: string
  status?: number
  /** JavaScript, allowed by a nonce. The page has to work without it. */
  script?: string
  /** The policy's form-action, which also applies to redirects; the default is this server alone. */
  formAction?: string
}

/**
 * Sends a page. Its headers allow only its own script, and forbid framing, referrers and caching. A page that
 * leads to another site does so by a refresh: Chrome applies `form-action` to every redirect after a form, and
 * would block it.
 */
export function sendPage(
  reply: FastifyReply,
  application: Application,
  { title, body, continueTo, status = 200, script, formAction = "'self'" }: Page,
) {
  const nonce = randomBytes(16).toString('base64')
  const { color, logo } = application
  const logoSource = logo?.startsWith('https:') ? ` ${new URL(logo).origin}` : ''
  const accent = color ? `:root{--accent:${color};--on-accent:${inkOn(color.slice(1))}}` : ''
  const logoImage = logo ? html`<img src="${logo}" alt="" height="28">` : null
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(script ? [`script-src 'nonce-${nonce}'`] : []),
    `img-src 'self' data:${logoSource}`,
    `form-action ${formAction}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]
  return reply
    .status(status)
    .type('text/html; charset=utf-8')
    .headers({
      'content-security-policy': policy.join('; '),
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin-allow-popups',
    })
    .send(
      html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${continueTo ? html`<meta http-equiv="refresh" content="0;url=${continueTo}">` : null}
<title>${title}</title>
<style nonce="${nonce}">${new Html(STYLE)}${new Html(accent)}</style>
</head>
<body>
<main>
<header>${logoImage}<span>${application.name}</span></header>
${body}
</main>
${script ? html`<script nonce="${nonce}">${new Html(script)}</script>` : null}
</body>
</html>
`.text,
    )
}

const STYLE = `
:root{
  color-scheme:light dark;--paper:#fff;--ground:#f6f7f8;--ink:#1b1f24;--soft:#57606a;
  --line:#d5d9de;--accent:#1f5fd0;--on-accent:#fff;--bad:#b3261e
}
@media(prefers-color-scheme:dark){
  :root{
    --paper:#1a1d21;--ground:#101215;--ink:#e8eaed;--soft:#a3abb5;--line:#363b42;
    --accent:#2f6fe0;--bad:#ff8a80
  }
}
*{box-sizing:border-box}
body{
  margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;
  background:var(--ground);color:var(--ink);
  font:16px/1.5 ui-sans-serif,system-ui,sans-serif
}
main{
  width:100%;max-width:420px;background:var(--paper);border:1px solid var(--line);
  border-radius:12px;padding:32px;overflow-wrap:anywhere
}
header{display:flex;align-items:center;gap:12px;color:var(--soft);margin-bottom:24px}
h1{font-size:22px;line-height:1.3;margin:0 0 12px}
h1 img{display:block;border-radius:8px;margin:0 0 12px}
p{margin:0 0 16px}
ul{margin:0 0 16px;padding-left:20px}
.soft{color:var(--soft)}
.bad{color:var(--bad)}
code,.name{font-family:ui-monospace,monospace;font-size:.9em}
.name{font-weight:700;direction:ltr;unicode-bidi:isolate}
textarea{font-family:ui-monospace,monospace;font-size:14px}
.field,main>form>input{margin:0 0 16px}
.field .bad,.help{margin:4px 0 0;font-size:14px}
.affixed{display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px}
.affixed span{white-space:nowrap}
.affixed input{flex:1 1 8em;min-width:0}
.affixed button{
  width:auto;min-height:44px;padding:8px 12px;background:none;color:var(--ink);
  border:1px solid var(--soft)
}
.alert{border:1px solid var(--bad);border-left-width:4px;border-radius:8px;padding:12px}
.after{margin:16px 0 0}
[aria-invalid]{border-color:var(--bad)}
[hidden]{display:none}
button:disabled{opacity:.6;cursor:default}
label{display:block;margin:0 0 4px;font-weight:600}
input,select,textarea{
  width:100%;min-height:44px;padding:8px 12px;border:1px solid var(--soft);
  border-radius:8px;background:var(--paper);color:var(--ink);font:inherit
}
button,.button{
  display:block;width:100%;min-height:44px;padding:10px 16px;border:0;border-radius:8px;
  background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;
  text-align:center;text-decoration:none;cursor:pointer
}
.quiet{background:none;color:var(--ink);border:1px solid var(--soft);margin-top:12px}
a{color:inherit}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`
