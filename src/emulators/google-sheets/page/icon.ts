/** A sheet with a grid, in the page's green. */
export const iconSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="4" y="2" width="24" height="28" rx="4" fill="#2f8f5b"/><path d="M9 11h14v13H9zM9 15.3h14M9 19.7h14M16 11v13" fill="none" stroke="#fff" stroke-width="1.8"/></svg>
`
