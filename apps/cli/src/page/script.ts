/** Shows the values under the pointer, or under the arrow keys, over every chart of a page. */
export const hoverScript = `
function showValues() {
for (const chart of document.querySelectorAll('.chart')) {
  const rows = JSON.parse(chart.querySelector('script').textContent);
  let shown = rows.length - 1;
  for (const plot of chart.querySelectorAll('.plot')) {
    const line = document.createElement('div');
    line.className = 'cursor';
    line.hidden = true;
    const tip = document.createElement('div');
    tip.className = 'tip';
    line.append(tip);
    plot.append(line);
    plot.tabIndex = 0;
    const show = (i) => {
      shown = Math.max(0, Math.min(rows.length - 1, i));
      const row = rows[shown];
      line.hidden = false;
      line.style.left = 100 * row.at + '%';
      tip.className = row.at > 0.5 ? 'tip left' : 'tip';
      tip.replaceChildren(...[row.text, ...row.values].map((text) => {
        const div = document.createElement('div');
        div.textContent = text;
        return div;
      }));
    };
    plot.addEventListener('pointermove', (event) => {
      const box = plot.getBoundingClientRect();
      const at = (event.clientX - box.left) / box.width;
      let nearest = 0;
      rows.forEach((row, i) => {
        if (Math.abs(row.at - at) < Math.abs(rows[nearest].at - at)) nearest = i;
      });
      show(nearest);
    });
    plot.addEventListener('keydown', (event) => {
      const move = { ArrowLeft: -1, ArrowRight: 1, Home: -rows.length, End: rows.length }[event.key];
      if (move === undefined) return;
      event.preventDefault();
      show(line.hidden && Math.abs(move) === 1 ? shown : shown + move);
    });
    for (const end of ['pointerleave', 'blur']) plot.addEventListener(end, () => { line.hidden = true; });
  }
}
}
showValues();
`;
