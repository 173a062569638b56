/**
 * The script of a spreadsheet: only the cells in view exist, and only rows near them are fetched, so that a million cells scroll as ten do. What comes from the
 * spreadsheet becomes text nodes and attributes of the DOM, never HTML.
 */
export const sheetScript = String.raw`'use strict'
const id = /\/spreadsheets\/(?:d\/)?([\w-]+)/.exec(location.pathname)[1]
const api = '/page/api/spreadsheets/' + id
const $ = (name) => document.getElementById(name)
const grid = $('grid')
const rowHeight = 24
const lineWidth = 52
const blockRows = 200
const mostBlocks = 60
const mostRows = 600000 // past that, browsers place nothing

let file
let tab
let offsets = [0]
let blocks = new Map()
let changed = new Map()
let selected = { row: 0, column: 0 }
let frame = 0

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

function fail(message) {
  $('failure').textContent = message
  $('failure').hidden = message === ''
}

async function ask(path, body) {
  const answer = await fetch(api + path, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const told = await answer.json()
  if (!answer.ok) throw new Error(told.message)
  return told
}

async function tell(path, body) {
  try {
    await ask(path, body)
    fail('')
  } catch (error) {
    fail(error.message)
  }
}

function columnName(index) {
  let name = ''
  for (let left = index + 1; left > 0; left = Math.floor((left - 1) / 26)) name = String.fromCharCode(65 + ((left - 1) % 26)) + name
  return name
}

// The spreadsheet

async function load() {
  try {
    file = await ask('')
  } catch (error) {
    $('title').textContent = 'Nothing is here'
    $('state').textContent = error.message
    return
  }
  document.title = file.title + ' · Google Sheets emulator'
  $('title').textContent = file.title
  $('state').textContent = 'Changed ' + new Date(file.modifiedTime).toLocaleTimeString() + ' · ' + file.cells.toLocaleString() + ' cells'
  const wanted = tab ? tab.id : Number(/gid=(\d+)/.exec(location.hash)?.[1] ?? -1)
  const found = file.tabs.find((one) => one.id === wanted) ?? file.tabs.find((one) => !one.hidden)
  open(found, tab && tab.id === found.id)
  showPanel()
}

function open(next, same) {
  tab = next
  if (!same) {
    blocks = new Map()
    changed = new Map()
    selected = { row: 0, column: 0 }
    grid.scrollTo(0, 0)
    history.replaceState(null, '', '#gid=' + tab.id)
  }
  offsets = new Float64Array(tab.columnCount + 1)
  for (let column = 0; column < tab.columnCount; column += 1) offsets[column + 1] = offsets[column] + (tab.widths[column] ?? 100)
  selected.row = Math.min(selected.row, tab.rowCount - 1)
  selected.column = Math.min(selected.column, tab.columnCount - 1)
  grid.setAttribute('aria-rowcount', tab.rowCount)
  grid.setAttribute('aria-colcount', tab.columnCount)
  grid.setAttribute('aria-label', 'Cells of ' + tab.title)
  showTabs()
  draw()
}

function showTabs() {
  const focused = $('tabs').contains(document.activeElement)
  $('tabs').replaceChildren(...file.tabs.map((one) => {
    const button = element('button', { textContent: one.title, className: one.hidden ? 'concealed' : '', tabIndex: one.id === tab.id ? 0 : -1, onclick: () => open(one, one.id === tab.id) })
    button.setAttribute('role', 'tab')
    button.setAttribute('aria-selected', one.id === tab.id)
    return button
  }))
  if (focused) $('tabs').querySelector('[aria-selected="true"]').focus()
}

$('tabs').addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (!step) return
  const at = file.tabs.findIndex((one) => one.id === tab.id) + step
  if (file.tabs[at]) open(file.tabs[at], false)
})

// Cells

function shownRows() {
  return Math.min(tab.rowCount, mostRows)
}

function frozenRows() {
  return Math.min(tab.frozenRowCount, 10)
}

function block(number) {
  const known = blocks.get(number)
  if (!known || (known.version !== file.version && known.asked !== file.version)) fetchBlock(number, known)
  return known
}

async function fetchBlock(number, known) {
  const asked = file.version
  const of = tab.id
  if (known) known.asked = asked
  else blocks.set(number, { version: -1, asked, rows: undefined })
  try {
    const { version, rows } = await ask('/cells?gid=' + of + '&from=' + number * blockRows + '&to=' + (number + 1) * blockRows)
    if (tab.id !== of) return
    const before = blocks.get(number)
    if (before && before.rows) noteChanges(number, before.rows, rows)
    blocks.delete(number)
    blocks.set(number, { version, asked: version, rows })
    while (blocks.size > mostBlocks) blocks.delete(blocks.keys().next().value)
    draw()
  } catch (error) {
    blocks.delete(number)
    fail(error.message)
  }
}

function noteChanges(number, before, after) {
  for (let row = 0; row < blockRows; row += 1) {
    const width = Math.max(before[row]?.length ?? 0, after[row]?.length ?? 0)
    for (let column = 0; column < width; column += 1) {
      if ((before[row]?.[column]?.t ?? '') === (after[row]?.[column]?.t ?? '')) continue
      const key = number * blockRows + row + ':' + column
      changed.set(key, true)
      setTimeout(() => changed.delete(key), 1800)
    }
  }
}

function cellAt(row, column) {
  return block(Math.floor(row / blockRows))?.rows?.[row % blockRows]?.[column] || undefined
}

function draw() {
  if (frame === 0) frame = requestAnimationFrame(drawNow)
}

function drawNow() {
  frame = 0
  if (!tab) return
  const width = lineWidth + offsets[tab.columnCount]
  const frozen = frozenRows()
  $('head').style.width = $('body').style.width = width + 'px'
  $('body').style.height = (shownRows() - frozen) * rowHeight + 'px'
  const columns = columnsInView()
  const first = frozen + Math.max(0, Math.floor(grid.scrollTop / rowHeight) - 4)
  const last = Math.min(shownRows(), frozen + Math.ceil((grid.scrollTop + grid.clientHeight) / rowHeight) + 4)
  const head = [letterRow(columns, width)]
  for (let row = 0; row < frozen; row += 1) head.push(drawRow(row, columns, width, true))
  $('head').replaceChildren(...head)
  const body = []
  for (let row = first; row < last; row += 1) body.push(drawRow(row, columns, width, false))
  $('body').replaceChildren(...body)
  showSelected()
}

function columnsInView() {
  let from = 0
  while (from < tab.columnCount - 1 && offsets[from + 1] < grid.scrollLeft) from += 1
  let to = from
  while (to < tab.columnCount && offsets[to] < grid.scrollLeft + grid.clientWidth) to += 1
  return { from, to }
}

function letterRow({ from, to }, width) {
  const row = element('div', { className: 'row' }, element('span', { className: 'line' }))
  row.style.width = width + 'px'
  row.setAttribute('role', 'row')
  for (let column = from; column < to; column += 1) {
    const letter = element('div', { className: column === selected.column ? 'letter picked' : 'letter', textContent: columnName(column) })
    place(letter, column)
    letter.setAttribute('role', 'columnheader')
    letter.setAttribute('aria-colindex', column + 1)
    row.append(letter)
  }
  return row
}

function place(made, column) {
  made.style.left = lineWidth + offsets[column] + 'px'
  made.style.width = offsets[column + 1] - offsets[column] + 'px'
}

function drawRow(row, { from, to }, width, frozen) {
  const line = element('span', { className: row === selected.row ? 'line picked' : 'line', textContent: row + 1 })
  line.setAttribute('role', 'rowheader')
  const made = element('div', { className: frozen ? 'row frozen' : 'row' }, line)
  made.style.width = width + 'px'
  if (!frozen) made.style.top = (row - frozenRows()) * rowHeight + 'px'
  made.setAttribute('role', 'row')
  made.setAttribute('aria-rowindex', row + 1)
  for (let column = from; column < to; column += 1) made.append(drawCell(row, column))
  return made
}

function drawCell(row, column) {
  const cell = cellAt(row, column)
  const made = element('div', { className: 'cell', id: 'cell-' + row + '-' + column, textContent: cell?.t ?? '' })
  made.setAttribute('role', 'gridcell')
  made.setAttribute('aria-colindex', column + 1)
  made.dataset.row = row
  made.dataset.column = column
  place(made, column)
  if (cell?.k) made.classList.add(cell.k)
  if (cell?.n) made.classList.add('noted')
  if (changed.has(row + ':' + column)) made.classList.add('changed')
  if (cell?.s) dress(made, cell.s)
  return made
}

function dress(made, looks) {
  for (const name of ['bold', 'italic', 'strike']) if (looks[name]) made.classList.add(name)
  if (looks.background && looks.background !== 'rgb(255, 255, 255)') {
    made.classList.add('painted')
    made.style.background = looks.background
  }
  if (looks.color && looks.color !== 'rgb(0, 0, 0)') made.style.color = looks.color
  if (looks.align) made.style.textAlign = looks.align
}

grid.addEventListener('scroll', draw, { passive: true })
addEventListener('resize', draw)

// The selected cell

function showSelected() {
  const made = $('cell-' + selected.row + '-' + selected.column)
  if (made) made.setAttribute('aria-selected', 'true')
  if (made) grid.setAttribute('aria-activedescendant', made.id)
  else grid.removeAttribute('aria-activedescendant')
  const cell = cellAt(selected.row, selected.column)
  $('name').textContent = columnName(selected.column) + (selected.row + 1)
  if (document.activeElement !== $('formula')) $('formula').value = cell?.v ?? cell?.t ?? ''
  showNote(document.activeElement === grid && cell?.n ? made : undefined, cell?.n)
}

function showNote(at, text) {
  const note = $('note')
  note.hidden = !at
  if (!at) return
  note.textContent = text
  const { right, top, left } = at.getBoundingClientRect()
  const fits = right + 8 + note.offsetWidth < innerWidth
  note.style.left = (fits ? right + 4 : Math.max(4, left - note.offsetWidth - 4)) + 'px'
  note.style.top = Math.max(4, Math.min(top, innerHeight - note.offsetHeight - 8)) + 'px'
}

function select(row, column) {
  selected = { row: Math.max(0, Math.min(row, shownRows() - 1)), column: Math.max(0, Math.min(column, tab.columnCount - 1)) }
  const frozen = frozenRows()
  const top = (selected.row - frozen) * rowHeight
  const inside = grid.clientHeight - (frozen + 1) * rowHeight - 4
  if (selected.row >= frozen && top < grid.scrollTop) grid.scrollTop = top
  else if (selected.row >= frozen && top + rowHeight > grid.scrollTop + inside) grid.scrollTop = top + rowHeight - inside
  const left = offsets[selected.column]
  const right = offsets[selected.column + 1]
  if (left < grid.scrollLeft) grid.scrollLeft = left
  else if (right > grid.scrollLeft + grid.clientWidth - lineWidth) grid.scrollLeft = right - grid.clientWidth + lineWidth
  draw()
}

grid.addEventListener('mousedown', (event) => {
  const made = event.target.closest('.cell')
  if (made) select(Number(made.dataset.row), Number(made.dataset.column))
})
grid.addEventListener('dblclick', () => $('formula').focus())
grid.addEventListener('mouseover', (event) => {
  const made = event.target.closest('.cell.noted')
  showNote(made ?? undefined, made ? cellAt(Number(made.dataset.row), Number(made.dataset.column))?.n : '')
})
grid.addEventListener('mouseleave', () => showNote(undefined))
grid.addEventListener('blur', () => showNote(undefined))
grid.addEventListener('focus', draw)

grid.addEventListener('keydown', (event) => {
  const { row, column } = selected
  const page = Math.max(1, Math.floor(grid.clientHeight / rowHeight) - 3)
  const far = event.ctrlKey || event.metaKey
  const moves = {
    ArrowUp: [far ? 0 : row - 1, column],
    ArrowDown: [far ? Math.max(tab.rows - 1, 0) : row + 1, column],
    ArrowLeft: [row, far ? 0 : column - 1],
    ArrowRight: [row, far ? Math.max(tab.columns - 1, 0) : column + 1],
    PageUp: [row - page, column],
    PageDown: [row + page, column],
    Home: [far ? 0 : row, 0],
    End: [far ? tab.rows - 1 : row, Math.max(tab.columns - 1, 0)],
  }
  const to = moves[event.key]
  if (to) select(...to)
  else if (event.key === 'Enter' || event.key === 'F2') $('formula').focus()
  else if (event.key === 'Delete' || event.key === 'Backspace') write('')
  else if (event.key.length === 1 && !far && !event.altKey) {
    $('formula').value = event.key
    $('formula').focus()
  } else return
  event.preventDefault()
})

function write(text) {
  return tell('/cell', { gid: tab.id, row: selected.row, column: selected.column, text })
}

$('formula').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' && event.key !== 'Escape') return
  const text = $('formula').value
  grid.focus()
  if (event.key === 'Enter') write(text)
  if (event.key === 'Enter') select(selected.row + 1, selected.column)
  else draw()
  event.preventDefault()
})
$('formula').addEventListener('blur', draw)

// Sharing and details

const roles = { owner: 'Owner', writer: 'Editor', commenter: 'Commenter', reader: 'Viewer' }

function showPanel() {
  $('sharing').replaceChildren(...file.sharing.map(({ email, role }) => {
    const line = element('li', {}, element('span', { textContent: email }), element('small', { textContent: roles[role] }))
    if (role !== 'owner') {
      const remove = element('button', { textContent: 'Remove', onclick: () => tell('/sharing', { email, role: 'none' }) })
      remove.setAttribute('aria-label', 'Stop sharing with ' + email)
      line.append(remove)
    }
    return line
  }))
  const facts = [
    ['Address', location.origin + '/spreadsheets/d/' + file.id],
    ['Locale', file.locale],
    ['Time zone', file.timeZone],
    ...file.namedRanges.map(({ name, range }) => ['Named range', name + ' = ' + range]),
    ...file.tabs.flatMap((one) => (one.filter ? [['Filter', one.filter]] : [])),
    ...file.tabs.flatMap((one) => one.protected.map((range) => ['Protected', range])),
  ]
  $('facts').replaceChildren(...facts.flatMap(([name, value]) => [element('dt', { textContent: name }), element('dd', { textContent: value })]))
  $('metadata').querySelector('summary').textContent = 'Developer metadata (' + file.metadata.length + ')'
  $('metadata').querySelector('div').replaceChildren(...file.metadata.map(({ id, key, value, visibility, place }) =>
    element('article', {},
      element('b', { textContent: key }),
      element('small', { textContent: place + ' · ' + visibility.toLowerCase() + ' · ' + id }),
      element('code', { textContent: value }))))
}

$('panel-button').addEventListener('click', () => {
  $('panel').hidden = !$('panel').hidden
  $('panel-button').setAttribute('aria-expanded', !$('panel').hidden)
  draw()
})

$('share').addEventListener('submit', async (event) => {
  event.preventDefault()
  await tell('/sharing', { email: $('email').value.trim(), role: $('role').value })
  if ($('failure').hidden) $('email').value = ''
})

// What is pushed while somebody looks

const events = new EventSource('/page/events')
let waiting = false
events.onopen = load
events.onmessage = async (event) => {
  if (JSON.parse(event.data).id !== id || waiting) return
  waiting = true // several changes in a row are looked at once
  await new Promise((done) => setTimeout(done, 60))
  waiting = false
  await load()
}
events.onerror = () => {
  $('state').textContent = 'The emulator does not answer. It may have been stopped.'
}
`
