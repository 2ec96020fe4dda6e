// Measures a page from inside: it is sent there as text, so it stands alone.

/** What a finding says of its element. */
export type Findings = string[];

export function measure() {
  const ACTIONS = "a[href], button, input, select, textarea, summary";

  function shown(element: Element): boolean {
    if (element.closest("[inert]")) return false; // something lies over it
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    for (let up: Element | null = element; up; up = up.parentElement) {
      if (getComputedStyle(up).clipPath.startsWith("inset(50%")) return false; // for those who hear the page
    }
    const { width, height, right, bottom } = element.getBoundingClientRect();
    return width > 0 && height > 0 && right > -1000 && bottom > -1000;
  }

  /** The sheet on top; else the page. */
  function root(): Element {
    return [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  }

  function actions(): HTMLElement[] {
    return [...root().querySelectorAll<HTMLElement>(ACTIONS)].filter((one) => shown(one) && !one.matches(".skip:not(:focus)"));
  }

  function describe(element: Element): string {
    const id = element.getAttribute("data-testid");
    const text = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 32);
    return `<${element.localName}${id ? ` ${id}` : element.className ? `.${String(element.className).split(" ")[0]}` : ""}> ${text}`;
  }

  // ---- targets ----

  /** What a finger can hit: a label serves its box, and a pseudo-element can reach beyond what is drawn. */
  function area(element: HTMLElement): { width: number; height: number } {
    const box = element.matches("input[type=radio], input[type=checkbox]") ? (element.closest("label") ?? element) : element;
    const { width, height } = box.getBoundingClientRect();
    const beyond = getComputedStyle(element, "::after");
    if (beyond.content === "none" || beyond.position !== "absolute") return { width, height };
    const reach = (side: string) => Math.max(0, -Number.parseFloat(side) || 0);
    return { width: width + reach(beyond.left) + reach(beyond.right), height: height + reach(beyond.top) + reach(beyond.bottom) };
  }

  function smallTargets(least: number): string[] {
    return actions().flatMap((one) => {
      const { width, height } = area(one);
      return width < least - 0.5 || height < least - 0.5 ? [`${describe(one)}: ${width.toFixed(0)} x ${height.toFixed(0)} px`] : [];
    });
  }

  // ---- words ----

  function words(): { element: HTMLElement; text: string }[] {
    const found = [];
    const walker = document.createTreeWalker(root(), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.textContent?.trim() ?? "";
      if (text !== "" && element && !element.closest("option, script, style, svg") && shown(element)) found.push({ element, text });
    }
    return found;
  }

  function smallText(least: number): string[] {
    return words().flatMap(({ element }) => {
      const size = Number.parseFloat(getComputedStyle(element).fontSize);
      return size < least ? [`${describe(element)}: ${size} px`] : [];
    });
  }

  // ---- contrast ----

  type Colour = [red: number, green: number, blue: number, alpha: number];
  const known = new Map<string, Colour>();
  const paint = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true })!;

  function colour(css: string): Colour {
    let found = known.get(css);
    if (!found) {
      paint.clearRect(0, 0, 1, 1);
      paint.fillStyle = css;
      paint.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = paint.getImageData(0, 0, 1, 1).data;
      found = [red, green, blue, alpha / 255];
      known.set(css, found);
    }
    return found;
  }

  function over(top: Colour, below: Colour): Colour {
    const mix = (at: 0 | 1 | 2) => top[at] * top[3] + below[at] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  }

  /** What is painted behind it. */
  function ground(element: Element | null): Colour {
    const layers: Colour[] = [];
    for (let up = element; up; up = up.parentElement) {
      const layer = colour(getComputedStyle(up).backgroundColor);
      if (layer[3] > 0) layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reduceRight<Colour>((below, top) => over(top, below), [255, 255, 255, 1]);
  }

  function contrast(one: Colour, other: Colour): number {
    const luminance = (of: Colour) => {
      const [red = 0, green = 0, blue = 0] = of.slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  function opacity(element: Element | null): number {
    let all = 1;
    for (let up = element; up; up = up.parentElement) all *= Number(getComputedStyle(up).opacity);
    return all;
  }

  function inkOn(element: Element, css: string, behind: Element | null = element): number {
    const [red, green, blue, alpha] = colour(css);
    const below = ground(behind);
    return contrast(over([red, green, blue, alpha * opacity(element)], below), below);
  }

  function faintText(least: number): string[] {
    const inks = words().map(({ element }) => ({ element, css: getComputedStyle(element).color }));
    for (const field of actions().filter((one) => one.matches("input, select, textarea"))) {
      const hint = field.matches(":placeholder-shown");
      inks.push({ element: field, css: getComputedStyle(field, hint ? "::placeholder" : null).color });
    }
    return inks.flatMap(({ element, css }) => {
      const ratio = inkOn(element, css);
      return ratio < least - 0.05 ? [`${describe(element)}: ${css} has ${ratio.toFixed(2)}`] : [];
    });
  }

  /** Edges of what can be used, and pictures. A control that is words alone has no edge to see. */
  function faintParts(least: number): string[] {
    const edges = actions().flatMap((one) => {
      const style = getComputedStyle(one);
      const drawn = Number.parseFloat(style.borderTopWidth) > 0 && colour(style.borderTopColor)[3] > 0;
      if (!drawn || one.matches(":disabled, input[type=radio]")) return [];
      const outside = ground(one.parentElement);
      const ratio = Math.max(contrast(over(colour(style.borderTopColor), outside), outside), contrast(ground(one), outside));
      return ratio < least - 0.05 ? [`${describe(one)}: its edge has ${ratio.toFixed(2)}`] : [];
    });
    const pictures = [...root().querySelectorAll("svg.icon")].filter(shown).flatMap((one) => {
      const ratio = inkOn(one, getComputedStyle(one).color);
      return ratio < least - 0.05 ? [`picture in ${describe(one.parentElement ?? one)}: ${ratio.toFixed(2)}`] : [];
    });
    return [...edges, ...pictures];
  }

  // ---- room ----

  /** What is wider than its place: the page must not be pushed sideways, words not cut off. Tables may scroll in their frames. */
  function tooWide(): string[] {
    const page = document.documentElement;
    const found = page.scrollWidth > page.clientWidth ? [`the page is ${page.scrollWidth} px wide on ${page.clientWidth}`] : [];
    for (const one of [root(), ...root().querySelectorAll<HTMLElement>("*")]) {
      const style = getComputedStyle(one);
      if (style.overflowX === "visible" || one.matches(".table-frame, input, select, svg, progress") || !shown(one)) continue;
      if (one.scrollWidth > one.clientWidth + 1) found.push(`${describe(one)}: ${one.scrollWidth} px wide on ${one.clientWidth}`);
      const scrolls = /auto|scroll/.test(style.overflowY);
      if (!scrolls && one !== root() && one.scrollHeight > one.clientHeight + 2) found.push(`${describe(one)}: ${one.scrollHeight} px high on ${one.clientHeight}`);
    }
    return found;
  }

  /** Every action can be brought into view, whole, with nothing on top of it and its words inside it. */
  function outOfReach(): string[] {
    const found: string[] = [];
    for (const one of actions().filter((each) => !each.matches(":disabled"))) {
      one.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
      const { left, right, top, bottom, width, height } = one.getBoundingClientRect();
      const inTable = one.closest(".table-frame") !== null;
      if (!inTable && (left < -1 || right > innerWidth + 1)) found.push(`${describe(one)}: from ${left.toFixed(0)} to ${right.toFixed(0)} of ${innerWidth} px`);
      if (height <= innerHeight && (top < -1 || bottom > innerHeight + 1)) found.push(`${describe(one)}: cannot be scrolled into view`);
      const hit = document.elementFromPoint(left + width / 2, Math.min(innerHeight - 1, top + height / 2));
      const own = hit && (one.contains(hit) || hit.contains(one) || hit.closest("label")?.contains(one));
      if (!own) found.push(`${describe(one)}: under ${hit ? describe(hit) : "nothing"}`);
      const beyond = getComputedStyle(one, "::after").position === "absolute"; // reaches out for fingers
      if (one.clientWidth > 0 && one.matches("button, a") && !beyond && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2)) {
        found.push(`${describe(one)}: its words need ${one.scrollWidth} x ${one.scrollHeight} of ${one.clientWidth} x ${one.clientHeight} px`);
      }
    }
    for (const one of document.querySelectorAll("main, dialog[open] .stack, .pane, .drawer-body")) one.scrollTo(0, 0);
    scrollTo(0, 0);
    return found;
  }

  // ---- keyboard ----

  let stops: HTMLElement[] = [];

  /** Puts the focus before the first stop; returns how many there are. */
  function beginTabs(): number {
    const all = [...root().querySelectorAll<HTMLElement>(`${ACTIONS}, [tabindex="0"]`)];
    stops = all.filter((one) => {
      if (one.matches(":disabled") || one.tabIndex < 0) return false;
      if (one instanceof HTMLInputElement && one.type === "radio") return one.checked;
      return one.matches(".skip") || shown(one);
    });
    const start = document.createElement("span");
    start.tabIndex = -1;
    root().prepend(start);
    start.focus();
    start.remove();
    return stops.length;
  }

  /** After the key: what is wrong with where the focus is, which should be stop `number`. */
  function tabbed(number: number): string | undefined {
    const here = document.activeElement;
    const wanted = stops[number];
    // What scrolls and has nothing to stop at is a stop itself.
    if (here && here !== wanted && here.scrollHeight > here.clientHeight && /auto|scroll/.test(getComputedStyle(here).overflowY)) return "scrolls";
    if (!wanted || here !== wanted) return `stop ${number + 1} is ${here ? describe(here) : "nothing"}, not ${wanted ? describe(wanted) : "the end"}`;
    const ringed = [wanted, wanted.closest("label")].filter((one): one is HTMLElement => one !== null).find((one) => getComputedStyle(one).outlineStyle !== "none");
    if (!ringed) return `${describe(wanted)}: the focus is not seen`;
    const style = getComputedStyle(ringed);
    const inside = Number.parseFloat(style.outlineOffset) < 0;
    const ratio = inkOn(ringed, style.outlineColor, inside ? ringed : ringed.parentElement);
    if (Number.parseFloat(style.outlineWidth) < 2 || ratio < 3) return `${describe(wanted)}: its ring is ${style.outlineWidth} wide and has ${ratio.toFixed(2)}`;
    const { left, right, top, bottom } = wanted.getBoundingClientRect();
    if (right <= 0 || left >= innerWidth || bottom <= 0 || top >= innerHeight) return `${describe(wanted)}: the focus is out of sight`;
    return undefined;
  }

  return { smallTargets, smallText, faintText, faintParts, tooWide, outOfReach, beginTabs, tabbed };
}

declare global {
  interface Window {
    looks: ReturnType<typeof measure>;
  }
}
