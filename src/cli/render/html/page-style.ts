/** The look of a page of a session: the colours of the system, light or dark. */
export const STYLE = `
:root { color-scheme: light dark; --good: #2e8b57; --bad: #c0392b; --open: #2980b9; --void: #888; }
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem; }
h1 { font-size: 1.3rem; margin: 0; }
p { opacity: .75; margin: .2rem 0 1rem; }
pre { border-left: 3px solid currentColor; padding-left: .7rem; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; position: sticky; top: 0; background: Canvas; }
th, td { padding: .15rem .7rem .15rem 0; vertical-align: top; border-bottom: 1px solid color-mix(in srgb, currentColor 12%, transparent); }
td:nth-child(-n+3) { white-space: nowrap; }
td:nth-child(6) { overflow-wrap: anywhere; }
td span { opacity: .7; }
td.time { position: relative; min-width: 14rem; }
td.time i { position: absolute; top: .45rem; height: .6rem; border-radius: 2px; background: var(--good); }
td.time i.failed { background: var(--bad); }
td.time i.open { background: var(--open); }
td.time i.void, tr.void { opacity: .45; }
td.time i.void { background: var(--void); }
tr.failed td:nth-child(6) { color: var(--bad); }
`;
