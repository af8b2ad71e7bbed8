/** What users see of an authorization. In which words: texts.ts. */
import { UserVerification } from '../connections/connection.js'
import type { Connector } from '../connectors/connector.js'
import { type FormField, FormFieldKind } from '../connectors/form.js'
import { type Application, type Html, html, type Page } from '../html.js'
import { AuthorizationLinkStatus } from './authorization-link.js'
import type { Completion } from './conclusion.js'
import type { OpenedLink } from './links.js'
import { withOutcome } from './return-url.js'
import { en as t } from './texts.js'

/** The form of a link's page: what it asks, and what was sent the last time. */
export interface LinkForm {
  action: string
  csrf: string
  fields: readonly FormField[]
  /** By field key; secrets are never put back. */
  sent: Record<string, string>
  faults: ReadonlyMap<string, string>
  /** What the provider said of what was sent. */
  reason: string | null
  /** Where an administrator installs the app first; null where nobody has to. */
  installFirst: string | null
}

/** The link's own page: who asks for what, for whom. */
export function linkPage(
  { link, account, connection }: OpenedLink,
  connector: Connector,
  application: Application,
  form: LinkForm,
): Page {
  const method = connector.method(connection.methodId)
  const named = connection.userVerification === UserVerification.CONFIRM
  const { faults, reason } = form
  const refused = reason ?? (faults.size > 0 ? t.checkFields : null)
  return {
    title: t.connect(connector.name),
    status: refused === null ? 200 : 422,
    script: form.fields.length > 0 ? SCRIPT : undefined,
    body: html`
<h1><img src="${connector.iconUrl}" alt="" width="40" height="40">${t.wants(application.name, connector.name)}</h1>
${named ? html`<p>${t.connectingAs} <strong>${account.identifier}</strong>.</p>` : null}
${refused === null ? null : html`<p class="alert" role="alert">${t.checkForm} ${refused}</p>`}
${scopeLists(link.scopes, account.grantedScopes, new Map(method?.scopes.map(({ value, description }) => [value, description])), connector.name)}
<p class="soft">${method?.redirects ? t.yourPassword(connector.name) : form.fields.length > 0 ? t.yourKey(connector.name) : t.nothingNeeded(connector.name)}</p>
${form.installFirst ? html`<p>${t.installFirst} <a href="${form.installFirst}" target="_blank" rel="noopener noreferrer">${t.install}</a></p>` : null}
<form method="post" action="${form.action}" autocomplete="off" data-checking="${method?.redirects ? '' : t.checking(connector.name)}">
<input type="hidden" name="csrf" value="${form.csrf}">
${form.fields.map((field) => fieldHtml(field, form))}
<button>${method?.redirects ? t.goOn(connector.name) : t.tryAndConnect}</button>
</form>
${named ? html`<p class="soft after">${t.notYou}</p>` : null}
${link.returnUrl ? html`<a class="button quiet" href="${link.returnUrl}">${t.back}</a>` : null}`,
  }
}

/** What is asked for anew, and what the account has granted before. */
function scopeLists(
  asked: readonly string[],
  granted: readonly string[],
  described: ReadonlyMap<string, string | null>,
  connectorName: string,
): Html | null {
  if (asked.length === 0) return null
  const list = (scopes: readonly string[]) =>
    html`<ul>${scopes.map((scope) => html`<li>${described.get(scope) ?? html`<code>${scope}</code>`}</li>`)}</ul>`
  const [before, anew] = [
    asked.filter((scope) => granted.includes(scope)),
    asked.filter((scope) => !granted.includes(scope)),
  ]
  if (before.length === 0 || anew.length === 0) return html`<p>${t.asksFor(connectorName)}</p>${list(asked)}`
  return html`<p>${t.asksBesides}</p>${list(anew)}<p>${t.hasAlready}</p>${list(before)}`
}

function fieldHtml(field: FormField, { sent, faults }: LinkForm): Html {
  const id = `field-${field.key}`
  const fault = faults.get(field.key)
  const value = field.secret ? '' : (sent[field.key] ?? field.default ?? '')
  const help = field.help !== null || field.helpUrl !== null
  const describedBy = [fault && `${id}-fault`, help && `${id}-help`].filter(Boolean).join(' ')
  const common = html`id="${id}" name="field.${field.key}"${field.required ? html` aria-required="true"` : null}${fault ? html` aria-invalid="true"` : null}${describedBy ? html` aria-describedby="${describedBy}"` : null}`
  const condition = field.visibleWhen
  return html`<div class="field"${condition ? html` data-when="field-${condition.field}" data-equals="${condition.equals}"` : null}>
<label for="${id}">${field.label}${field.required ? null : html` <span class="soft">(${t.optional})</span>`}</label>
${control(field, common, value)}
${fault ? html`<p class="bad" id="${id}-fault">${fault}</p>` : null}
${help ? html`<p class="soft help" id="${id}-help">${field.help} ${field.helpUrl ? html`<a href="${field.helpUrl}" target="_blank" rel="noopener noreferrer">${t.whereToFind}</a>` : null}</p>` : null}
</div>`
}

