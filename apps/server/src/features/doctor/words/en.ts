import type { DoctorWords } from './doctor.words.ts'

export const en: DoctorWords = {
  common: {
    broken: { cause: 'the check itself failed ({reason})', fix: 'Send this report to support.' },
    'no-corp': { cause: 'corp id, AgentId and Secret are not entered yet, so this cannot be checked' },
    'no-token': { cause: 'without an access_token this cannot be checked' },
    'no-database': { cause: 'the database cannot be read from here; look in the admin panel' },
    'no-callback': { cause: 'the callback is not set up yet, so this cannot be checked' },
    away: {
      cause: 'WeCom gave no usable answer ({reason}, {path})',
      fix: 'Check this server’s network and proxy; WECOM_API_URL should keep its default.',
    },
    busy: {
      cause: 'WeCom limits our calls at the moment ({errcode}, {path})',
      fix: 'Wait a minute to an hour; it ends by itself.',
    },
    refused: {
      cause: 'WeCom refused the call ({errcode}, {path})',
      fix: 'Follow the link and look up error code {errcode}.',
    },
  },
  settings: {
    title: 'Server settings',
    ok: { cause: 'complete' },
    wrong: {
      cause: 'missing or wrong environment variables: {names}',
      fix: 'Complete them as «Configuration» in docs/architecture.md says, then start again.',
    },
    'not-https': { cause: 'PUBLIC_URL is not https', fix: 'WeCom opens https pages only; use https for real work.' },
    'no-proxy': {
      cause: 'TRUST_PROXY is not set, so everybody seems to come from one address and shares one request limit',
      fix: 'Put the address (or range) of the reverse proxy into TRUST_PROXY.',
    },
    'no-key': {
      cause: 'there is no data key, so secrets entered in the panel cannot be kept encrypted',
      fix: 'Set DATA_KEYS (32 bytes in base64), or name a file with mode 600 in DATA_KEYS_FILE.',
    },
  },
  mongodb: {
    title: 'Database',
    ok: { cause: 'reachable ({kind})' },
    away: { cause: '{reason}', fix: 'Do what the line says, then check again.' },
    'in-use': { cause: 'the embedded engine is in use by the running server' },
  },
  'public-url': {
    title: 'Public address',
    ok: { cause: '{url} opens from outside and leads to this server' },
    unreachable: {
      cause: '{url} does not open ({reason})',
      fix: 'Check DNS, firewall and reverse proxy; the server must be running.',
    },
    'other-answer': {
      cause: 'what answers at {url} is not this server (status {status}, {contentType})',
      fix: 'Let the reverse proxy pass every path to this server unchanged; no static site or single-page app may catch them.',
    },
    redirected: {
      cause: '{url} is redirected to {to}',
      fix: 'Set PUBLIC_URL to the final address, or remove the redirect (www against bare domain, for example).',
    },
    'other-host': {
      cause: 'the server sees the host {seen}, but PUBLIC_URL says {expected}',
      fix: 'Let the proxy pass Host unchanged (nginx: proxy_set_header Host $host), without adding a port.',
    },
    'other-scheme': {
      cause: 'behind the proxy the server believes the page was opened by {seen}',
      fix: 'Let the proxy set X-Forwarded-Proto, and put the proxy’s address into TRUST_PROXY.',
    },
  },
  tls: {
    title: 'HTTPS certificate',
    ok: { cause: 'valid for {days} more days ({protocol})' },
    'plain-http': { cause: 'PUBLIC_URL is plain http on this machine: good for trying only' },
    handshake: {
      cause: 'the TLS handshake failed ({reason})',
      fix: 'Check that https really is on that port and that certificate and intermediates are complete.',
    },
    untrusted: {
      cause: 'the certificate is not trusted ({reason})',
      fix: 'Install the whole chain; WeCom opens no self-signed pages.',
    },
    expired: { cause: 'the certificate has expired', fix: 'Renew it, and let it renew itself from now on.' },
    'expires-soon': {
      cause: 'the certificate ends in {days} days',
      fix: 'Renew it now, and let it renew itself from now on.',
    },
  },
  clock: {
    title: 'Clock',
    ok: { cause: '{seconds} s away from WeCom’s' },
    off: {
      cause: 'this clock is {seconds} s away from WeCom’s: signatures and callbacks will be refused',
      fix: 'Turn on time synchronisation (NTP).',
    },
    unknown: { cause: 'WeCom told no time' },
  },
  'corp-settings': {
    title: 'Corp and app',
    ok: { cause: 'corp id, AgentId and Secret are entered' },
    missing: { cause: 'not entered yet: {names}', fix: 'Enter them in the step «Corp and app» of the set-up.' },
    unreadable: {
      cause: 'the kept secrets were encrypted with another data key and cannot be read',
      fix: 'Add the former key to DATA_KEYS, after the new one, or enter the values again.',
    },
  },
  gettoken: {
    title: 'Secret',
    ok: { cause: 'corp id and Secret are valid' },
    'wrong-secret': {
      cause: 'the Secret is wrong or was reset ({errcode})',
      fix: 'Copy it again from the app’s page in WeCom’s console. Several wrong ones in a row shut out this IP for an hour, so it is tried once only.',
    },
    'wrong-corp': {
      cause: 'the corp id is wrong ({errcode})',
      fix: 'It stands at the bottom of My Company → Company Information.',
    },
    'other-corp': {
      cause: 'the Secret belongs to another corp ({errcode})',
      fix: 'Corp id and Secret must come from one corp; enter both anew.',
    },
    stopped: {
      cause: 'this Secret was refused several times ({errcode}); we stopped trying so that the IP is not shut out',
      fix: 'Enter the right Secret; it is tried at once.',
    },
  },
  agent: {
    title: 'App',
    ok: { cause: 'the app «{name}» is enabled' },
    'other-app': {
      cause: 'AgentId and Secret belong to different apps ({errcode})',
      fix: 'Open the app in WeCom’s console and compare both.',
    },
    disabled: { cause: 'the app is disabled', fix: 'Enable it in App Management.' },
  },
  token: {
    title: 'Renewal of the access_token',
    ok: { cause: 'fine; {minutes} min old, {left} min left, renewed {refreshes} times (by {holder})' },
    'not-yet': { cause: 'no access_token was fetched yet' },
    rejected: {
      cause: 'even a fresh access_token is rejected ({errcode})',
      fix: 'Check for a proxy that rewrites requests, and that the Secret belongs to this app; then check again.',
    },
    'often-rejected': {
      cause: 'the access_token was rejected {count} times within an hour ({errcode}) and renewed each time',
      fix: 'See whether another program keeps renewing with the same Secret; give it an app of its own.',
    },
  },
  'callback-settings': {
    title: 'Callback settings',
    ok: { cause: 'Token and EncodingAESKey are set' },
    missing: {
      cause: 'the callback is not set up, so changes do not arrive at once',
      fix: 'Make Token and EncodingAESKey in the step «Events» of the set-up.',
    },
    'half-set': {
      cause: 'only one of Token and EncodingAESKey is set',
      fix: 'Set both; the EncodingAESKey has 43 letters and digits.',
    },
  },
  'callback-loop': {
    title: 'Callback, asked by ourselves',
    ok: { cause: 'our own public address verifies and decrypts callbacks ({ms} ms)' },
    'not-running': { cause: 'the server is not running, or PUBLIC_URL does not open from here' },
    status: {
      cause: 'the callback address answers {status}; WeCom would say «openapi回调地址请求不通过»',
      fix: 'Check that the proxy passes /wecom/callback/ unchanged, that the firewall lets it through, and that the running server has the same Token and EncodingAESKey.',
    },
    wrapped: {
      cause: 'the callback address does not answer with the bare text (quotes, line breaks or more around it)',
      fix: 'Let the proxy pass the answer unchanged: no JSON, no page around it, nothing injected.',
    },
    slow: {
      cause: 'the callback address took {ms} ms',
      fix: 'WeCom waits five seconds at most; check the load of proxy and server.',
    },
  },
  'callback-arrival': {
    title: 'Callbacks from WeCom',
    ok: { cause: 'the last one came {at}' },
    none: {
      cause: 'none has come yet',
      fix: 'In the app’s page → Receive Messages, paste URL, Token and EncodingAESKey and save.',
    },
    'verified-only': {
      cause: 'the address was verified {at}, but no event has come yet',
      fix: 'Tick this app in Customer Contact → API to receive events; then change a customer’s remark to try it.',
    },
    'bad-signature': {
      cause: 'the last request had a wrong signature: the two Tokens differ',
      fix: 'Paste the Token from here into WeCom’s console unchanged and save again.',
    },
    'bad-key': {
      cause: 'the last request could not be decrypted: the two EncodingAESKeys differ',
      fix: 'Paste the EncodingAESKey from here into WeCom’s console unchanged and save again.',
    },
    'other-receiver': {
      cause: 'the last request was meant for another corp',
      fix: 'Compare the corp id at the end of the callback URL with the corp the console is signed in to.',
    },
    'bad-time': {
      cause: 'the last request’s time is too far from this clock',
      fix: 'Turn on time synchronisation (NTP) and save again in WeCom’s console.',
    },
    late: {
      cause: 'the oldest event has waited for {seconds} s',
      fix: 'See the backlog on the page «Sync»; check the load of server and database.',
    },
    dead: {
      cause: '{count} events failed several times',
      fix: 'See why in the callback inbox on the page «Sync», and retry.',
    },
  },
  'verify-file': {
    title: 'Proof of the domain',
    ok: { cause: '{name} can be read from outside, with the right content' },
    missing: {
      cause: 'no proof of the domain is set',
      fix: 'Download the WW_verify file in the app’s page → Web Authorisation and JS-SDK, and enter its name and content in the set-up; this server will serve it.',
    },
    'not-found': {
      cause: '{name} answers {status} at the public address',
      fix: 'Let the proxy pass /WW_verify_*.txt of the web root to this server too.',
    },
    'other-content': {
      cause: '{name} has other content ({contentType}, {bytes} bytes)',
      fix: 'Something else at the web root catches it, such as the index page of a single-page app; let the proxy pass this path to this server.',
    },
    redirected: {
      cause: '{name} is redirected to {to}',
      fix: 'WeCom follows no redirects; let this path answer directly.',
    },
  },
  'domain-owner': {
    title: 'Owner of the domain',
    ok: { cause: 'confirmed: the domain is filed for this corp, and the corp is verified' },
    'not-said': {
      cause: 'WeCom wants the domain filed (ICP) for the same corp; no API tells, so you have to confirm it',
      fix: 'Answer the two questions in the step «Trusted domain» of the set-up.',
    },
    provider: {
      cause: '{host} belongs to a hosting or tunnel provider; WeCom will say «该域名主体为第三方服务商»',
      fix: 'Use a domain filed for your corp, such as guide.your-domain.cn.',
    },
    'not-own': {
      cause: 'the domain is filed for somebody else; WeCom will say «域名主体校验未通过»',
      fix: 'Use a domain filed for this corp or a related one; after a change of the filing wait two or three days.',
    },
    'not-verified': {
      cause: 'the corp is not verified',
      fix: 'Verify it in My Company; without that a trusted domain cannot be used for the JS-SDK.',
    },
    local: { cause: 'an address of this machine needs no filing' },
  },
  'trusted-domain': {
    title: 'Trusted domain',
    ok: { cause: 'the trusted domain is {trusted}' },
    none: {
      cause: 'there is no trusted domain; sign-in would say «redirect_uri 需使用应用可信域名» (50001)',
      fix: 'Make {host} the trusted domain in the app’s page → Web Authorisation and JS-SDK.',
    },
    differs: {
      cause: 'the trusted domain is {trusted}, but PUBLIC_URL says {host}; sign-in would say 50001',
      fix: 'Both must be equal, port and www included; change one. If the console has more trusted domains, see that {host} is among them.',
    },
  },
  'trusted-ip': {
    title: 'Trusted IP',
    ok: { cause: 'this server’s outgoing IP may call the API' },
    'not-allowed': {
      cause: 'the outgoing IP {ip} is not among the trusted IPs (60020)',
      fix: 'Add {ip} in the app’s page → Trusted IPs; it takes about a minute. If the field is greyed out, set the trusted domain or the callback first.',
    },
  },
  'sign-in-codes': {
    title: 'Sign-in',
    ok: { cause: 'no spent sign-in code within the last hour' },
    spent: {
      cause:
        '{count} sign-in codes of the last hour were not valid (40029): used, too old, or a page was reloaded with ?code=',
      fix: 'Open the panel again from the chat toolbar; if it goes on, see whether a proxy caches or replays /sidebar/auth/callback.',
    },
  },
  'customer-contact': {
    title: 'Customer contact',
    ok: { cause: '{count} members may serve customers' },
    'not-callable': {
      cause: 'the app may not call the customer-contact API (48002)',
      fix: 'Tick it in Customer Contact → API → Apps that may call.',
    },
    nobody: {
      cause: 'the API answers, but no member has customer contact',
      fix: 'Add the guides in Customer Contact → Permissions → Range of use, and to the visible range of the app.',
    },
    'not-you': {
      cause: '{count} members may serve customers, but not you: the panel would turn you away',
      fix: 'If you serve customers too, add yourself in Customer Contact → Permissions → Range of use.',
    },
  },
  'visible-range': {
    title: 'Visible range',
    ok: { cause: '{members} members in sight, {guides} of them may serve customers' },
    nobody: {
      cause: 'the app sees no member, so a sync would «succeed» with nothing',
      fix: 'Add the guides’ departments to the app’s visible range.',
    },
    outside: {
      cause: '{count} members with customer contact are out of the app’s sight, and so are their customers',
      fix: 'Add their departments to the app’s visible range.',
    },
    denied: {
      cause: 'reading the directory was refused ({errcode}): a member or department is out of sight, or deleted',
      fix: 'Add the guides’ departments to the app’s visible range, not only some people of sub-departments.',
    },
  },
  'member-fields': {
    title: 'What is told of members',
    ok: { cause: 'delivered: {fields}' },
    reduced: {
      cause: 'delivered: {fields}. Phone, mail and picture are not told to new apps; this product does not need them',
    },
    'contact-secret': {
      cause: 'the directory API refuses this server (48009): the contact-sync Secret is used, or the IP is not allowed',
      fix: 'Enter this app’s own Secret, never that of contact sync.',
    },
    nobody: { cause: 'there is no member in sight to read' },
  },
  'ticket-corp': { title: 'JS-SDK corp ticket', ok: { cause: 'can be had' } },
  'ticket-agent': { title: 'JS-SDK app ticket', ok: { cause: 'can be had' } },
  'mini-program': {
    title: 'Mini-program cards',
    ok: { cause: '{count} published cards are fine' },
    none: { cause: 'no card is published yet' },
    'not-linked': {
      cause: 'the mini program {appId} is not linked to the corp (90206): cards would fail',
      fix: 'Link it in App Management → Mini Programs, then send another test from the set-up.',
    },
    refused: {
      cause: 'the test card was refused ({errcode})',
      fix: 'Look the code up, mend it, then send another test from the set-up.',
    },
    faulty: {
      cause: 'card «{title}»: {problem}',
      fix: 'Change it in «Mini-program cards», or customers will see «page not found».',
    },
  },
  'first-sync': {
    title: 'Sync',
    ok: { cause: '{relations} customer relations, read {at}' },
    never: { cause: 'nothing was synced yet', fix: 'Start the sync in the set-up or on the page «Sync».' },
    running: { cause: 'running: {done} of {total}' },
    stuck: {
      cause: 'the sync has not moved for {minutes} minutes',
      fix: 'See the API budget on the page «Sync»; without a limit, restart the server: it goes on where it stopped.',
    },
    failed: {
      cause: 'the sync did not finish: {reason}',
      fix: 'Mend what the other checks name, then start it again: it goes on where it stopped.',
    },
    empty: {
      cause: 'the sync finished without a single customer',
      fix: 'See «Customer contact» and «Visible range»: guides must be in both.',
    },
  },
  'api-limits': {
    title: 'API limits',
    ok: { cause: 'none was met within the last hour' },
    hit: {
      cause: '{count} calls of the last hour were limited ({errcode}); we slowed down',
      fix: 'Nothing to do; if it happens often, see whether another program uses the corp’s APIs.',
    },
    closed: {
      cause: '{paths} is shut (45009) until {until}',
      fix: 'The sync waits and goes on by itself; do not start it again. See whether another program uses the corp’s APIs.',
    },
  },
  welcome: {
    title: 'Welcome messages',
    ok: { cause: '{sent} welcomes within a day, none failed' },
    none: { cause: 'no new customer within a day' },
    'no-code': {
      cause:
        'the events of the last {count} new customers had no welcome code: WeCom’s console has a welcome of its own for these members',
      fix: 'Delete it in Customer Contact → Welcome Message, so that this product can send.',
    },
    'other-app': {
      cause: '{count} welcomes were not sent ({errcode}): another app was first, or the customer had begun to chat',
      fix: 'See in Customer Contact → API which other app sends welcomes, and keep only one.',
    },
    late: {
      cause: '{count} welcomes came after the 20 seconds ({errcode})',
      fix: 'Check the network to WeCom and the server’s load; callbacks must arrive within seconds.',
    },
  },
  'relations-refused': {
    title: 'Customer relations',
    ok: { cause: 'nothing was refused within the last hour' },
    lost: {
      cause: '{count} calls were refused (84061): the customer is not this guide’s any more',
      fix: 'Lists follow callbacks and sync by themselves; if it goes on, run a sync on the page «Sync».',
    },
    'other-form': {
      cause: '{count} calls were refused ({errcode}): the customer’s id belongs to another corp or to a provider',
      fix: 'Ids imported from a CRM must be external_userids as this corp’s own app sees them.',
    },
  },
  'union-id': {
    title: 'Unionid of customers',
    ok: { cause: '{share}% of {sampled} sampled WeChat customers have one' },
    none: {
      cause: 'none of {sampled} sampled WeChat customers has one, so mini-program orders cannot be matched by it',
      fix: 'Bind a WeChat Open Platform account in WeCom’s console, or match by phone or order number.',
    },
    'not-yet': { cause: 'there is no WeChat customer to sample yet' },
  },
  'chat-toolbar': {
    title: 'Chat toolbar',
    ok: { cause: 'opened from the toolbar {at}' },
    never: {
      cause: 'nobody has opened the panel in a chat yet',
      fix: 'Add the page in the app → Chat Toolbar, restart WeCom, then open a chat with a customer.',
    },
    outside: {
      cause:
        'last opened from «{entry}», not from the chat toolbar, so there is no customer (without context of external contact)',
      fix: 'Open it at the right of a chat with a customer; if it is missing there, add the page in the app → Chat Toolbar and restart WeCom.',
    },
  },
  'js-signature': {
    title: 'JS-SDK signature',
    ok: { cause: 'accepted when the panel was last opened' },
    'not-yet': { cause: 'nobody has opened the panel in WeCom yet' },
    'other-url': {
      cause:
        'refused (40093): the browser’s address and the signed one differ from character {at} on: browser «{seen}», signed «{signed}»',
      fix: 'Make them equal: look for a host, port (such as :443) or scheme that a proxy changes, and for what follows #.',
    },
    rejected: {
      cause: 'refused (40093) although the addresses are equal',
      fix: 'Check the clock, that the AgentId is this app’s, and the trusted domain; then open the panel again.',
    },
  },
  'js-sdk': {
    title: 'Client and SDK',
    ok: { cause: 'SDK {sdk}, WeCom {client} ({platform})' },
    'not-yet': { cause: 'nobody has opened the panel in WeCom yet' },
    'too-old': {
      cause: 'WeCom {client} ({platform}) opened the panel last; at least {needed} is needed',
      fix: 'Update WeCom and open it again.',
    },
    'no-function': {
      cause: 'the client lacks a function we need ({message})',
      fix: 'Update WeCom; use the SDK {sdk} that comes with this product, no older script beside it.',
    },
  },
}
