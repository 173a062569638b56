/** How the pages look: the colours of the browser's scheme, system type, and nothing that moves but what has just changed. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f7f8f7, #16191a);
  --sheet: light-dark(#fff, #1c2021);
  --ink: light-dark(#1d2523, #e3e8e6);
  --faint: light-dark(#5f6b67, #97a39f);
  --line: light-dark(#e0e5e2, #2f3638);
  --strong-line: light-dark(#b9c3bf, #4a5456);
  --head: light-dark(#f1f4f2, #23282a);
  --here: light-dark(#d5ebe1, #1f4638);
  --accent: light-dark(#0b7a53, #4cc295);
  --on-accent: light-dark(#fff, #0b1712);
  --fresh: light-dark(#fff1c2, #4b4017);
  --note: light-dark(#fff8dc, #3a3520);
  --corner: light-dark(#d98200, #e8a13c);
  --bad: light-dark(#a32a1f, #ff9d91);
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--ground); color: var(--ink); }
h1, h2, p, dl, dd, ul { margin: 0; padding: 0; }
h1 { font-size: 20px; font-weight: 600; text-wrap: balance; }
h2 { font-size: 13px; font-weight: 600; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
button, input, select { font: inherit; color: inherit; }
button { border: 1px solid var(--strong-line); border-radius: 6px; background: var(--sheet); padding: 5px 12px; cursor: pointer; }
button:hover { border-color: var(--accent); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button.plain { border: 0; background: none; padding: 2px 4px; color: var(--accent); }
code { font: 0.93em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--head); border-radius: 4px; padding: 1px 4px; }
.faint { color: var(--faint); }
.mark { width: 26px; height: 26px; flex: none; display: block; }
.mark rect { fill: var(--accent); }
.mark path { stroke: var(--on-accent); stroke-width: 1.4; }
.bar { display: flex; align-items: center; gap: 12px; padding: 9px 16px; background: var(--sheet); border-bottom: 1px solid var(--line); }
.home { display: flex; align-items: center; gap: 10px; color: inherit; text-decoration: none; font-weight: 600; border-radius: 6px; }
.problem { background: var(--sheet); border: 1px solid var(--bad); color: var(--bad); border-radius: 6px; padding: 7px 12px; margin: 8px 12px; }

.index main { max-width: 900px; margin: 0 auto; padding: 28px 20px 60px; }
.heading { display: flex; align-items: center; justify-content: space-between; gap: 16px; margin-bottom: 16px; }
.index table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.index th { text-align: left; font-size: 12px; font-weight: 600; color: var(--faint); background: var(--head); padding: 8px 14px; }
.index td { padding: 10px 14px; border-top: 1px solid var(--line); vertical-align: top; }
.index td:not(:first-child) { white-space: nowrap; font-variant-numeric: tabular-nums; }
.index .title { font-weight: 600; text-decoration: none; overflow-wrap: anywhere; }
.index .title:hover { text-decoration: underline; }
.index .id { font-size: 12px; overflow-wrap: anywhere; }
.empty, .hints { background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: 16px 18px; }
.empty { color: var(--faint); padding: 36px 18px; text-align: center; }
.hints { margin-top: 24px; }
.hints p { margin-top: 4px; color: var(--faint); max-width: 70ch; }

.spreadsheet { display: flex; flex-direction: column; height: 100dvh; overflow: hidden; }
.names { flex: 1; min-width: 0; }
.names h1 { font-size: 17px; line-height: 1.25; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.names p { font-size: 12px; }
.entry { display: flex; align-items: stretch; background: var(--sheet); border-bottom: 1px solid var(--line); min-height: 28px; font-size: 13px; }
.entry output { display: block; padding: 4px 10px; }
#address { width: 84px; flex: none; border-right: 1px solid var(--line); text-align: center; color: var(--faint); font-variant-numeric: tabular-nums; }
#content { flex: 1; white-space: pre-wrap; overflow: auto; max-height: 64px; overflow-wrap: anywhere; }
.work { flex: 1; display: flex; min-height: 0; }
.grid { flex: 1; min-width: 0; overflow: auto; background: var(--ground); position: relative; font-size: 13px; line-height: 23px; }
.grid:focus-visible { outline: none; }
.canvas { position: relative; }
.head { position: sticky; top: 0; z-index: 4; width: fit-content; }
.row { display: flex; height: 24px; background: var(--sheet); }
.row.placed { position: absolute; left: 0; }
.row.border { border-bottom: 0; box-shadow: 0 2px 0 var(--strong-line); }
.number, .letter { flex: none; background: var(--head); color: var(--faint); text-align: center; font-size: 12px; border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); user-select: none; font-variant-numeric: tabular-nums; }
.number { position: sticky; left: 0; width: 52px; z-index: 3; }
.plus { border: 0; border-radius: 4px; background: none; color: var(--faint); padding: 0; width: 26px; height: 22px; line-height: 20px; margin: 1px; }
.plus:hover { background: var(--head); color: var(--accent); }
#layer > .plus { position: absolute; left: 12px; }
.row.letters { background: var(--ground); }
.here { background: var(--here); color: var(--ink); }
.spacer { flex: none; }
.cell { flex: none; position: relative; border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); padding: 0 4px; white-space: pre; cursor: cell; }
.cell .text { display: block; overflow: hidden; text-overflow: ellipsis; }
.cell.reaching { border-right-color: transparent; }
.cell.reaching .text { position: absolute; z-index: 1; pointer-events: none; }
.cell.bold { font-weight: 600; }
.cell.italic { font-style: italic; }
.cell.right { text-align: right; font-variant-numeric: tabular-nums; }
.cell.center { text-align: center; }
.cell.frozen { position: sticky; z-index: 2; background: var(--sheet); }
.cell.frozen.border, .letter.frozen.border { box-shadow: 2px 0 0 var(--strong-line); }
.letter.frozen { position: sticky; z-index: 3; }
.cell.noted::after { content: ""; position: absolute; top: 0; right: 0; border: 4px solid; border-color: var(--corner) var(--corner) transparent transparent; }
.cell.active { outline: 2px solid var(--accent); outline-offset: -2px; z-index: 2; }
.grid:not(:focus-within) .cell.active { outline-color: var(--strong-line); }
.cell.fresh { animation: fresh 2.4s ease-out; }
@keyframes fresh { from, 30% { background-color: var(--fresh); } }
@media (prefers-reduced-motion: reduce) { .cell.fresh { animation: none; background-color: var(--fresh); } }
.editor { position: absolute; z-index: 5; height: 24px; border: 2px solid var(--accent); border-radius: 0; background: var(--sheet); padding: 0 2px; outline: none; width: auto; field-sizing: content; max-width: 480px; }
.note { position: fixed; z-index: 9; max-width: 280px; background: var(--note); border: 1px solid var(--corner); border-radius: 4px; padding: 6px 9px; white-space: pre-wrap; font-size: 12.5px; box-shadow: 0 2px 10px #0003; overflow-wrap: anywhere; }
aside { width: 320px; flex: none; overflow: auto; background: var(--sheet); border-left: 1px solid var(--line); padding: 16px; display: flex; flex-direction: column; gap: 20px; font-size: 13px; }
.sharing { list-style: none; margin-top: 6px; }
.sharing li { display: flex; gap: 8px; align-items: baseline; padding: 3px 0; }
.email { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#share { display: flex; gap: 8px; align-items: end; margin-top: 8px; }
#share label { font-size: 12px; color: var(--faint); display: block; }
#share label:first-child { flex: 1; }
input, select { border: 1px solid var(--strong-line); border-radius: 6px; background: var(--ground); padding: 4px 8px; width: 100%; color: var(--ink); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 14px; margin-top: 6px; }
dt { color: var(--faint); }
dd { overflow-wrap: anywhere; }
summary { font-weight: 600; cursor: pointer; border-radius: 4px; }
.count { color: var(--faint); font-weight: 400; }
.metadatum { border-top: 1px solid var(--line); padding: 8px 0; margin-top: 8px; }
.key { font-weight: 600; }
pre { font: 12px/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0 0; max-height: 160px; overflow: auto; }
.tabs { background: var(--head); border-top: 1px solid var(--line); overflow-x: auto; flex: none; }
#tabs { display: flex; padding: 0 8px; }
#tabs button { border: 0; border-radius: 0 0 6px 6px; background: none; padding: 7px 14px; white-space: nowrap; color: var(--faint); }
#tabs button:hover { color: var(--ink); }
#tabs button[aria-selected=true] { background: var(--sheet); color: var(--accent); font-weight: 600; box-shadow: inset 0 2px 0 var(--accent); }
#tabs .hidden-tab { font-style: italic; }
.badge { margin-left: 6px; font-size: 11px; font-style: normal; border: 1px solid var(--strong-line); border-radius: 8px; padding: 0 6px; color: var(--faint); }

.consent main { max-width: 440px; margin: 12vh auto 0; padding: 24px; background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; }
.consent form { display: grid; gap: 14px; margin-top: 14px; }
.consent ul { padding-left: 20px; }
.consent .choices { display: flex; gap: 10px; justify-content: end; }
@media (max-width: 700px) { aside { position: absolute; inset: 0 0 0 auto; z-index: 8; width: min(320px, 100vw); box-shadow: -4px 0 16px #0002; } .work { position: relative; } .index td:nth-child(n + 3), .index th:nth-child(n + 3) { display: none; } }
`
