/** The list of spreadsheets. */
import { htmlPage, mark } from './html.ts'

export function indexPage(): string {
  return htmlPage({
    title: 'Spreadsheets · Google Sheets emulator',
    script: 'index.js',
    name: 'index',
    body: `<header class="bar"><a class="home" href="/">${mark}<span>Google Sheets emulator</span></a></header>
<main>
<div class="heading"><h1>Spreadsheets</h1><button type="button" class="primary" id="new">New spreadsheet</button></div>
<p class="problem" id="problem" role="alert" hidden></p>
<div id="list" aria-live="polite"></div>
<section class="hints">
<h2>How exports reach it</h2>
<p>Set <code>SQLFLOW_SHEETS_ENDPOINT</code> and <code>GOOGLE_APPLICATION_CREDENTIALS</code> as the terminal says, and run <code>sqlflow export</code>. A spreadsheet is named by its id or its address, as in Google Sheets, and is shared with the account of the export.</p>
</section>
</main>`,
  })
}

export const indexScript = String.raw`'use strict'
const list = document.getElementById('list')
const problem = document.getElementById('problem')

function element(name, className, text) {
  const made = document.createElement(name)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

function counted(count, word) {
  return count + ' ' + word + (count === 1 ? '' : 's')
}

function show(spreadsheets) {
  if (spreadsheets.length === 0) {
    list.replaceChildren(element('p', 'empty', 'There are none yet. Make one, or run an export: what it asks for is made for it.'))
    return
  }
  const table = element('table')
  const head = table.createTHead().insertRow()
  for (const title of ['Title', 'Tabs', 'Shared with', 'Changed']) {
    const cell = element('th', '', title)
    cell.scope = 'col'
    head.append(cell)
  }
  const body = table.createTBody()
  for (const one of spreadsheets) {
    const row = body.insertRow()
    const link = element('a', 'title', one.title)
    link.href = '/spreadsheets/d/' + encodeURIComponent(one.id) + '/edit'
    const first = row.insertCell()
    first.append(link)
    if (one.title !== one.id) first.append(element('div', 'faint id', one.id))
    row.insertCell().textContent = counted(one.tabs, 'tab')
    row.insertCell().textContent = one.sharedWith === 0 ? 'nobody' : counted(one.sharedWith, 'account')
    const when = element('time', '', new Date(one.modified).toLocaleString())
    when.dateTime = one.modified
    row.insertCell().append(when)
  }
  list.replaceChildren(table)
}

async function load() {
  const answer = await fetch('/-/spreadsheets')
  if (answer.ok) show((await answer.json()).spreadsheets)
}

document.getElementById('new').addEventListener('click', async () => {
  const answer = await fetch('/-/spreadsheets', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
  const told = await answer.json()
  if (answer.ok) location.href = '/spreadsheets/d/' + encodeURIComponent(told.id) + '/edit'
  else {
    problem.textContent = told.message
    problem.hidden = false
  }
})

new EventSource('/-/events').onmessage = () => void load()
void load()
`
