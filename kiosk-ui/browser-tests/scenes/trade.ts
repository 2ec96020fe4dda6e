// What the company of the scenes sells, and who ordered what. Numbers of orders say what happens to them.
const ARTICLES: Record<string, [name: string, price: string, grams: string]> = {
  "MUG-101": ["Enamel mug, cream with a blue rim", "8.50", "180"],
  "BWL-102": ["Stoneware bowl, 16 cm", "12.00", "420"],
  "TRY-103": ["Oak serving tray with brass handles", "34.00", "950"],
  "LAN-104": ["Copper lantern, large", "49.50", "1200"],
  "BLK-105": ["Wool blanket, grey check", "65.00", "1100"],
  "TWL-106": ["Linen tea towels, set of three", "18.00", "240"],
  "CND-107": ["Beeswax candle, 20 cm", "3.25", "90"],
  "JUG-108": ["Water jug, clear glass, 1.2 l", "16.50", "640"],
  "PLT-109": ["Dinner plate, speckled", "11.00", "560"],
  "BRD-110": ["Chopping board, bamboo", "21.00", "800"],
};

export const SKUS = Object.keys(ARTICLES);
/** As stage.py takes them. */
export const GOODS = Object.fromEntries(
  Object.entries(ARTICLES).map(([sku, [name, price_gbp, unit_weight_g]]) => [sku, { name, price_gbp, unit_weight_g }]),
);

type Lines = [sku: string, units: number][];

/** Picked, packed and shipped on the handheld; the rest of its list. */
export const PICK = "48102";
export const CANCELLED = "48103";
export const READY = "48201";
/** Waiting at the counter for their customers. */
export const HANDED_OVER = "48202";
export const WRONG_CODE = "48203";
export const LOCKED = "48204";
export const BOUGHT = "48205";

export const ORDERS: Record<string, Lines> = {
  [PICK]: [["MUG-101", 2], ["TRY-103", 1], ["CND-107", 24]],
  [CANCELLED]: [["BWL-102", 2], ["PLT-109", 4]],
  "48104": [["LAN-104", 1]],
  "48105": [["BLK-105", 1], ["TWL-106", 2], ["JUG-108", 1]],
  "48106": [["PLT-109", 6], ["BWL-102", 6], ["MUG-101", 6], ["JUG-108", 1]],
  [READY]: [["BLK-105", 1], ["CND-107", 3]],
  [HANDED_OVER]: [["LAN-104", 1], ["MUG-101", 4]],
  [WRONG_CODE]: [["BRD-110", 1], ["TWL-106", 1]],
  [LOCKED]: [["JUG-108", 2]],
  [BOUGHT]: [["PLT-109", 4], ["BWL-102", 2], ["TRY-103", 1]],
}; // prettier-ignore

export const PICKUPS = [READY, HANDED_OVER, WRONG_CODE, LOCKED, BOUGHT];

/** As stage.py numbers its articles: EAN-13 with its check digit. */
export function gtin(sku: string): string {
  const body = `952100${sku.slice(sku.lastIndexOf("-") + 1).padStart(6, "0")}`;
  const sum = [...body].reduce((all, digit, place) => all + Number(digit) * (place % 2 ? 3 : 1), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}
