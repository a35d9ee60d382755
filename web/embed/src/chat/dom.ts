/** A description of a part of the page; `draw` makes the page so, changing no more than it must. */
export interface Part {
  tag: string;
  props: Props;
  kids: Child[];
}

type Props = Record<string, unknown>;
export type Child = Part | string | number | boolean | null | undefined | Child[];

declare global {
  namespace JSX {
    type Element = Child;
    interface IntrinsicElements {
      [tag: string]: Props;
    }
    interface ElementChildrenAttribute {
      children: unknown;
    }
    interface IntrinsicAttributes {
      key?: string | number;
    }
  }
}

/** A node that `draw` made. */
interface Drawn extends ChildNode {
  made?: { key: unknown; props: Props };
}

export function h(tag: string | ((props: never) => Child), props: Props | null, ...kids: Child[]): Child {
  return typeof tag === "string" ? { tag, props: props ?? {}, kids } : tag({ ...props, children: kids } as never);
}

export const Fragment = ({ children }: { children?: Child[] }): Child => children;

const SVG = "http://www.w3.org/2000/svg";

function flat(kids: Child[]): (Part | string)[] {
  return kids.flatMap((kid) => (Array.isArray(kid) ? flat(kid) : kid === null || kid === undefined || typeof kid === "boolean" || kid === "" ? [] : typeof kid === "number" ? String(kid) : kid));
}

/** Makes `parent` contain what is described. Nodes with the same key stay what they are, with focus, scroll and what was typed. */
export function draw(parent: Element, kids: Child[]): void {
  const old = [...parent.childNodes] as Drawn[];
  const all = flat(kids).map((kid) => {
    const key = typeof kid === "string" ? "" : (kid.props.key ?? kid.tag);
    const at = old.findIndex(({ made }) => made?.key === key);
    const node = at < 0 ? make(parent, kid, key) : old.splice(at, 1)[0]!;
    if (typeof kid === "string") {
      if ((node as ChildNode as Text).data !== kid) (node as ChildNode as Text).data = kid;
    } else fit(node as ChildNode as Element & Drawn, kid, at < 0);
    return node;
  });
  old.forEach((node) => node.remove());
  let next = parent.firstChild;
  for (const node of all) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}

function make(parent: Element, kid: Part | string, key: unknown): Drawn {
  const svg = typeof kid !== "string" && (kid.tag === "svg" || parent.namespaceURI === SVG);
  const node: Drawn = typeof kid === "string" ? document.createTextNode(kid) : svg ? document.createElementNS(SVG, kid.tag) : document.createElement(kid.tag);
  node.made = { key, props: {} };
  return node;
}

function fit(node: Element & Drawn, { props, kids }: Part, first: boolean): void {
  const before = node.made!.props;
  for (const name of new Set([...Object.keys(before), ...Object.keys(props)])) {
    const value = props[name];
    if (value === before[name] || name === "key") continue;
    if (name.startsWith("on")) (node as unknown as Props)[name.toLowerCase()] = value;
    else if (name === "value") first && ((node as unknown as Props).value = value ?? "");
    else if (value === undefined || value === null || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.made!.props = props;
  draw(node, kids);
}
