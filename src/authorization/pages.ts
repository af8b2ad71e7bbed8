/** The hosted pages of an authorization. Their texts are in texts.ts. */

import { clock } from '../clock.js'
import { UserVerification } from '../connections/connection.js'
import type { AuthMethod } from '../connectors/auth-method.js'
import type { Connector } from '../connectors/connector.js'
import { type FormField, FormFieldKind } from '../connectors/form.js'
import { type Application, type Html, html, type Page } from '../html.js'
import { isUndisguised } from '../text.js'
import { AuthorizationLinkStatus } from './authorization-link.js'
import type { ShownChoice } from './choices.js'
import type { Completion } from './conclusion.js'
import type { OpenedLink } from './links.js'
import { withOutcome } from './return-url.js'
import { en as t } from './texts.js'

/** The form of a link's page, with the values and errors of the last submission. */
export interface LinkForm {
  action: string
  iconUrl: string
  csrf: string
  fields: readonly FormField[]
  /** Submitted values by field key, without secrets. */
  sent: Record<string, string>
  /** Messages by field key. */
  faults: ReadonlyMap<string, string>
  /** The provider's message about the submitted values. */
  reason: string | null
  /** Keys of secret fields whose values are kept from the last submission. */
  kept: readonly string[]
  /** Address where an administrator installs the app first; null where that is not needed. */
  installFirst: string | null
}

/** The page of an open link: the application, the scopes, and the form. */
export function linkPage(
  { link, account, connection }: OpenedLink,
  connector: Connector,
  application: Application,
  form: LinkForm,
): Page {
  const method = connector.method(connection.methodId)
  const described = new Map(method?.scopes.map(({ value, description }) => [value, description]))
  const checking = method?.redirects ? '' : t.checking(connector.name)
  const named = connection.userVerification === UserVerification.CONFIRM
  const { faults, reason } = form
  const refused = reason ?? (faults.size > 0 ? t.checkFields : null)
  return {
    title: t.connect(connector.name),
    status: refused === null ? 200 : 422,
    script: form.fields.length > 0 ? SCRIPT : undefined,
    body: html`
<h1><img src="${form.iconUrl}" alt="" width="40" height="40">${t.wants(application.name, connector.name)}</h1>
${named ? html`<p>${t.connectingAs} <bdi class="name">${account.identifier}</bdi>.</p>` : null}
${refused === null ? null : html`<p class="alert" role="alert">${t.checkForm} ${refused}</p>`}
${scopeLists(link.scopes, account.grantedScopes, described, connector.name)}
<p class="soft">${reassurance(connector.name, method?.redirects ?? false, form.fields.length > 0)}</p>
${method ? howToGetIt(method, form) : null}
${form.installFirst ? html`<p>${t.installFirst} ${newTab(form.installFirst, t.install)}</p>` : null}
<form method="post" action="${form.action}" autocomplete="off" data-checking="${checking}">
<input type="hidden" name="csrf" value="${form.csrf}">
${form.fields.map((field) => fieldHtml(field, form))}
<button>${method?.redirects ? t.goOn(connector.name) : t.tryAndConnect}</button>
</form>
${named ? html`<p class="soft after">${t.made(application.name, minutesSince(link.createdAt))} ${t.notYou}</p>` : null}
${link.returnUrl ? html`<a class="button quiet" href="${link.returnUrl}">${t.back}</a>` : null}`,
  }
}

function minutesSince(time: Date): number {
  return Math.max(0, Math.floor((clock.now().getTime() - time.getTime()) / 60_000))
}

/** How the page says that the user's secrets are safe. */
function reassurance(connectorName: string, redirects: boolean, hasFields: boolean): string {
  if (redirects) return t.yourPassword(connectorName)
  return hasFields ? t.yourKey(connectorName) : t.nothingNeeded(connectorName)
}

/** For who enters a key; how an app is registered is no concern of users. */
function howToGetIt(method: AuthMethod, { fields }: LinkForm): Html | null {
  if (method.redirects || method.help === null || !fields.some(({ secret }) => secret)) return null
  return html`<p>${t.whereKeysAre} ${method.help} ${method.consoleUrl ? newTab(method.consoleUrl, t.openIt) : null}</p>`
}

function newTab(address: string, text: string): Html {
  return html`<a href="${address}" target="_blank" rel="noopener noreferrer">${text}</a>`
}

