/** The frame of every page. Nothing is loaded from elsewhere, and no script stands in the page itself. */
import { escapeHtml } from './escape-html.ts'

export const securityPolicy =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self' http://127.0.0.1:* http://localhost:*; base-uri 'none'; frame-ancestors 'none'"

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect x='1' y='1' width='14' height='14' rx='3' fill='%230b7a53'/%3E%3Cpath d='M4 6h8M4 10h8M8 4v8' stroke='%23fff' stroke-width='1.4'/%3E%3C/svg%3E"

interface Page {
  readonly title: string
  /** Under `/-/`. */
  readonly script?: string
  /** Of the body. */
  readonly name: string
  /** HTML. */
  readonly body: string
}

export function htmlPage({ title, script, name, body }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/-/style.css">
${script === undefined ? '' : `<script src="/-/${script}" defer></script>`}
</head>
<body class="${name}">
${body}
</body>
</html>
`
}

export const mark =
  '<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><rect x="1" y="1" width="14" height="14" rx="3"/><path d="M4 6h8M4 10h8M8 4v8"/></svg>'
