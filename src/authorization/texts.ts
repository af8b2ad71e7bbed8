const ago = (minutes: number) => {
  if (minutes < 2) return 'just now'
  return minutes < 120 ? `${minutes} minutes ago` : `${Math.floor(minutes / 60)} hours ago`
}

/**
 * Every text of the hosted pages. Another language would be another object of this shape. The arguments are
 * not escaped here; pages.ts does that.
 */
export const en = {
  connect: (connector: string) => `Connect ${connector}`,
  wants: (application: string, connector: string) => `${application} wants to connect to your ${connector} account`,
  connectingAs: 'You are connecting as',
  asksFor: (connector: string) => `It asks ${connector} for:`,
  asksBesides: 'It asks besides for:',
  hasAlready: 'It may already:',
  yourPassword: (connector: string) =>
    `You sign in at ${connector}; your password stays there. ` +
    'What it grants is kept encrypted, and you can end it at any time.',
  yourKey: (connector: string) =>
    `What you enter is tried at ${connector} first, and then kept encrypted. ` +
    'It is never shown again, and you can end this at any time.',
  nothingNeeded: (connector: string) => `${connector} needs no key for this.`,
  installFirst: 'An administrator has to install the app first.',
  install: 'Install it',
  goOn: (connector: string) => `Continue to ${connector}`,
  tryAndConnect: 'Connect',
  checking: (connector: string) => `Checking with ${connector}…`,
  show: 'Show',
  hide: 'Hide',
  optional: 'optional',
  whereToFind: 'Where to find it',
  whereKeysAre: 'How to get what is asked for:',
  openIt: 'Open that page',
  yes: 'Yes',
  no: 'No',
  made: (application: string, minutes: number) => `${application} made this link ${ago(minutes)}, for the name above.`,
  notYou: 'Not you? Close this page; nothing happens. Only go on if you asked for this.',
  back: 'Back without connecting',
  backToApplication: 'Back to the application',
  checkForm: 'Nothing was connected yet:',
  checkFields: 'look at what is marked below.',
  leaving: (connector: string) => `Going on to ${connector}…`,
  leavingTitle: (connector: string) => `Going on to ${connector}`,
  returning: 'Going back to the application…',
  carryOn: 'Continue',
  used: ['This link has been used', 'The account is connected. You can close this page.'],
  expired: ['This link has expired', 'Go back to the application and ask for a new one.'],
  revoked: ['This link was withdrawn', 'Go back to the application and ask for a new one.'],
  unknown: ['This link does not exist', 'Check that the whole address was copied, or ask for a new one.'],
  connected: 'Connected',
  isConnected: (connector: string) => `Your ${connector} account is connected. You can close this page.`,
  notGranted: (connector: string, scopes: string) => ` ${connector} did not grant: ${scopes}.`,
  notConnected: 'Not connected',
  didNotWork: (connector: string) => `Connecting to ${connector} did not work`,
  away: (connector: string) => `${connector} cannot be reached at the moment. Try again in a minute.`,
  awayFromForm: (connector: string) =>
    `${connector} cannot be reached at the moment. Check the address, if you entered one, or try again in a minute: ` +
    'what you entered is kept until then.',
  kept: 'kept from before; leave it empty',
  nothingChanged: 'Nothing was changed.',
  anotherTry: ' You can open the link that you were given again to have another try.',
  reachedFromElsewhere: [
    'Open the link again',
    'This page was reached from elsewhere, or its cookie is gone. ' +
      'Allow cookies, and open the link that you were given once more.',
  ],
  choose: (what: string) => `Choose the ${what}`,
  opensSeveral: (connector: string, application: string) =>
    `What you granted at ${connector} opens more than one. ${application} gets the one that you choose.`,
  chooseOneOfThese: 'Choose one of these.',
  choiceGone: [
    'Nothing is to be chosen here',
    'The choice was made already, took longer than ten minutes, or belongs to another browser. ' +
      'Open the link that you were given once more.',
  ],
  notNow: 'This cannot be connected now',
} as const
