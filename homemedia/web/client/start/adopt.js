/** Puts styles of a light-DOM page into the document, each once. @param {...import('../vendor/lit.js').CSSResult} styles */
export function adoptOnce(...styles) {
  const have = document.adoptedStyleSheets;
  const missing = styles.map((style) => style.styleSheet).filter((sheet) => sheet && !have.includes(sheet));
  if (missing.length) document.adoptedStyleSheets = [...have, ...missing];
}
