/** Elements, made and changed without ever reading markup: texts go in as texts, so nobody's name can be a script. */

/**
 * A new element. `text` sets its text, `on…` a listener, anything else an attribute (true: present, false or null:
 * absent).
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string | null)} children
 * @returns {any} HTMLElement of that tag
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else setAttribute(node, name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/**
 * New elements as the page has drawn them: what is in its `<template>` of this id.
 * @param {string} id
 * @returns {any[]} HTMLElement[]
 */
export function copyOf(id) {
  return [...byId(id).content.cloneNode(true).children];
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function setAttribute(node, name, value) {
  if (value === false || value === null || value === undefined) node.removeAttribute(name);
  else {
    const text = value === true ? "" : String(value);
    if (node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
}

/**
 * Change a text only where it differs: nothing is repainted, selected text and focus stay.
 * @param {Element} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * A drawing of the page's own; decoration, so that a word always stands beside it.
 * @param {string} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.append(use);
  setIcon(svg, name);
  return svg;
}

/**
 * @param {SVGSVGElement} svg
 * @param {string} name
 */
export function setIcon(svg, name) {
  const use = /** @type {SVGUseElement} */ (svg.firstElementChild);
  setAttribute(use, "href", `#i-${name}`);
}

/**
 * The element of the page with this id, which must exist.
 * @param {string} id
 * @returns {any} HTMLElement
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (node === null) throw new Error(`the page has no #${id}`);
  return node;
}

/**
 * Things to do under one heading.
 * @param {string} title
 * @param {...Node} content
 */
export function group(title, ...content) {
  return el("fieldset", {}, el("legend", { text: title }), el("div", { class: "row" }, ...content));
}
