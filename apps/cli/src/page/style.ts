/** The look of a page: light and dark, wide and narrow. Contrast is at least 4.5 for all text. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fdfdfc, #16181b);
  --card: light-dark(#fff, #1d2024);
  --ink: light-dark(#1b1f24, #e8eaed);
  --soft: light-dark(#565e68, #a3abb5);
  --rule: light-dark(#e1e4e8, #343a41);
  --c1: light-dark(#1f6fb5, #6cb6ff);
  --c2: light-dark(#c2490b, #ff9a5a);
  --c3: light-dark(#1f7d3f, #6fd08c);
  --c4: light-dark(#7a4fb3, #c4a1ff);
  --c5: light-dark(#a8326b, #ff8fbd);
  --c6: light-dark(#7a6400, #e0c04a);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
p { max-width: 44rem; }
.soft { color: var(--soft); }
a { color: var(--c1); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.25rem 0 0; padding: 0; }
.tiles div { background: var(--card); border: 1px solid var(--rule); border-radius: .5rem; padding: .6rem .8rem; }
.tiles dt { color: var(--soft); font-size: .85rem; }
.tiles dd { margin: 0; font-size: 1.3rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.tiles dd small { display: block; font-size: .8rem; color: var(--soft); }
.chart { margin: 0 0 1.5rem; background: var(--card); border: 1px solid var(--rule); border-radius: .5rem; padding: .75rem 1rem .5rem; }
.chart figcaption { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; margin-bottom: .9rem; }
.chart label { margin-left: auto; color: var(--soft); font-size: .85rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .85rem; color: var(--soft); }
.legend i { display: inline-block; width: 1.1rem; height: .2rem; border-radius: 1rem; margin-right: .35rem; vertical-align: middle; background: var(--c); }
.plot { position: relative; height: 15rem; margin: 0 .75rem 2.4rem 3.4rem; }
.low .plot { height: 6.5rem; }
.plot svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.plot path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; }
.grid { stroke: var(--rule); stroke-width: 1; }
.curve { stroke: var(--c); stroke-width: 2; }
.curve.dot { stroke-width: 7; }
.curve.faint { stroke-width: 1; opacity: .35; }
.c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
.c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); }
.plot > span { position: absolute; font-size: .8rem; color: var(--soft); white-space: nowrap; font-variant-numeric: tabular-nums; }
.plot .y { right: calc(100% + .5rem); transform: translateY(50%); }
.plot .x { top: calc(100% + .3rem); transform: translateX(-50%); }
.plot .of { top: calc(100% + 1.35rem); right: 0; }
.plot.log, .chart:has(.to-log:checked) .linear { display: none; }
.chart:has(.to-log:checked) .plot.log { display: block; }
.cursor { position: absolute; top: 0; bottom: 0; border-left: 1px solid var(--soft); pointer-events: none; }
.tip { position: absolute; top: 0; left: .5rem; z-index: 1; background: var(--card); border: 1px solid var(--rule); border-radius: .35rem; padding: .3rem .5rem; font-size: .8rem; white-space: nowrap; box-shadow: 0 2px 8px #0003; }
.tip.left { left: auto; right: .5rem; }
details summary { color: var(--soft); font-size: .85rem; cursor: pointer; }
.scroll { overflow: auto; max-height: 22rem; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
thead th:first-child { text-align: left; }
th { font-weight: 600; } tbody th { text-align: left; font-weight: 400; }
.confusion td { text-align: center; padding: .25rem .4rem; min-width: 2.6rem; }
.confusion th[scope=col] { font-weight: 400; font-size: .8rem; padding: .25rem .2rem; text-align: center; }
.notes { display: grid; gap: .75rem; padding: 0; margin: 0; list-style: none; max-width: 52rem; }
.notes li { background: var(--card); border: 1px solid var(--rule); border-left: .3rem solid var(--c); border-radius: .35rem; padding: .6rem .9rem; }
.notes p { margin: .25rem 0 0; }
.notes ul { margin: .25rem 0 0; padding-left: 1.2rem; }
.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .75rem; margin: 0; padding: 0; list-style: none; }
.mistakes img { width: 4rem; height: 4rem; image-rendering: pixelated; border-radius: .25rem; }
.mistakes p { margin: .2rem 0 0; font-size: .85rem; line-height: 1.35; }
pre { background: var(--card); border: 1px solid var(--rule); border-radius: .5rem; padding: .75rem 1rem; overflow: auto; font-size: .85rem; }
@media (max-width: 34rem) {
  main { padding: 1rem .75rem 3rem; }
  .chart { padding: .6rem .6rem .4rem; }
  .plot { margin: 0 .5rem 2.4rem 2.9rem; }
}
@media print { .chart label, details { display: none; } }
`;
