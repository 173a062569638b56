/** The script of the list. What comes from spreadsheets becomes text nodes, never HTML. */
export const listScript = String.raw`'use strict'
const $ = (id) => document.getElementById(id)
const files = $('files')

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

function fail(message) {
  $('failure').textContent = message
  $('failure').hidden = message === ''
}

async function load() {
  try {
    const listed = await (await fetch('/page/api/spreadsheets')).json()
    fail('')
    $('empty').hidden = listed.length > 0
    files.hidden = listed.length === 0
    files.tBodies[0].replaceChildren(...listed.map(row))
  } catch {
    fail('The emulator does not answer. It may have been stopped.')
  }
}

function row(file) {
  const link = element('a', { href: '/spreadsheets/d/' + file.id + '/edit', textContent: file.title })
  const name = element('td', {}, link, element('small', { textContent: file.id }))
  return element('tr', {},
    name,
    element('td', { textContent: file.tabs.join(', ') || 'no spreadsheet' }),
    element('td', { textContent: file.shared.join(', ') || 'nobody' }),
    element('td', { className: 'number', textContent: file.cells.toLocaleString() }),
    element('td', { textContent: new Date(file.modifiedTime).toLocaleString() }))
}

$('new').addEventListener('submit', async (event) => {
  event.preventDefault()
  const answer = await fetch('/page/api/spreadsheets', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title: $('title').value.trim() || 'Untitled spreadsheet' }),
  })
  const told = await answer.json()
  if (answer.ok) location.href = '/spreadsheets/d/' + told.id + '/edit'
  else fail(told.message)
})

const events = new EventSource('/page/events')
events.onopen = load
events.onmessage = load
events.onerror = () => fail('The emulator does not answer. It may have been stopped.')
`
