/** The element of the page with this id. */
export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no element #${id}`);
  return found as T;
}

/** Shows a text, or hides the element where there is none. */
export function say(id: string, text: string): void {
  const place = element(id);
  // What says the same again would be read out again.
  if (place.textContent !== text) place.textContent = text;
  place.hidden = text === '';
}
