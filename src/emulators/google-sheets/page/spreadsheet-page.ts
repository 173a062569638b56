/** One spreadsheet: the frame that its script fills. */
import { htmlPage, mark } from './html.ts'

export function spreadsheetPage(title: string): string {
  return htmlPage({
    title: `${title} · Google Sheets emulator`,
    script: 'spreadsheet.js',
    name: 'spreadsheet',
    body: `<header class="bar">
<a class="home" href="/" aria-label="All spreadsheets">${mark}</a>
<div class="names"><h1 id="title"></h1><p class="faint" id="status" role="status"></p></div>
<button type="button" id="details-button" aria-expanded="false" aria-controls="details">Sharing and details</button>
</header>
<div class="entry"><output id="address" for="grid"></output><output id="content" for="grid"></output></div>
<div class="work">
<div id="grid" class="grid" role="grid" tabindex="0" aria-label="Cells"><div id="canvas" class="canvas"><div id="layer"></div></div></div>
<aside id="details" aria-label="Sharing and details" hidden>
<section><h2>Shared with</h2><ul id="sharing" class="sharing"></ul>
<form id="share"><label>Email<input type="email" name="email" required autocomplete="off"></label>
<label>May<select name="role"><option value="writer">edit</option><option value="reader">view</option></select></label>
<button type="submit">Share</button></form></section>
<section><h2>Spreadsheet</h2><dl id="facts"></dl></section>
<details open><summary>Developer metadata <span id="metadata-count" class="count"></span></summary><div id="metadata"></div></details>
</aside>
</div>
<p class="problem" id="problem" role="alert" hidden></p>
<nav class="tabs" aria-label="Tabs"><div id="tabs" role="tablist"></div></nav>
<div id="note" class="note" role="tooltip" hidden></div>`,
  })
}

export function missingPage(): string {
  return htmlPage({
    title: 'No such spreadsheet · Google Sheets emulator',
    name: 'index',
    body: `<header class="bar"><a class="home" href="/">${mark}<span>Google Sheets emulator</span></a></header>
<main><h1>There is no such spreadsheet here</h1><p>It may live in Google itself, or was never exported to. <a href="/">All spreadsheets</a> of the emulator.</p></main>`,
  })
}
