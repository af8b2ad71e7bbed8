/** What users see of an authorization, and in which words: every text of it is here. */

import { UserVerification } from '../connections/connection.js'
import type { Connector } from '../connectors/connector.js'
import { type Application, type Html, html, type Page } from '../html.js'
import { AuthorizationLinkStatus } from './authorization-link.js'
import type { Completion, OpenedLink } from './authorizations.js'
import { withOutcome } from './return-url.js'

/** The link's own page: who asks for what, for whom. */
export function linkPage({ link, account, connection }: OpenedLink, connector: Connector, application: Application, form: { action: string; csrf: string }): Page {
  const described = new Map(connector.method(connection.methodId)?.scopes.map(({ value, description }) => [value, description]))
  const named = connection.userVerification === UserVerification.CONFIRM
  return {
    title: `Connect ${connector.name}`,
    body: html`
<h1><img src="${connector.iconUrl}" alt="" width="40" height="40">${application.name} wants to connect to your ${connector.name} account</h1>
${named ? html`<p>You are connecting as <strong>${account.identifier}</strong>.</p>` : null}
${link.scopes.length > 0 ? html`<p>It asks ${connector.name} for:</p><ul>${link.scopes.map((scope) => html`<li>${described.get(scope) ?? html`<code>${scope}</code>`}</li>`)}</ul>` : null}
<p class="soft">You sign in at ${connector.name}; your password stays there. What it grants is kept encrypted, and you can end it at any time.</p>
<form method="post" action="${form.action}">
<input type="hidden" name="csrf" value="${form.csrf}">
<button>Continue to ${connector.name}</button>
</form>
${named ? html`<p class="soft" style="margin:16px 0 0">Not you? Close this page; nothing happens. Only go on if you asked for this.</p>` : null}
${link.returnUrl ? html`<a class="button quiet" href="${link.returnUrl}">Back without connecting</a>` : null}`,
  }
}

/** The way out to the provider: the browser goes on by itself, and can be helped by hand. */
export function leavingPage(connectorName: string, address: string): Page {
  return {
    title: `Going on to ${connectorName}`,
    continueTo: address,
    body: html`<h1>Going on to ${connectorName}…</h1><a class="button" href="${address}">Continue</a>`,
  }
}

/** A link that cannot be used. Only who holds the whole link learns why. */
export function closedPage(status: Exclude<AuthorizationLinkStatus, AuthorizationLinkStatus.OPEN>): Page {
  const words = {
    [AuthorizationLinkStatus.USED]: ['This link has been used', 'The account is connected. You can close this page.'],
    [AuthorizationLinkStatus.EXPIRED]: ['This link has expired', 'Go back to the application and ask for a new one.'],
    [AuthorizationLinkStatus.REVOKED]: ['This link was withdrawn', 'Go back to the application and ask for a new one.'],
  }[status] as [string, string]
  return messagePage(words[0], words[1], 410)
}

export function unknownPage(): Page {
  return messagePage('This link does not exist', 'Check that the whole address was copied, or ask for a new one.', 404)
}

/** How it ended, where there is no application to go back to, or something to decide first. */
export function completionPage(completion: Completion, connectorName: string): Page {
  const { link, account } = completion
  if (completion.kind === 'connected') {
    const missing = account.missingScopes
    return messagePage(
      'Connected',
      html`Your ${connectorName} account is connected. You can close this page.${missing.length > 0 ? html` ${connectorName} did not grant: ${missing.join(', ')}.` : null}`,
      200,
    )
  }
  const back = link.returnUrl && withOutcome(link.returnUrl, { status: account.status, account: account.id, error: completion.error, state: link.state })
  const open = link.status === AuthorizationLinkStatus.OPEN
  return {
    ...messagePage(
      completion.kind === 'declined' ? 'Not connected' : `Connecting to ${connectorName} did not work`,
      html`${completion.reason} Nothing was changed.${open ? ' You can open the link that you were given again to have another try.' : null}`,
      completion.kind === 'declined' ? 403 : 502,
      back ? html`<a class="button" href="${back}">Back to the application</a>` : undefined,
    ),
  }
}

export function messagePage(title: string, message: string | Html, status: number, action?: Html): Page {
  return { title, status, body: html`<h1>${title}</h1><p>${message}</p>${action}` }
}