/** Lists the new scopes, and apart from them those that the account has granted before. */
function scopeLists(
  requested: readonly string[],
  granted: readonly string[],
  described: ReadonlyMap<string, string | null>,
  connectorName: string,
): Html | null {
  if (requested.length === 0) return null
  const list = (scopes: readonly string[]) =>
    html`<ul>${scopes.map((scope) => html`<li>${described.get(scope) ?? html`<code>${scope}</code>`}</li>`)}</ul>`
  const before = requested.filter((scope) => granted.includes(scope))
  const anew = requested.filter((scope) => !granted.includes(scope))
  if (before.length === 0 || anew.length === 0) return html`<p>${t.asksFor(connectorName)}</p>${list(requested)}`
  return html`<p>${t.asksBesides}</p>${list(anew)}<p>${t.hasAlready}</p>${list(before)}`
}

function fieldHtml(field: FormField, { sent, faults, kept }: LinkForm): Html {
  const id = `field-${field.key}`
  const fault = faults.get(field.key)
  const value = field.secret ? '' : (sent[field.key] ?? field.default ?? '')
  const help = field.help !== null || field.helpUrl !== null
  const describedBy = [fault && `${id}-fault`, help && `${id}-help`].filter(Boolean).join(' ')
  const isKept = kept.includes(field.key)
  const required = field.required && !isKept ? html` aria-required="true"` : null
  const invalid = fault ? html` aria-invalid="true"` : null
  const description = describedBy ? html` aria-describedby="${describedBy}"` : null
  const common = html`id="${id}" name="field.${field.key}"${required}${invalid}${description}`
  const condition = field.visibleWhen
  const when = condition ? html` data-when="field-${condition.field}" data-equals="${condition.equals}"` : null
  const helpLink = field.helpUrl ? newTab(field.helpUrl, t.whereToFind) : null
  return html`<div class="field"${when}>
<label for="${id}">${field.label}${field.required ? null : html` <span class="soft">(${t.optional})</span>`}</label>
${control(isKept ? { ...field, placeholder: t.kept } : field, common, value)}
${fault ? html`<p class="bad" id="${id}-fault">${fault}</p>` : null}
${help ? html`<p class="soft help" id="${id}-help">${field.help} ${helpLink}</p>` : null}
</div>`
}

type Shown = Pick<FormField, 'kind' | 'secret' | 'placeholder' | 'prefix' | 'suffix' | 'options'>

function control(field: Shown, common: Html, value: string): Html {
  const placeholder = field.placeholder === null ? null : html` placeholder="${field.placeholder}"`
  const typing = html` autocapitalize="off" autocorrect="off" spellcheck="false"`
  switch (field.kind) {
    case FormFieldKind.SELECT:
      return select(common, value, field.options)
    case FormFieldKind.BOOLEAN:
      return select(common, value === 'true' ? 'true' : 'false', [
        { value: 'true', label: t.yes },
        { value: 'false', label: t.no },
      ])
    case FormFieldKind.PEM:
    case FormFieldKind.JSON:
      return html`<textarea ${common}${placeholder}${typing} rows="6">${field.secret ? '' : value}</textarea>`
    default: {
      const type = field.secret ? 'password' : field.kind === FormFieldKind.EMAIL ? 'email' : 'text'
      const autocomplete = field.secret ? html` autocomplete="new-password"` : null
      const input = html`<input ${common} type="${type}" value="${value}"${placeholder}${typing}${autocomplete}>`
      if (field.secret) return html`<span class="affixed" data-secret="${t.show}|${t.hide}">${input}</span>`
      if (!field.prefix && !field.suffix) return input
      return html`<span class="affixed">${affix(field.prefix)}${input}${affix(field.suffix)}</span>`
    }
  }
}

function select(common: Html, value: string, options: readonly { value: string; label: string }[]): Html {
  const items = options.map((option) => {
    const selected = option.value === value ? html` selected` : null
    return html`<option value="${option.value}"${selected}>${option.label}</option>`
  })
  return html`<select ${common}>${items}</select>`
}

function affix(text: string | null): Html | null {
  return text ? html`<span class="soft">${text}</span>` : null
}

/** The page works without this script; it only makes the form easier to use. */
const SCRIPT = `
for (const box of document.querySelectorAll('[data-secret]')) {
  const [show, hide] = box.dataset.secret.split('|')
  const input = box.querySelector('input')
  const button = document.createElement('button')
  Object.assign(button, { type: 'button', className: 'reveal', textContent: show })
  button.setAttribute('aria-controls', input.id)
  button.addEventListener('click', () => {
    const shown = input.type === 'text'
    input.type = shown ? 'password' : 'text'
    button.textContent = shown ? show : hide
  })
  box.append(button)
}
const conditional = [...document.querySelectorAll('[data-when]')]
const showConditional = () => {
  for (const box of conditional)
    box.hidden = document.getElementById(box.dataset.when)?.value !== box.dataset.equals
}
addEventListener('input', showConditional)
showConditional()
document.querySelector('[aria-invalid]')?.focus()
document.querySelector('form')?.addEventListener('submit', ({ target }) => {
  const button = target.querySelector('button:not([type])')
  if (target.dataset.checking) button.textContent = target.dataset.checking
  setTimeout(() => { button.disabled = true })
})
addEventListener('pageshow', (event) => { if (event.persisted) location.reload() })
`

