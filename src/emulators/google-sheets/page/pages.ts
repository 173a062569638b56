/** The two pages as HTML: what they show is fetched by their scripts. */
import { html, type Html } from './html.ts'
import { pageHead } from './page-head.ts'

function page(title: string, body: Html, script: string): string {
  return html`<!doctype html>
    <html lang="en">
      ${pageHead(title)} ${body}
      <script src="${script}"></script>
    </html>`.html
}

export function listPage(accounts: readonly string[]): string {
  return page(
    'Google Sheets emulator',
    html`<body class="list">
      <header class="top">
        <img src="/page/icon.svg" alt="" width="28" height="28" />
        <h1>Google Sheets emulator</h1>
        <form id="new">
          <label class="hidden" for="title">Title</label
          ><input id="title" name="title" placeholder="Title" maxlength="200" required autocomplete="off" /><button class="primary">
            New spreadsheet
          </button>
        </form>
      </header>
      <main>
        <table id="files">
          <thead>
            <tr>
              <th scope="col">Spreadsheet</th>
              <th scope="col">Tabs</th>
              <th scope="col">Shared with</th>
              <th scope="col" class="number">Cells</th>
              <th scope="col">Changed</th>
            </tr>
          </thead>
          <tbody></tbody>
        </table>
        <section id="empty" hidden>
          <h2>There is no spreadsheet yet</h2>
          <p>
            Run an export: a spreadsheet that a project names is made when it is first asked for. Or make one here, and put its address into
            the export.
          </p>
        </section>
        <section class="hint">
          <h2>What runs here</h2>
          <p>A Google Sheets of your own machine: programs speak to it as they do to Google. Nothing leaves this machine.</p>
          ${accounts.length > 0 ? html`<p>Programs come as ${accounts.map((email, at) => html`${at > 0 ? ', ' : ''}<code>${email}</code>`)}.</p>` : undefined}
        </section>
        <p id="failure" role="alert" hidden></p>
      </main>
    </body>`,
    '/page/list.js',
  )
}

export function sheetPage(): string {
  return page(
    'Spreadsheet',
    html`<body class="sheet">
      <header class="top">
        <a href="/" class="home" title="All spreadsheets"><img src="/page/icon.svg" alt="All spreadsheets" width="28" height="28" /></a>
        <div class="titles">
          <h1 id="title">…</h1>
          <p id="state" role="status"></p>
        </div>
        <button id="panel-button" aria-expanded="false" aria-controls="panel">Sharing and details</button>
      </header>
      <div class="bar">
        <output id="name" aria-label="Selected cell"></output><label class="hidden" for="formula">Content of the cell</label
        ><input id="formula" autocomplete="off" spellcheck="false" />
      </div>
      <div class="middle">
        <div id="grid" role="grid" tabindex="0" aria-label="Cells">
          <div id="head" role="rowgroup"></div>
          <div id="body" role="rowgroup"></div>
        </div>
        <aside id="panel" hidden aria-label="Sharing and details">
          <h2>Shared with</h2>
          <ul id="sharing"></ul>
          <form id="share">
            <label class="hidden" for="email">Email</label
            ><input id="email" type="email" placeholder="name@example.org" required autocomplete="off" /><label class="hidden" for="role"
              >Role</label
            ><select id="role">
              <option value="writer">Editor</option>
              <option value="reader">Viewer</option></select
            ><button>Share</button>
          </form>
          <h2>This spreadsheet</h2>
          <dl id="facts"></dl>
          <details id="metadata">
            <summary>Developer metadata</summary>
            <div></div>
          </details>
        </aside>
      </div>
      <nav id="tabs" role="tablist" aria-label="Tabs"></nav>
      <div id="note" role="tooltip" hidden></div>
      <p id="failure" role="alert" hidden></p>
    </body>`,
    '/page/sheet.js',
  )
}
