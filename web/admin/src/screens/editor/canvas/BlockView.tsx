import { ImageOff } from "lucide-react";
import { Fragment, useMemo, type CSSProperties, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import ar from "@words/ar/design.json";
import en from "@words/en/design.json";
import type { Align, Block, BlockOf, Dir, Theme } from "@/screens/content/document";
import { CodeFrame } from "./CodeFrame";
import { useRendered } from "./rendered";
import { Line, Nodes, Said } from "./RichView";
import { readable, type Tone } from "./tone";

export interface Look {
  tone: Tone;
  theme: Theme;
  /** The direction of the document. */
  dir: Dir;
  lang: string;
}

type Props<T extends Block["type"]> = Look & { block: BlockOf<T> };

const wordsOf = (lang: string) => (lang.startsWith("ar") ? ar : en);

/** Arabic letters reach further up and down than Latin ones. */
const leading = (dir: Dir, latin: number, arabic: number) => (dir === "rtl" ? arabic : latin);
const FLEX: Record<Align, CSSProperties["justifyContent"]> = { start: "flex-start", center: "center", end: "flex-end" };
/** Between links: a line may break on both sides of it. */
const BETWEEN = " \u00a0·\u00a0 ";
const SIZES = { 1: [30, 1.25, 1.5], 2: [23, 1.3, 1.55], 3: [18, 1.4, 1.6] } as const;

/** A block as the server's renderer writes it: the same measures, colours and words. Nothing in it can be pressed. */
export function BlockView({ block, ...look }: Look & { block: Block }) {
  const dir = block.dir ?? look.dir;
  const footer = block.type === "footer";
  const { block: above, inline } = block.padding ?? { block: footer ? 20 : 10, inline: 24 };
  const padded = block.type !== "spacer";
  return <div dir={dir} lang={look.lang} style={{ padding: padded ? `${above}px ${inline}px` : 0, fontFamily: "inherit", overflowWrap: "anywhere" }}>{viewOf(block, { ...look, dir })}</div>;
}

function viewOf(block: Block, look: Look): ReactNode {
  switch (block.type) {
    case "heading": return <Heading {...look} block={block} />;
    case "text": return <Text {...look} block={block} />;
    case "quote": return <Quote {...look} block={block} />;
    case "button": case "booking": case "signup": return <Button {...look} block={block} />;
    case "image": return <Picture {...look} src={block.src} alt={block.alt} align={block.align} width={block.width} radius={block.radius ?? look.theme.radius} />;
    case "video": return <Video {...look} block={block} />;
    case "divider": return <hr style={{ margin: 0, border: 0, borderBlockStart: `${block.width ?? 1}px ${block.style} ${block.color ?? look.tone.line}` }} />;
    case "spacer": return <div style={{ height: block.height }} />;
    case "social": return <Links {...look} align={block.align} items={block.items.map(({ label, network }) => label?.trim() || wordsOf(look.lang).networks[network])} />;
    case "menu": return <Links {...look} align={block.align} items={block.items.map(({ label }) => label)} />;
    case "table": return <Table {...look} block={block} />;
    case "product": return <Products {...look} block={block} />;
    case "code": return <Code {...look} block={block} />;
    case "footer": return <Footer {...look} block={block} />;
  }
}

/** What stands in for something that was not written yet. */
function Hint({ children }: { children: ReactNode }) {
  return <span className="barid-hint">{children}</span>;
}

function Heading({ block, tone, dir }: Props<"heading">) {
  const { t } = useTranslation("app_content");
  const [size, latin, arabic] = SIZES[block.level];
  return <div role="presentation" style={{ color: block.color ?? tone.text, fontSize: size, fontWeight: 700, lineHeight: leading(dir, latin, arabic), textAlign: block.align }}>{block.content.length > 0 ? <Line content={block.content} tone={tone} /> : <Hint>{t("canvas.heading")}</Hint>}</div>;
}

const isEmpty = (content: BlockOf<"text">["content"]) => content.content.every((node) => node.type === "paragraph" && !node.content?.length);

function Text({ block, tone, dir }: Props<"text">) {
  const { t } = useTranslation("app_content");
  return <div style={{ color: block.color ?? tone.text, fontSize: block.size ?? 16, lineHeight: leading(dir, 1.6, 1.85) }}>{isEmpty(block.content) ? <Hint>{t("canvas.text")}</Hint> : <Nodes nodes={block.content.content} align={block.align} tone={tone} />}</div>;
}

function Quote({ block, tone, dir }: Props<"quote">) {
  const { t } = useTranslation("app_content");
  return (
    <div style={{ color: tone.text, fontSize: 18, lineHeight: leading(dir, 1.6, 1.85) }}>
      <Quoted block={block} tone={tone}>{isEmpty(block.content) ? <Hint>{t("canvas.quote")}</Hint> : <Nodes nodes={block.content.content} align="start" tone={tone} />}</Quoted>
    </div>
  );
}

/** The line beside a quotation and the name below it, around words that are read or written. */
export function Quoted({ block, tone, children }: { block: BlockOf<"quote">; tone: Tone; children: ReactNode }) {
  return (
    <blockquote style={{ margin: 0, paddingBlock: 2, paddingInlineStart: 18, borderInlineStart: `4px solid ${tone.brand}` }}>
      {children}
      {block.cite?.trim() && <p style={{ margin: "10px 0 0", fontSize: 14, color: tone.muted }}>— <Said text={block.cite} /></p>}
    </blockquote>
  );
}

function Button({ block, tone, theme, dir }: Props<"button" | "booking" | "signup">) {
  const { t } = useTranslation("app_content");
  const colour = block.color ?? tone.brand;
  const look: CSSProperties = block.style === "filled" ? { background: colour, color: readable(colour) } : { border: `2px solid ${colour}`, color: colour };
  return (
    <div style={{ display: "flex", justifyContent: FLEX[block.align] }}>
      <span style={{ ...look, boxSizing: "border-box", width: block.wide ? "100%" : undefined, textAlign: "center", padding: "13px 28px", borderRadius: theme.radius, fontSize: 16, fontWeight: 600, lineHeight: leading(dir, 1.3, 1.5) }}>
        {block.label.trim() ? <Said text={block.label} /> : <span className="barid-hint">{t("canvas.button")}</span>}
      </span>
    </div>
  );
}

function Picture({ src, alt, align, width, radius, tone }: Look & { src: string; alt: string; align: Align; width?: number; radius: number }) {
  const { t } = useTranslation("app_content");
  if (src.trim() === "") return <div className="barid-picture"><ImageOff aria-hidden size={28} /><span>{t("canvas.picture")}</span></div>;
  // Pictures of other servers are not loaded: to whom a mail's picture is shown is the reader's choice.
  if (!src.startsWith("/i/")) return <div className="barid-picture" style={{ color: tone.muted }}><ImageOff aria-hidden size={22} /><bdi dir="ltr">{src.replace(/^https?:\/\//, "").slice(0, 60)}</bdi></div>;
  return <div style={{ display: "flex", justifyContent: FLEX[align] }}><img src={src} alt={alt} draggable={false} style={{ display: "block", width: width ?? "100%", maxWidth: "100%", height: "auto", borderRadius: radius, fontSize: 13 }} /></div>;
}

function Video(props: Props<"video">) {
  const { block, tone, theme, lang, dir } = props;
  return (
    <>
      <Picture {...props} src={block.thumbnail} alt={block.alt} align="center" radius={theme.radius} />
      <p style={{ margin: "10px 0 0", textAlign: "center", color: tone.link, textDecoration: "underline", fontSize: 16, lineHeight: leading(dir, 1.6, 1.85) }}>{"▶\u00a0 "}<Said text={block.label?.trim() || wordsOf(lang).watch} /></p>
    </>
  );
}

function Links({ items, align, tone, dir }: Look & { items: readonly string[]; align: Align }) {
  const { t } = useTranslation("app_content");
  return (
    <p style={{ margin: 0, textAlign: align, color: tone.muted, fontSize: 14, lineHeight: leading(dir, 1.6, 1.85) }}>
      {items.length === 0 && <Hint>{t("canvas.links")}</Hint>}
      {items.map((label, at) => <span key={at}>{at > 0 && BETWEEN}<span style={{ color: tone.link, textDecoration: "underline" }}><bdi>{label ? <Said text={label} /> : t("canvas.link")}</bdi></span></span>)}
    </p>
  );
}

function Table({ block, tone, dir }: Props<"table">) {
  return (
    <table role="presentation" style={{ width: "100%", borderCollapse: "separate", borderSpacing: 0, color: tone.text, fontSize: 15, lineHeight: leading(dir, 1.5, 1.75) }}>
      <tbody>
        {block.rows.map((row, r) => (
          <tr key={r}>
            {row.map((cell, c) => {
              const head = block.header && r === 0;
              return <td key={c} style={{ padding: "9px 6px", textAlign: block.align, verticalAlign: "top", fontWeight: head ? 700 : 400, borderBlockEnd: `${head ? 2 : 1}px solid ${tone.line}`, whiteSpace: row.length <= 4 && [...cell].length <= 12 ? "nowrap" : undefined }}>{cell.trim() === "" ? "\u00a0" : cell.split("\n").map((line, at) => <Fragment key={at}>{at > 0 && <br />}<Said text={line} /></Fragment>)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Products(props: Props<"product">) {
  const { t } = useTranslation("app_content");
  const { block, tone, theme, dir } = props;
  const one = block.columns === 1;
  if (block.items.length === 0) return <Hint>{t("canvas.products")}</Hint>;
  return (
    <div style={{ display: "grid", gridTemplateColumns: `repeat(${block.columns}, minmax(0, 1fr))`, color: tone.text, fontSize: 15, lineHeight: leading(dir, 1.5, 1.75) }}>
      {block.items.map((item, at) => (
        <div key={at} style={{ display: one ? "flex" : "block", padding: one ? "10px 0" : "10px 8px", textAlign: "start" }}>
          {item.image?.trim() && <div style={{ width: one ? 112 : undefined, flexShrink: 0, marginInlineEnd: one ? 18 : 0 }}><Picture {...props} src={item.image} alt={item.alt ?? item.name} align="start" radius={theme.radius} /></div>}
          {!one && item.image?.trim() && <br />}
          <div>
            <strong style={{ fontSize: 17 }}>{item.name ? <Said text={item.name} /> : <Hint>{t("product.name")}</Hint>}</strong>
            {item.text?.trim() && <><br /><span style={{ color: tone.muted }}><Said text={item.text} /></span></>}
            {(item.price || item.old_price) && <><br />{item.price && <><strong><Said text={item.price} /></strong> </>}{item.old_price && <s style={{ color: tone.muted }}><Said text={item.old_price} /></s>}</>}
            {item.url?.trim() && block.label?.trim() && <><br /><span style={{ color: tone.link, textDecoration: "underline" }}><Said text={block.label} /></span></>}
          </div>
        </div>
      ))}
    </div>
  );
}

/** Raw HTML is never made part of this page: it is shown in a frame, as the server cleaned and rendered it. */
function Code(props: Props<"code">) {
  const { t } = useTranslation("app_content");
  const { block, tone, dir, lang } = props;
  const cell = useRendered(block, props);
  if (block.html.trim() !== "" && cell) return <CodeFrame cell={cell} dir={dir} lang={lang} />;
  const words = new DOMParser().parseFromString(block.html, "text/html").body.textContent?.replace(/\s+/g, " ").trim() ?? "";
  return <div className="barid-picture" style={{ color: tone.muted }}><bdi dir="auto">{words.slice(0, 400) || t("canvas.code")}</bdi></div>;
}

/** The words that the server puts into a footer, one line each: why somebody is written to, and who writes. */
function useFooterLines(props: Props<"footer">): ReactNode[] {
  const { notice } = props.block;
  const bare = useMemo<Block>(() => ({ id: "footer", type: "footer", text: "", view_link: false, notice, align: "start" }), [notice]);
  const cell = useRendered(bare, props);
  return cell ? [...cell.querySelectorAll("p")].slice(0, -1).map((line) => [...line.childNodes].map(wordsOfNode)) : [];
}

const wordsOfNode = (node: ChildNode, at: number) => {
  if (node.nodeName === "BR") return <br key={at} />;
  return node.nodeName === "A" ? <span key={at} style={{ textDecoration: "underline" }}>{node.textContent}</span> : node.textContent;
};

function Footer(props: Props<"footer">) {
  const { t } = useTranslation("app_content");
  const { block, tone, lang, dir } = props;
  const words = wordsOf(lang);
  const lines = useFooterLines(props);
  const links = [block.unsubscribe_label?.trim() || words.unsubscribe, block.preferences_label?.trim() || words.preferences, ...(block.view_link ? [words.view] : [])];
  // Until the server has answered, or where it cannot, their names stand for them.
  const said = lines.length > 0 ? lines : [...(block.notice ? [t("canvas.notice")] : []), t("canvas.address")].map((name) => <span key={name} className="merge">{name}</span>);
  return (
    <div style={{ textAlign: block.align, color: tone.muted, fontSize: 13, lineHeight: leading(dir, 1.6, 1.85) }}>
      {block.text.trim() && <p style={{ margin: 0 }}><Said text={block.text} /></p>}
      {said.map((line, at) => <p key={at} style={{ margin: at > 0 || block.text.trim() ? "10px 0 0" : 0 }}>{line}</p>)}
      <p style={{ margin: "10px 0 0" }}>{links.map((label, at) => <span key={at}>{at > 0 && BETWEEN}<bdi style={{ textDecoration: "underline" }}><Said text={label} /></bdi></span>)}</p>
    </div>
  );
}