/** The page of a choice: a button for each tenant. @param isAgain after a choice that was not among them */
export function choicePage(
  { opened: { link }, choice: { what, tenants } }: ShownChoice,
  connectorName: string,
  application: Application,
  form: Pick<LinkForm, 'action' | 'csrf'>,
  isAgain: boolean,
): Page {
  const labels = tenants.map(({ label }) => label)
  // Two of one name, or one that could be read as another, are told apart by their ids.
  const isPlain = (label: string) => isUndisguised(label) && labels.indexOf(label) === labels.lastIndexOf(label)
  return {
    title: t.choose(what),
    status: isAgain ? 422 : 200,
    body: html`
<h1>${t.choose(what)}</h1>
${isAgain ? html`<p class="alert" role="alert">${t.chooseOneOfThese}</p>` : null}
<p>${t.opensSeveral(connectorName, application.name)}</p>
<form method="post" action="${form.action}">
<input type="hidden" name="csrf" value="${form.csrf}">
${tenants.map(({ id, label }) => {
  const told = isPlain(label) ? null : html` <code class="soft">${id}</code>`
  return html`<button class="quiet" name="tenant" value="${id}"><bdi>${label}</bdi>${told}</button>`
})}
</form>
${link.returnUrl ? html`<a class="button quiet" href="${link.returnUrl}">${t.back}</a>` : null}`,
  }
}

/** Redirects to the provider from the page itself; the button is for browsers that do not follow. */
export function leavingPage(connectorName: string, address: string): Page {
  return {
    title: t.leavingTitle(connectorName),
    continueTo: address,
    body: html`<h1>${t.leaving(connectorName)}</h1><a class="button" href="${address}">${t.carryOn}</a>`,
  }
}

/** Returns to the application after a form: in Chrome, form-action would block an HTTP redirect. */
export function returningPage(address: string): Page {
  return {
    title: t.returning,
    continueTo: address,
    body: html`<h1>${t.returning}</h1><a class="button" href="${address}">${t.carryOn}</a>`,
  }
}

/** The page of a link that is used, expired or revoked. Only a visitor with the whole token gets it. */
export function closedPage(status: Exclude<AuthorizationLinkStatus, AuthorizationLinkStatus.OPEN>): Page {
  const [title, message] = {
    [AuthorizationLinkStatus.USED]: t.used,
    [AuthorizationLinkStatus.EXPIRED]: t.expired,
    [AuthorizationLinkStatus.REVOKED]: t.revoked,
  }[status]
  return messagePage(title, message, 410)
}

/** The page for a token that no link has. */
export function unknownPage(): Page {
  return messagePage(t.unknown[0], t.unknown[1], 404)
}

/** Where the browser is sent when the user has decided; null where the link has no returnUrl, or after a failure. */
export function destination(completion: Completion): string | null {
  if (completion.kind === 'held') return completion.address
  return completion.kind === 'failed' ? null : backTo(completion)
}

function backTo(completion: Exclude<Completion, { kind: 'held' }>): string | null {
  const { link, account } = completion
  const error = completion.kind === 'connected' ? null : completion.error
  return (
    link.returnUrl &&
    withOutcome(link.returnUrl, { status: account.status, account: account.id, error, state: link.state })
  )
}

/** The last page: after a failure, or after a success where the link has no returnUrl. */
export function completionPage(completion: Exclude<Completion, { kind: 'held' }>, connectorName: string): Page {
  const { link, account } = completion
  if (completion.kind === 'connected') {
    const missing = account.missingScopes
    const notGranted = missing.length > 0 ? t.notGranted(connectorName, missing.join(', ')) : null
    return messagePage(t.connected, html`${t.isConnected(connectorName)}${notGranted}`, 200)
  }
  const back = backTo(completion)
  const open = link.status === AuthorizationLinkStatus.OPEN
  return messagePage(
    completion.kind === 'declined' ? t.notConnected : t.didNotWork(connectorName),
    html`${completion.reason} ${t.nothingChanged}${open ? t.anotherTry : null}`,
    completion.kind === 'declined' ? 403 : completion.status,
    back ? html`<a class="button" href="${back}">${t.backToApplication}</a>` : undefined,
  )
}

/** A page with a heading, a message and an optional button. */
export function messagePage(title: string, message: string | Html, status: number, action?: Html): Page {
  return { title, status, body: html`<h1>${title}</h1><p>${message}</p>${action}` }
}