function control(field: FormField, common: Html, value: string): Html {
  const placeholder = field.placeholder === null ? null : html` placeholder="${field.placeholder}"`
  const typing = html` autocapitalize="off" autocorrect="off" spellcheck="false"`
  switch (field.kind) {
    case FormFieldKind.SELECT:
      return html`<select ${common}>${field.options.map((option) => html`<option value="${option.value}"${option.value === value ? html` selected` : null}>${option.label}</option>`)}</select>`
    case FormFieldKind.BOOLEAN:
      return html`<select ${common}><option value="true"${value === 'true' ? html` selected` : null}>${t.yes}</option><option value="false"${value === 'true' ? null : html` selected`}>${t.no}</option></select>`
    case FormFieldKind.PEM:
    case FormFieldKind.JSON:
      return html`<textarea ${common}${placeholder}${typing} rows="6">${field.secret ? '' : value}</textarea>`
    default: {
      const type = field.secret ? 'password' : field.kind === FormFieldKind.EMAIL ? 'email' : 'text'
      const input = html`<input ${common} type="${type}" value="${value}"${placeholder}${typing}${field.secret ? html` autocomplete="new-password"` : null}>`
      if (field.secret) return html`<span class="affixed" data-secret="${t.show}|${t.hide}">${input}</span>`
      return field.prefix || field.suffix
        ? html`<span class="affixed">${field.prefix ? html`<span class="soft">${field.prefix}</span>` : null}${input}${field.suffix ? html`<span class="soft">${field.suffix}</span>` : null}</span>`
        : input
    }
  }
}

/** Comfort alone: the page does all that it must without it. */
const SCRIPT = `
for (const box of document.querySelectorAll('[data-secret]')) {
  const [show, hide] = box.dataset.secret.split('|'), input = box.querySelector('input'), button = document.createElement('button')
  Object.assign(button, { type: 'button', className: 'reveal', textContent: show })
  button.setAttribute('aria-controls', input.id)
  button.addEventListener('click', () => { const shown = input.type === 'text'; input.type = shown ? 'password' : 'text'; button.textContent = shown ? show : hide })
  box.append(button)
}
const conditional = [...document.querySelectorAll('[data-when]')]
const look = () => { for (const box of conditional) box.hidden = document.getElementById(box.dataset.when)?.value !== box.dataset.equals }
addEventListener('input', look); look()
document.querySelector('[aria-invalid]')?.focus()
document.querySelector('form')?.addEventListener('submit', ({ target }) => {
  const button = target.querySelector('button:not([type])')
  if (target.dataset.checking) button.textContent = target.dataset.checking
  setTimeout(() => { button.disabled = true })
})
addEventListener('pageshow', (event) => { if (event.persisted) location.reload() })
`

/** The way out: the browser goes on by itself, and can be helped by hand. */
export function leavingPage(connectorName: string, address: string): Page {
  return {
    title: t.leavingTitle(connectorName),
    continueTo: address,
    body: html`<h1>${t.leaving(connectorName)}</h1><a class="button" href="${address}">${t.carryOn}</a>`,
  }
}

/** Back to the application, from a form: a redirect would be stopped by form-action in Chrome. */
export function returningPage(address: string): Page {
  return {
    title: t.returning,
    continueTo: address,
    body: html`<h1>${t.returning}</h1><a class="button" href="${address}">${t.carryOn}</a>`,
  }
}

/** A link that cannot be used. Only who holds the whole link learns why. */
export function closedPage(status: Exclude<AuthorizationLinkStatus, AuthorizationLinkStatus.OPEN>): Page {
  const [title, message] = {
    [AuthorizationLinkStatus.USED]: t.used,
    [AuthorizationLinkStatus.EXPIRED]: t.expired,
    [AuthorizationLinkStatus.REVOKED]: t.revoked,
  }[status]
  return messagePage(title, message, 410)
}

export function unknownPage(): Page {
  return messagePage(t.unknown[0], t.unknown[1], 404)
}

/** Where the browser goes when all is well; null where there is no application to go back to. */
export function destination(completion: Completion): string | null {
  const { link, account } = completion
  if (completion.kind === 'held') return completion.address
  return completion.kind === 'connected' && link.returnUrl
    ? withOutcome(link.returnUrl, { status: account.status, account: account.id, state: link.state })
    : null
}

/** How it ended, where there is no application to go back to, or something to decide first. */
export function completionPage(completion: Exclude<Completion, { kind: 'held' }>, connectorName: string): Page {
  const { link, account } = completion
  if (completion.kind === 'connected') {
    const missing = account.missingScopes
    return messagePage(
      t.connected,
      html`${t.isConnected(connectorName)}${missing.length > 0 ? t.notGranted(connectorName, missing.join(', ')) : null}`,
      200,
    )
  }
  const back =
    link.returnUrl &&
    withOutcome(link.returnUrl, {
      status: account.status,
      account: account.id,
      error: completion.error,
      state: link.state,
    })
  const open = link.status === AuthorizationLinkStatus.OPEN
  return messagePage(
    completion.kind === 'declined' ? t.notConnected : t.didNotWork(connectorName),
    html`${completion.reason} ${t.nothingChanged}${open ? t.anotherTry : null}`,
    completion.kind === 'declined' ? 403 : 502,
    back ? html`<a class="button" href="${back}">${t.backToApplication}</a>` : undefined,
  )
}

export function messagePage(title: string, message: string | Html, status: number, action?: Html): Page {
  return { title, status, body: html`<h1>${title}</h1><p>${message}</p>${action}` }
}
