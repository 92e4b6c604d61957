/** Takes in the page anew whenever the server says that the run has moved on; what is open stays open. */
export const liveScript = `
const open = () => [...document.querySelectorAll('details, .to-log')].map((it) => it.open || it.checked);
new EventSource('events').onmessage = async () => {
  const text = await (await fetch('.')).text();
  const next = new DOMParser().parseFromString(text, 'text/html').querySelector('main');
  const before = open();
  document.querySelector('main').replaceWith(next);
  next.querySelectorAll('details, .to-log').forEach((it, i) => {
    if (before[i]) it[it.matches('details') ? 'open' : 'checked'] = true;
  });
  showValues();
};
`;
