import { text } from './text.zh-CN.js'

const REFRESH_MS = 2000
const LATENCY_MS = 2000
const find = (selector) => document.querySelector(selector)

class Refused extends Error {}

async function call(path, body) {
  const response = await fetch(
    `/__emulator/${path}`,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )
  const answer = await response.json()
  if ('error' in answer) throw new Refused(answer.error)
  return answer.result
}

function say(message, bad = false) {
  const notice = find('#notice')
  notice.textContent = message
  notice.classList.toggle('bad', bad)
}

/** Runs one command of a person and says how it ended. */
async function perform(command) {
  try {
    const message = await command()
    await refreshAll()
    say(message)
  } catch (error) {
    say(error instanceof Refused ? text.failed(toReason(error.message)) : text.lost, true)
  }
}

function toReason(message) {
  const known = text.reasons.find(([pattern]) => pattern.test(message))
  return known ? message.replace(known[0], known[1]) : message
}

function make(tag, content, className = '') {
  const element = document.createElement(tag)
  if (className) element.className = className
  element.append(...[content].flat())
  return element
}

const toTime = (iso) => new Date(iso).toLocaleTimeString('zh-CN', { hour12: false })

function fillTable(section, rows) {
  const table = find(`#${section} table`)
  const columns = text.columns[section]
  if (!table.tHead.rows.length) {
    const head = make(
      'tr',
      columns.map((name) => make('th', name)),
    )
    for (const cell of head.cells) cell.scope = 'col'
    table.tHead.append(head)
  }
  const empty = make('td', text.empty, 'soft')
  empty.colSpan = columns.length
  const bodies = rows.map((cells) =>
    make(
      'tr',
      cells.map((cell) => (cell instanceof HTMLTableCellElement ? cell : make('td', cell))),
    ),
  )
  table.tBodies[0].replaceChildren(...(bodies.length ? bodies : [make('tr', empty)]))
}

function fillSelect(select, options) {
  const chosen = select.value
  const wanted = JSON.stringify(options)
  if (select.dataset.options === wanted) return
  select.dataset.options = wanted
  select.replaceChildren(...options.map(([value, label]) => new Option(label, value)))
  if (options.some(([value]) => value === chosen)) select.value = chosen
}

function showFacts(corp) {
  const words = text.facts
  const facts = [
    [words.corp, `${corp.corpName} ${corp.corpId}`],
    [words.agent, `${corp.agentName} ${corp.agentId}`],
    [words.now, new Date(corp.now).toLocaleString('zh-CN', { hour12: false })],
    [words.token, corp.token ? toTime(corp.token.expiresAt) : words.noToken],
    ...['members', 'customers', 'relations', 'tags', 'chats'].map((name) => [words[name], String(corp.counts[name])]),
    [words.pending, String(corp.pendingCallbacks)],
  ]
  find('#facts').replaceChildren(...facts.map(([name, value]) => make('div', [make('dt', name), make('dd', value)])))
}

function showFaults(settings, faults) {
  find('#fault-state').textContent = text.faultState(settings, faults.length)
  find('#fault-outage').setAttribute('aria-pressed', String(settings.outage !== 'none'))
  find('#fault-latency').setAttribute('aria-pressed', String(settings.latencyMs > 0))
  fillTable(
    'faults',
    faults.map((fault) => [
      make('code', fault.path),
      text.faultKind(fault),
      fault.count === null ? text.untilCleared : String(fault.count),
      `${Math.round(fault.probability * 100)}%`,
      String(fault.hits),
      makeClearButton(fault),
    ]),
  )
}

function makeClearButton(fault) {
  const button = make('button', text.clearFault)
  button.type = 'button'
  button.setAttribute('aria-label', text.clearFaultOf(fault.path))
  button.addEventListener('click', () =>
    perform(async () => {
      await call('faults/clear', { id: fault.id })
      return text.done(text.clearFaultOf(fault.path))
    }),
  )
  return button
}

function showGuides(members) {
  const yes = (value) => (value ? text.yes : text.no)
  fillTable(
    'guides',
    members.map((member) => [
      member.name,
      make('code', member.userId),
      member.departmentIds.join('、'),
      text.memberStatus[member.status],
      yes(member.customerContact),
      yes(member.visible),
      String(member.customerCount),
    ]),
  )
  const options = members.map((member) => [member.userId, `${member.name}（${member.userId}）`])
  fillSelect(find('#action-guide'), options)
  fillSelect(find('#filter-guide'), [['', text.anyGuide], ...options])
}

function toRelationItem(relation) {
  const parts = [
    `${relation.userId}：${relation.remark}`,
    relation.tagNames.length ? text.tags + relation.tagNames.join('、') : '',
    relation.state ? text.channel + relation.state : '',
    text.relationStatus[relation.status],
  ]
  return make('li', parts.filter(Boolean).join(' · '))
}

async function refreshCustomers() {
  const form = new FormData(find('#filter'))
  const query = new URLSearchParams([...form].filter(([, value]) => value !== ''))
  const customers = await call(`customers?${query}`)
  fillTable(
    'customers',
    customers.map((customer) => [
      customer.name,
      make('code', customer.externalUserId),
      make('ul', customer.relations.map(toRelationItem)),
    ]),
  )
  find('#customer-ids').replaceChildren(
    ...customers.map((customer) => new Option(customer.name, customer.externalUserId)),
  )
}

