import {
  AlignLeft, CalendarDays, Clapperboard, CodeXml, FormInput, Heading, Image, Link2, ListCollapse, Minus, PanelBottom, Quote, Share2, ShoppingBag, SquareMousePointer, Table2, type LucideIcon,
} from "lucide-react";
import type { BlockType } from "../document";

/** Every kind of block, in the order in which they are offered. */
export const OFFERED: readonly Exclude<BlockType, "footer">[] = [
  "text", "heading", "image", "button", "divider", "spacer", "product", "quote", "menu", "social", "video", "table", "booking", "signup", "code",
];

export const ICONS: Record<BlockType, LucideIcon> = {
  text: AlignLeft, heading: Heading, image: Image, button: SquareMousePointer, divider: Minus, spacer: ListCollapse, product: ShoppingBag, quote: Quote, menu: Link2,
  social: Share2, video: Clapperboard, table: Table2, booking: CalendarDays, signup: FormInput, code: CodeXml, footer: PanelBottom,
};
