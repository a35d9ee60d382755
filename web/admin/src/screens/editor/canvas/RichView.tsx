import type { CSSProperties, ReactNode } from "react";
import { needsFallback, straight } from "@/screens/content/richtext";
import type { Align, Inline, Mark, Node } from "@/screens/content/document";
import type { Tone } from "./tone";

/** A value of the reader: its words for those who lack it, or its name. */
export function Chip({ field, fallback }: { field: string; fallback: string }) {
  const open = fallback === "" && needsFallback(field);
  return <span className={open ? "merge merge-open" : "merge"} title={field}><bdi>{fallback || field}</bdi></span>;
}

function dressed(piece: ReactNode, marks: readonly Mark[], tone: Tone): ReactNode {
  return marks.reduce<ReactNode>((inner, mark) => {
    switch (mark.type) {
      case "bold": return <strong>{inner}</strong>;
      case "italic": return <em>{inner}</em>;
      case "underline": return <u>{inner}</u>;
      case "strike": return <s>{inner}</s>;
      case "link": return <span style={{ color: tone.link, textDecoration: "underline" }}>{inner}</span>;
      case "textStyle": return <span style={{ color: mark.attrs.color }}>{inner}</span>;
    }
  }, piece);
}

/** The merge tags that somebody wrote by hand stand out, too. */
function plain(text: string): ReactNode {
  return straight(text).split(/(\{\{.*?\}\}|\*\|.*?\|\*)/).map((part, at) => (at % 2 === 1 ? <span key={at} className="merge" dir="ltr">{part}</span> : part));
}

export function Line({ content, tone }: { content: readonly Inline[]; tone: Tone }) {
  return content.map((piece, at) => {
    if (piece.type === "hardBreak") return <br key={at} />;
    const inner = piece.type === "merge" ? <Chip {...piece.attrs} /> : plain(piece.text);
    return <span key={at}>{dressed(inner, piece.marks ?? [], tone)}</span>;
  });
}

const LIST: CSSProperties = { padding: 0, paddingInlineStart: 26 };

/** Paragraphs, lists and quotations, as the server writes them. */
export function Nodes({ nodes, align, tone }: { nodes: readonly Node[]; align: Align; tone: Tone }) {
  return nodes.map((node, at) => {
    const margin = at + 1 === nodes.length ? 0 : "0 0 14px";
    switch (node.type) {
      case "paragraph": return <p key={at} style={{ margin, textAlign: node.attrs?.textAlign ?? align }}>{node.content?.length ? <Line content={node.content} tone={tone} /> : "\u00a0"}</p>;
      case "blockquote": return <blockquote key={at} style={{ margin, paddingInlineStart: 16, borderInlineStart: `3px solid ${tone.line}` }}><Nodes nodes={node.content} align={align} tone={tone} /></blockquote>;
      default: {
        const List = node.type === "bulletList" ? "ul" : "ol";
        return (
          <List key={at} start={node.attrs?.start} style={{ ...LIST, margin, textAlign: align }}>
            {node.content.map((item, place) => {
              const [only, ...more] = item.content;
              return <li key={place} style={{ margin: "0 0 6px" }}>{only?.type === "paragraph" && more.length === 0 ? <Line content={only.content ?? []} tone={tone} /> : <Nodes nodes={item.content} align={align} tone={tone} />}</li>;
            })}
          </List>
        );
      }
    }
  });
}

/** An author's words with their merge tags, outside of rich text. */
export const Said = ({ text }: { text: string }) => plain(text);