function showCalls(calls) {
  fillTable(
    'calls',
    calls.map((entry) => {
      const bad = entry.errcode !== 0
      return [
        toTime(entry.at),
        entry.method,
        make('code', entry.path),
        make('td', String(entry.errcode ?? '—'), bad ? 'bad' : 'good'),
        entry.httpStatus ? String(entry.httpStatus) : text.noAnswer,
        `${entry.ms} ms`,
      ]
    }),
  )
}

function showDeliveries(deliveries) {
  fillTable(
    'deliveries',
    deliveries.map((delivery) => [
      toTime(delivery.raisedAt),
      make('code', `${delivery.event}.${delivery.changeType}`),
      make(
        'td',
        text.deliveryState[delivery.state],
        delivery.state === 'delivered' ? 'good' : delivery.state === 'failed' ? 'bad' : '',
      ),
      delivery.attempts.map((attempt) => attempt.status ?? attempt.error).join(' → '),
    ]),
  )
}

const showMessages = (messages) =>
  fillTable(
    'messages',
    messages.map((message) => [
      toTime(message.at),
      message.userIds.join('、'),
      message.msgType,
      make('code', JSON.stringify(message.content).slice(0, 300)),
    ]),
  )

const showMedia = (media) =>
  fillTable(
    'media',
    media.map((file) => [
      file.filename,
      file.contentType,
      `${Math.ceil(file.bytes / 1024)} KiB`,
      file.expired ? make('td', text.expired, 'bad') : text.hours(Math.floor(file.ageSec / 3600)),
      make('code', file.mediaId),
    ]),
  )

/** What changes by itself. The customers come on demand, since there may be many. */
async function refresh() {
  const [corp, settings, faults, members, calls, deliveries, messages, media] = await Promise.all([
    call('corp'),
    call('settings'),
    call('faults'),
    call('members?limit=500'),
    call('calls?limit=100'),
    call('callback/deliveries?limit=100'),
    call('messages?limit=50'),
    call('media'),
  ])
  showFacts(corp)
  showFaults(settings, faults)
  showGuides(members)
  showCalls(calls)
  showDeliveries(deliveries)
  showMessages(messages)
  showMedia(media)
}

const refreshAll = () => Promise.all([refresh(), refreshCustomers()])

async function toggle(current, on, off) {
  const settings = await call('settings')
  await call('settings', current(settings) ? off : on)
}

function setUpFaults() {
  const words = text.faults
  const commands = {
    outage: () => toggle((settings) => settings.outage !== 'none', { outage: 'status500' }, { outage: 'none' }),
    latency: () => toggle((settings) => settings.latencyMs > 0, { latencyMs: LATENCY_MS }, { latencyMs: 0 }),
    frequency: () => call('faults', { path: '*', errcode: 45009 }),
    expire: () => call('tokens/expire', {}),
    revoke: () => call('tokens/revoke', {}),
    clear: async () => {
      await call('faults/clear', {})
      await call('settings', { outage: 'none', latencyMs: 0 })
    },
  }
  for (const [name, command] of Object.entries(commands)) {
    const button = make('button', words[name])
    button.type = 'button'
    button.id = `fault-${name}`
    button.addEventListener('click', () =>
      perform(async () => {
        await command()
        return text.done(words[name])
      }),
    )
    find('#fault-buttons').append(button)
  }
}

const actions = {
  addCustomer: ({ userId, text: name }) => ['addCustomer', { userId, ...(name && { customer: { name } }) }],
  addHalf: ({ userId, text: name }) => ['addCustomer', { userId, half: true, ...(name && { customer: { name } }) }],
  editRemark: ({ userId, externalUserId, text: remark }) => ['editRelation', { userId, externalUserId, remark }],
  guideDeletesCustomer: ({ userId, externalUserId }) => ['guideDeletesCustomer', { userId, externalUserId }],
  customerDeletesGuide: ({ userId, externalUserId }) => ['customerDeletesGuide', { userId, externalUserId }],
  deleteMember: ({ userId }) => ['deleteMember', { userId }],
}

function setUpActions() {
  fillSelect(
    find('#action'),
    Object.entries(text.actions).map(([name, { label }]) => [name, label]),
  )
  const showFields = () => {
    const words = text.actions[find('#action').value]
    find('#customer-field').hidden = !words.customer
    find('#customer-field input').required = Boolean(words.customer)
    find('#text-field').hidden = !words.text
    find('#text-label').textContent = words.text ?? ''
  }
  find('#action').addEventListener('change', showFields)
  showFields()
  find('#action-form').addEventListener('submit', (event) => {
    event.preventDefault()
    const fields = Object.fromEntries(new FormData(event.target))
    const { label } = text.actions[fields.action]
    const [name, input] = actions[fields.action](fields)
    void perform(async () => {
      const result = await call(`actions/${name}`, input)
      return name === 'addCustomer' ? text.added(label, result.externalUserId) : text.done(label)
    })
  })
}

setUpFaults()
setUpActions()
find('#filter').addEventListener('submit', (event) => {
  event.preventDefault()
  void perform(async () => '')
})
find('#verify-url').addEventListener('click', () =>
  perform(async () => {
    const { ok, message } = await call('callback/verify-url', {})
    if (!ok) throw new Refused(text.callbackBad(message))
    return text.callbackOk
  }),
)
void perform(async () => '')

let refreshing = false
setInterval(async () => {
  if (refreshing || document.hidden || !find('#auto').checked) return
  refreshing = true
  try {
    await refresh()
  } catch {
    say(text.lost, true)
  }
  refreshing = false
}, REFRESH_MS)
