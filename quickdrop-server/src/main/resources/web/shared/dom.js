/** Building the page without markup in strings: whatever a peer sent stays text. */

/**
 * @typedef {Node | string | null | undefined | false} Child
 *
 * @param {string} tag
 * @param {Record<string, any>} [properties] `class`, `on…` handlers, `aria-…`/`data-…`/`role` attributes, else properties
 * @param {...Child} children
 * @returns {any} the element; its type follows from the tag
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, String(value));
    else /** @type {any} */ (element)[name] = value;
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * @param {string} id
 * @returns {any} the element of the page's own markup
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element '${id}'`);
  return element;
}

/**
 * Writes only what changed, so that screen readers hear only what changed.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
