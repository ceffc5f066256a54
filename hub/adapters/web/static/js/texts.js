/** The page's language: sentences are written in English and looked up in the catalogue that the page carries. */

/** @type {Record<string, string | string[]>} */
const catalogue = JSON.parse(document.body.dataset.texts || "{}");
const rules = new Intl.PluralRules(document.documentElement.lang);

export const language = document.documentElement.lang;

/**
 * A sentence in the page's language, its `{names}` filled in.
 * @param {string} english
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(english, values = {}) {
  const found = catalogue[english];
  return filled(typeof found === "string" && found ? found : english, values);
}

/**
 * The same for a sentence that counts; `{n}` is the number.
 * @param {string} one
 * @param {string} many
 * @param {number} n
 * @returns {string}
 */
export function tn(one, many, n) {
  const found = catalogue[one];
  const forms = Array.isArray(found) ? found : [one, many];
  return filled(rules.select(n) === "one" ? forms[0] : forms[forms.length - 1], { n });
}

/**
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
function filled(sentence, values) {
  if (!sentence.includes("{")) return sentence;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * A code as one reads it aloud over a desk: a word for every letter, digits as they are.
 * @param {string} code
 * @returns {string[]}
 */
export function spelled(code) {
  const early = t("Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike");
  const late = t("November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu");
  const words = `${early} ${late}`.split(" ");
  return [...code].map((sign) => words[sign.charCodeAt(0) - 65] ?? sign);
}

/**
 * A code in groups of three, as it is shown.
 * @param {string} code
 */
export function grouped(code) {
  return code.replace(/(.{3})(?=.)/g, "$1\u00a0");
}
