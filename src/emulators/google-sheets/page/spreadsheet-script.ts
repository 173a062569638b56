/**
 * What the page of a spreadsheet does in the browser: it draws the cells in view and no others, fetches rows in blocks, and fetches again what is in
 * view whenever the emulator tells of a change. Cells reach the document as text alone, never as HTML.
 */
export const spreadsheetScript = String.raw`'use strict'
const byId = (id) => document.getElementById(id)
const [grid, canvas, layer, tabList, noteBox, problem] = ['grid', 'canvas', 'layer', 'tabs', 'note', 'problem'].map(byId)
const id = decodeURIComponent(location.pathname.split('/')[3])
const base = '/-/spreadsheets/' + encodeURIComponent(id)

const rowHeight = 24
const numberWidth = 52
const usualWidth = 100
const plusWidth = 28
const blockRows = 200
const mostRows = 600000 // a page can be no taller

let book
let tab
let blocks = new Map()
let old = new Map()
let edges = [0]
let active = { row: 0, column: 0 }
let editor
let drawn = ''

function element(name, className, text) {
  const made = document.createElement(name)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

function letters(column) {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last
}

function clamp(value, least, most) {
  return Math.max(least, Math.min(most, value))
}

function rowCount() {
  return Math.min(tab.rowCount, mostRows)
}

// Data

async function loadBook() {
  const answer = await fetch(base)
  if (answer.status === 404) {
    location.href = '/'
    return
  }
  book = await answer.json()
  byId('title').textContent = book.title
  document.title = book.title + ' · Google Sheets emulator'
  byId('status').textContent = 'Changed ' + new Date(book.modified).toLocaleString()
  const wanted = Number(/gid=(\d+)/.exec(location.hash + location.search)?.[1] ?? NaN)
  const shown = tab?.sheetId
  tab = book.tabs.find((one) => one.sheetId === wanted) ?? book.tabs.find((one) => one.sheetId === shown) ?? book.tabs.find((one) => !one.hidden && one.filledRows > 0) ?? book.tabs.find((one) => !one.hidden) ?? book.tabs[0]
  edges = [0]
  for (let column = 0; column < tab.columnCount; column++) edges.push(edges[column] + (tab.widths[column] ?? usualWidth))
  showTabs()
  showDetails()
}

async function loadBlock(k) {
  const at = tab.sheetId
  const version = book.version
  blocks.set(k, undefined)
  const answer = await fetch(base + '/tabs/' + at + '?first=' + k * blockRows + '&end=' + (k + 1) * blockRows)
  if (!answer.ok || at !== tab.sheetId || version !== book.version) return
  blocks.set(k, (await answer.json()).rows)
  draw()
}

function rowOf(row) {
  const k = Math.floor(row / blockRows)
  if (!blocks.has(k)) void loadBlock(k)
  const rows = blocks.get(k) ?? old.get(k)
  return rows?.[row - k * blockRows] ?? []
}

function cellAt(row, column) {
  const cell = rowOf(row)[column] ?? ''
  return typeof cell === 'string' ? { t: cell } : cell
}

function wasAt(row, column) {
  const k = Math.floor(row / blockRows)
  if (!old.has(k) || blocks.get(k) === undefined) return undefined
  const cell = old.get(k)?.[row - k * blockRows]?.[column] ?? ''
  return typeof cell === 'string' ? cell : cell.t
}

async function refresh() {
  old = new Map([...blocks].filter(([, rows]) => rows !== undefined))
  const before = tab.sheetId
  await loadBook()
  if (tab.sheetId !== before) old = new Map()
  blocks = new Map()
  drawn = ''
  draw()
  clearTimeout(refresh.timer)
  refresh.timer = setTimeout(() => {
    old = new Map()
    drawn = ''
    draw()
  }, 2500)
}

// Cells

/** The columns in view behind the frozen ones. */
function columnsInView() {
  const frozen = edges[tab.frozenColumnCount]
  const from = grid.scrollLeft + frozen
  const to = grid.scrollLeft + grid.clientWidth - numberWidth
  let first = tab.frozenColumnCount
  while (first < tab.columnCount - 1 && edges[first + 1] <= from) first++
  first = Math.max(tab.frozenColumnCount, first - 3) // texts may reach in from the left
  let last = first
  while (last < tab.columnCount && edges[last] < to) last++
  return { first, last }
}

function draw() {
  const frozen = Math.min(tab.frozenRowCount, rowCount())
  const first = clamp(frozen + Math.floor(grid.scrollTop / rowHeight) - 4, frozen, rowCount())
  const last = clamp(frozen + Math.ceil((grid.scrollTop + grid.clientHeight) / rowHeight) + 4, frozen, rowCount())
  const { first: left, last: right } = columnsInView()
  const state = [tab.sheetId, book.version, first, last, left, right, active.row, active.column, [...blocks].filter(([, rows]) => rows).length, old.size].join()
  if (state === drawn) return
  drawn = state
  const width = numberWidth + edges[tab.columnCount]
  layer.style.width = width + plusWidth + 'px'
  layer.style.height = (rowCount() + 2) * rowHeight + 'px'
  grid.setAttribute('aria-rowcount', tab.rowCount + 1)
  grid.setAttribute('aria-colcount', tab.columnCount + 1)
  const head = element('div', 'head')
  head.append(letterRow(left, right, width))
  for (let row = 0; row < frozen; row++) head.append(cellRow(row, left, right, width, row === frozen - 1))
  const body = document.createDocumentFragment()
  for (let row = first; row < last; row++) {
    const made = cellRow(row, left, right, width, false)
    made.style.top = (row + 1) * rowHeight + 'px'
    made.classList.add('placed')
    body.append(made)
  }
  if (last === rowCount()) {
    const more = plusButton('ROWS', 'Add a row')
    more.style.top = (last + 1) * rowHeight + 'px'
    body.append(more)
  }
  const hadFocus = layer.contains(document.activeElement)
  layer.replaceChildren(head, body)
  if (hadFocus) grid.focus({ preventScroll: true })
  grid.setAttribute('aria-activedescendant', 'cell-' + active.row + '-' + active.column)
  showEntry()
}

function spacer(left) {
  const made = element('div', 'spacer')
  made.style.width = edges[left] - edges[tab.frozenColumnCount] + 'px'
  return made
}

function eachColumn(row, left, right, add) {
  for (let column = 0; column < tab.frozenColumnCount; column++) {
    const made = add(column)
    made.classList.add('frozen')
    made.style.left = numberWidth + edges[column] + 'px'
    if (column === tab.frozenColumnCount - 1) made.classList.add('border')
    row.append(made)
  }
  row.append(spacer(left))
  for (let column = left; column < right; column++) row.append(add(column))
}

function plusButton(dimension, title) {
  const made = element('button', 'plus', '+')
  made.type = 'button'
  made.title = title
  made.setAttribute('aria-label', title)
  made.addEventListener('click', async () => {
    const [rows, columns] = [tab.rowCount, tab.columnCount]
    await post('/grid', { sheetId: tab.sheetId, add: dimension })
    await refresh()
    grid.focus({ preventScroll: true })
    if (dimension === 'ROWS') moveTo(rows, active.column)
    else moveTo(active.row, columns)
  })
  return made
}

function letterRow(left, right, width) {
  const row = element('div', 'row letters')
  row.setAttribute('role', 'row')
  row.style.width = width + plusWidth + 'px'
  const corner = element('div', 'number corner')
  row.append(corner)
  eachColumn(row, left, right, (column) => {
    const made = element('div', 'letter' + (column === active.column ? ' here' : ''), letters(column))
    made.setAttribute('role', 'columnheader')
    made.style.width = edges[column + 1] - edges[column] + 'px'
    made.title = 'Double-click: as wide as what it holds'
    made.addEventListener('dblclick', () => void post('/grid', { sheetId: tab.sheetId, fit: column }).then(() => grid.focus({ preventScroll: true })))
    return made
  })
  if (right === tab.columnCount) row.append(plusButton('COLUMNS', 'Add a column'))
  return row
}

function cellRow(row, left, right, width, isLastFrozen) {
  const made = element('div', 'row' + (isLastFrozen ? ' border' : ''))
  made.setAttribute('role', 'row')
  made.setAttribute('aria-rowindex', row + 2)
  made.style.width = width + 'px'
  const number = element('div', 'number' + (row === active.row ? ' here' : ''), row + 1)
  number.setAttribute('role', 'rowheader')
  made.append(number)
  eachColumn(made, left, right, (column) => cellBox(row, column))
  return made
}

function cellBox(row, column) {
  const cell = cellAt(row, column)
  const made = element('div', 'cell')
  made.id = 'cell-' + row + '-' + column
  made.dataset.row = row
  made.dataset.column = column
  made.setAttribute('role', 'gridcell')
  made.setAttribute('aria-colindex', column + 2)
  made.style.width = edges[column + 1] - edges[column] + 'px'
  if (cell.t !== '') made.append(textBox(cell, row, column, made))
  if (cell.b) made.classList.add('bold')
  if (cell.i) made.classList.add('italic')
  if (cell.a) made.classList.add(cell.a)
  if (cell.bg) made.style.backgroundColor = cell.bg
  if (cell.fg) made.style.color = cell.fg
  if (cell.n !== undefined) {
    made.classList.add('noted')
    made.setAttribute('aria-description', cell.n)
  }
  if (row === active.row && column === active.column) {
    made.classList.add('active')
    made.setAttribute('aria-selected', 'true')
  }
  const was = wasAt(row, column)
  if (was !== undefined && was !== cell.t) made.classList.add('fresh')
  return made
}

/** Text reaches over empty cells to its right, as people are used to. */
function textBox(cell, row, column, box) {
  const text = element('span', 'text', cell.t)
  let end = column + 1
  if (cell.a === undefined && column >= tab.frozenColumnCount) {
    while (end < tab.columnCount && end < column + 8 && cellAt(row, end).t === '') end++
    if (end > column + 1 && cell.t.length * 6.5 > edges[column + 1] - edges[column] - 10) {
      text.style.maxWidth = edges[end] - edges[column] - 8 + 'px'
      box.classList.add('reaching')
    }
  }
  return text
}

function showEntry() {
  const cell = cellAt(active.row, active.column)
  byId('address').textContent = letters(active.column) + (active.row + 1)
  byId('content').textContent = cell.e ?? cell.t
}

// Moving about

function moveTo(row, column) {
  active = { row: clamp(row, 0, rowCount() - 1), column: clamp(column, 0, tab.columnCount - 1) }
  const frozen = Math.min(tab.frozenRowCount, rowCount())
  if (active.row >= frozen) {
    const top = (active.row - frozen) * rowHeight
    const height = grid.clientHeight - (frozen + 1) * rowHeight
    if (top < grid.scrollTop) grid.scrollTop = top
    else if (top + rowHeight > grid.scrollTop + height) grid.scrollTop = top + rowHeight - height
  }
  if (active.column >= tab.frozenColumnCount) {
    const left = edges[active.column] - edges[tab.frozenColumnCount]
    const width = grid.clientWidth - numberWidth - edges[tab.frozenColumnCount]
    if (left < grid.scrollLeft) grid.scrollLeft = left
    else if (edges[active.column + 1] - edges[tab.frozenColumnCount] > grid.scrollLeft + width)
      grid.scrollLeft = edges[active.column + 1] - edges[tab.frozenColumnCount] - width
  }
  draw()
  const cell = cellAt(active.row, active.column)
  const box = byId('cell-' + active.row + '-' + active.column)
  if (cell.n !== undefined && box) showNote(box, cell.n)
  else noteBox.hidden = true
}

const page = () => Math.max(1, Math.floor(grid.clientHeight / rowHeight) - 3)
const moves = {
  ArrowUp: () => [active.row - 1, active.column],
  ArrowDown: () => [active.row + 1, active.column],
  ArrowLeft: () => [active.row, active.column - 1],
  ArrowRight: () => [active.row, active.column + 1],
  PageUp: () => [active.row - page(), active.column],
  PageDown: () => [active.row + page(), active.column],
  Home: (event) => [event.ctrlKey ? 0 : active.row, 0],
  End: (event) => [event.ctrlKey ? tab.filledRows - 1 : active.row, Math.max(0, rowOf(active.row).length - 1)],
}

grid.addEventListener('keydown', (event) => {
  if (editor || !tab || event.target !== grid) return
  const move = event.altKey || event.metaKey ? undefined : moves[event.key]
  if (move) {
    event.preventDefault()
    moveTo(...move(event))
  } else if (event.key === 'Enter' || event.key === 'F2') {
    event.preventDefault()
    edit()
  } else if (event.key === 'Delete' || event.key === 'Backspace') {
    event.preventDefault()
    void save(active, '')
  } else if (event.key === 'Escape') noteBox.hidden = true
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault()
    edit(event.key)
  }
})

canvas.addEventListener('mousedown', (event) => {
  const box = event.target.closest('.cell')
  if (!box || editor?.box.contains(event.target)) return
  event.preventDefault()
  grid.focus({ preventScroll: true })
  moveTo(Number(box.dataset.row), Number(box.dataset.column))
})
canvas.addEventListener('dblclick', (event) => event.target.closest('.cell') && edit())
grid.addEventListener('scroll', () => {
  noteBox.hidden = true
  requestAnimationFrame(draw)
})
new ResizeObserver(() => tab && draw()).observe(grid)

// Notes

function showNote(box, text) {
  noteBox.textContent = text
  noteBox.hidden = false
  const at = box.getBoundingClientRect()
  noteBox.style.left = Math.min(at.right + 2, innerWidth - noteBox.offsetWidth - 8) + 'px'
  noteBox.style.top = Math.min(at.top, innerHeight - noteBox.offsetHeight - 8) + 'px'
}

canvas.addEventListener('mouseover', (event) => {
  const box = event.target.closest('.noted')
  if (box) showNote(box, cellAt(Number(box.dataset.row), Number(box.dataset.column)).n)
  else noteBox.hidden = true
})

// Editing, as a person would

function edit(typed) {
  const { row, column } = active
  const cell = cellAt(row, column)
  const box = element('input', 'editor')
  box.value = typed ?? cell.e ?? cell.t
  box.setAttribute('aria-label', 'Content of ' + letters(column) + (row + 1))
  const at = byId('cell-' + row + '-' + column).getBoundingClientRect()
  const origin = canvas.getBoundingClientRect()
  Object.assign(box.style, {
    left: at.left - origin.left + 'px',
    top: at.top - origin.top + 'px',
    minWidth: at.width + 'px',
  })
  editor = { box, row, column }
  canvas.append(box)
  box.focus()
  if (typed === undefined) box.select()
  const end = (isKept) => {
    if (!editor) return
    editor = undefined
    box.remove()
    grid.focus({ preventScroll: true })
    if (isKept && box.value !== (cell.e ?? cell.t)) void save({ row, column }, box.value)
  }
  box.addEventListener('keydown', (event) => {
    event.stopPropagation()
    if (event.key === 'Escape') end(false)
    if (event.key !== 'Enter' && event.key !== 'Tab') return
    event.preventDefault()
    end(true)
    if (event.key === 'Enter') moveTo(row + 1, column)
    else moveTo(row, column + (event.shiftKey ? -1 : 1))
  })
  box.addEventListener('blur', () => end(true))
}

async function post(path, body) {
  const answer = await fetch(base + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  problem.hidden = answer.ok
  if (!answer.ok) problem.textContent = (await answer.json()).message
  return answer.ok
}

function save({ row, column }, text) {
  return post('/cells', { sheetId: tab.sheetId, row, column, text })
}

// Tabs

function showTabs() {
  tabList.replaceChildren(
    ...book.tabs.map((one) => {
      const made = element('button', one.hidden ? 'hidden-tab' : '', one.title)
      made.type = 'button'
      made.setAttribute('role', 'tab')
      made.setAttribute('aria-selected', String(one.sheetId === tab.sheetId))
      made.tabIndex = one.sheetId === tab.sheetId ? 0 : -1
      if (one.hidden) {
        made.title = 'This tab is hidden: in Google Sheets, people do not see it'
        made.append(' ', element('span', 'badge', 'hidden'))
      }
      made.addEventListener('click', () => choose(one.sheetId))
      return made
    }),
  )
  tabList.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

tabList.addEventListener('keydown', (event) => {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  const next = book.tabs[(book.tabs.indexOf(tab) + step + book.tabs.length) % book.tabs.length]
  void choose(next.sheetId).then(() => tabList.querySelector('[aria-selected=true]').focus())
})

async function choose(sheetId) {
  history.replaceState(undefined, '', '#gid=' + sheetId)
  await open()
}

async function open() {
  const before = tab?.sheetId
  await loadBook()
  blocks = new Map()
  old = new Map()
  drawn = ''
  if (tab.sheetId !== before) {
    active = { row: 0, column: 0 }
    grid.scrollTo(0, 0)
  }
  draw()
}

addEventListener('hashchange', () => void open())

// Details

byId('details-button').addEventListener('click', (event) => {
  const panel = byId('details')
  panel.hidden = !panel.hidden
  event.currentTarget.setAttribute('aria-expanded', String(!panel.hidden))
})

function showDetails() {
  byId('sharing').replaceChildren(
    ...(book.sharing.length === 0 ? [element('li', 'faint', 'Nobody: no account reaches it')] : []),
    ...book.sharing.map(([email, role]) => {
      const item = element('li')
      const name = element('span', 'email', email)
      name.title = email
      const remove = element('button', 'plain', 'Remove')
      remove.type = 'button'
      remove.setAttribute('aria-label', 'Remove ' + email)
      remove.addEventListener('click', () => void post('/sharing', { email, role: 'none' }))
      item.append(name, element('span', 'faint', { owner: 'owner', writer: 'may edit', reader: 'may view' }[role]), remove)
      return item
    }),
  )
  const facts = { Id: book.id, Locale: book.locale, 'Time zone': book.timeZone, Tab: tab.title + ' (gid ' + tab.sheetId + ')', Grid: tab.rowCount.toLocaleString() + ' rows, ' + tab.columnCount.toLocaleString() + ' columns' }
  if (tab.filter) facts.Filter = tab.filter
  for (const one of tab.protectedRanges) facts.Protected = (facts.Protected ? facts.Protected + ', ' : '') + one
  for (const one of book.namedRanges) facts.Names = (facts.Names ? facts.Names + ', ' : '') + one
  byId('facts').replaceChildren(...Object.entries(facts).flatMap(([name, value]) => [element('dt', '', name), element('dd', '', value)]))
  byId('metadata-count').textContent = book.metadata.length
  byId('metadata').replaceChildren(
    ...(book.metadata.length === 0 ? [element('p', 'faint', 'None. Exports keep here what they need to know of their tabs.')] : []),
    ...book.metadata.map((one) => {
      const item = element('div', 'metadatum')
      item.append(element('div', 'key', one.key), element('div', 'faint', one.place + ' · ' + one.id), element('pre', '', one.value))
      return item
    }),
  )
}

byId('share').addEventListener('submit', async (event) => {
  event.preventDefault()
  const form = event.currentTarget
  if (await post('/sharing', Object.fromEntries(new FormData(form)))) form.reset()
})

const events = new EventSource('/-/events?id=' + encodeURIComponent(id))
events.onmessage = () => void (tab ? refresh() : open())
events.onerror = () => (byId('status').textContent = 'The emulator does not answer. Is it still running?')
events.onopen = () => void (tab ? refresh() : undefined)
void open().then(() => grid.focus({ preventScroll: true }))
`
