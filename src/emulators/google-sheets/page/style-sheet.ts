/** How the pages look: a calm spreadsheet, in the light or dark of whoever looks. */
export const styleSheet = String.raw`
:root {
  color-scheme: light dark;
  --ground: #f7f8f7; --paper: #fff; --ink: #1f2421; --soft: #5d6762; --line: #dfe3e0; --strong: #b9c1bc; --head: #f1f3f1;
  --accent: #237a4b; --accent-ink: #fff; --picked: #e4f2ea; --changed: #fff2c4; --note: #d97706; --bad: #b3261e; --pop: #fffbe8; --shadow: 0 2px 12px rgb(0 0 0 / 15%);
  font: 14px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #171a18; --paper: #1d211f; --ink: #e4e8e5; --soft: #9aa49e; --line: #2e3431; --strong: #4a524d; --head: #232825;
    --accent: #4fb37e; --accent-ink: #0d1a12; --picked: #203a2c; --changed: #4d431a; --note: #f0a03c; --bad: #f2857c; --pop: #2f2b1a; --shadow: 0 2px 14px rgb(0 0 0 / 50%);
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; margin: 0; }
body { background: var(--ground); color: var(--ink); }
h1 { font-size: 17px; font-weight: 600; margin: 0; }
h2 { font-size: 13px; font-weight: 600; margin: 22px 0 8px; color: var(--soft); }
a { color: var(--accent); }
code { font: 13px ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
button, input, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--strong); border-radius: 6px; padding: 5px 11px; }
button { cursor: pointer; }
button:hover { border-color: var(--accent); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); font-weight: 600; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.top { display: flex; align-items: center; gap: 12px; padding: 10px 16px; background: var(--paper); border-bottom: 1px solid var(--line); }
.top img { display: block; }
#failure { position: fixed; left: 50%; bottom: 60px; transform: translateX(-50%); max-width: 90vw; margin: 0; padding: 9px 16px; border-radius: 8px; background: var(--paper); color: var(--bad); border: 1px solid var(--bad); box-shadow: var(--shadow); z-index: 20; }

.list main { max-width: 1000px; margin: 0 auto; padding: 24px 16px; }
.list .top form { margin-left: auto; display: flex; gap: 8px; }
.list table { width: 100%; border-collapse: collapse; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.list th, .list td { text-align: left; padding: 10px 14px; border-top: 1px solid var(--line); vertical-align: top; }
.list thead th { font-size: 12px; font-weight: 600; color: var(--soft); background: var(--head); border-top: 0; }
.list td:first-child a { font-weight: 600; text-decoration: none; overflow-wrap: anywhere; }
.list td:first-child a:hover { text-decoration: underline; }
.list td small { display: block; color: var(--soft); overflow-wrap: anywhere; }
.list .number { text-align: right; font-variant-numeric: tabular-nums; }
.list section { max-width: 62ch; }
.list .hint { color: var(--soft); }

.narrow { display: grid; place-items: center; padding: 24px; }
.card { width: min(460px, 100%); background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 24px 28px; box-shadow: var(--shadow); }
.card label { display: grid; gap: 4px; margin: 12px 0; }
.card fieldset { border: 1px solid var(--line); border-radius: 8px; }
.card legend { color: var(--soft); padding: 0 6px; }
.card label.choice { display: flex; gap: 8px; align-items: baseline; margin: 6px 0; }
.card .actions { display: flex; gap: 8px; margin: 18px 0 0; }

.sheet { display: flex; flex-direction: column; overflow: hidden; }
.sheet .titles { flex: 1; min-width: 0; }
.sheet .titles h1 { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
#state { margin: 0; font-size: 12px; color: var(--soft); min-height: 1.45em; }
.bar { display: flex; background: var(--paper); border-bottom: 1px solid var(--line); }
#name { width: 86px; padding: 5px 12px; border-right: 1px solid var(--line); color: var(--soft); font-variant-numeric: tabular-nums; }
#formula { flex: 1; min-width: 0; border: 0; border-radius: 0; padding: 5px 12px; }
#formula:focus-visible { outline-offset: -2px; }
.middle { flex: 1; display: flex; min-height: 0; }
#grid { flex: 1; overflow: auto; background: var(--paper); position: relative; font-size: 13px; overscroll-behavior: contain; }
#grid:focus-visible { outline: none; }
#head { position: sticky; top: 0; z-index: 3; background: var(--paper); }
#body { position: relative; }
.row { position: absolute; left: 0; height: 24px; }
#head .row { position: relative; }
#head .row.frozen:last-child { border-bottom: 2px solid var(--strong); height: 25px; }
.cell, .letter { position: absolute; top: 0; height: 24px; line-height: 23px; padding: 0 5px; border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); white-space: pre; overflow: hidden; text-overflow: ellipsis; }
.cell { background: var(--paper); cursor: cell; }
.cell.n { text-align: right; font-variant-numeric: tabular-nums; }
.cell.b { text-align: center; }
.cell.bold { font-weight: 600; }
.cell.italic { font-style: italic; }
.cell.strike { text-decoration: line-through; }
.cell.painted { color: #1f2421; }
.cell.noted::after { content: ''; position: absolute; top: 0; right: 0; border: 4px solid; border-color: var(--note) var(--note) transparent transparent; }
.cell.changed { animation: changed 1.8s ease-out; }
@keyframes changed { from { background: var(--changed); } }
@media (prefers-reduced-motion: reduce) { .cell.changed { animation: none; } }
.cell[aria-selected='true'] { outline: 2px solid var(--accent); outline-offset: -2px; z-index: 1; }
.letter { background: var(--head); color: var(--soft); text-align: center; font-size: 12px; }
.line { position: sticky; left: 0; z-index: 2; display: block; width: 52px; height: 24px; line-height: 23px; background: var(--head); color: var(--soft); text-align: center; font-size: 12px; border-right: 1px solid var(--strong); border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.letter.picked, .line.picked { background: var(--picked); color: var(--ink); font-weight: 600; }
#panel { width: 320px; overflow: auto; background: var(--paper); border-left: 1px solid var(--line); padding: 0 18px 24px; }
#sharing { list-style: none; margin: 0; padding: 0; }
#sharing li { display: flex; align-items: center; gap: 8px; padding: 5px 0; border-bottom: 1px solid var(--line); }
#sharing span { flex: 1; min-width: 0; overflow-wrap: anywhere; }
#sharing small { color: var(--soft); }
#share { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 10px; }
#share input { flex: 1 1 100%; }
#facts { display: grid; grid-template-columns: auto 1fr; gap: 4px 12px; margin: 0; font-size: 13px; }
#facts dt { color: var(--soft); }
#facts dd { margin: 0; overflow-wrap: anywhere; }
#metadata { margin-top: 22px; font-size: 13px; }
#metadata summary { font-weight: 600; color: var(--soft); cursor: pointer; }
#metadata article { border: 1px solid var(--line); border-radius: 6px; padding: 7px 10px; margin: 8px 0; }
#metadata article b { display: block; overflow-wrap: anywhere; }
#metadata article small { color: var(--soft); }
#metadata article code { display: block; overflow-wrap: anywhere; white-space: pre-wrap; font-size: 12px; max-height: 9em; overflow: auto; }
#tabs { display: flex; gap: 2px; overflow-x: auto; background: var(--head); border-top: 1px solid var(--line); padding: 0 10px; flex: none; }
#tabs button { border: 0; border-radius: 0 0 6px 6px; background: none; padding: 8px 14px; color: var(--soft); white-space: nowrap; }
#tabs button[aria-selected='true'] { background: var(--paper); color: var(--accent); font-weight: 600; box-shadow: 0 1px 0 var(--accent) inset; }
#tabs button.concealed { font-style: italic; }
#tabs button.concealed::after { content: ' hidden'; font-size: 11px; font-style: normal; opacity: 0.75; }
#note { position: fixed; z-index: 10; max-width: 300px; padding: 8px 12px; border-radius: 6px; background: var(--pop); color: var(--ink); border: 1px solid var(--note); box-shadow: var(--shadow); font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere; pointer-events: none; }
@media (max-width: 720px) {
  .middle { position: relative; }
  #panel { position: absolute; inset: 0 0 0 auto; z-index: 6; width: min(320px, 100%); box-shadow: var(--shadow); }
  .list .top { flex-wrap: wrap; }
  .list .top form { margin-left: 0; width: 100%; }
  .list .top form input { flex: 1; min-width: 0; }
}
`
