import { Checkbox, Group, SegmentedControl, Select, Stack, Text, TextInput, Textarea } from "@mantine/core";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { NETWORKS, type Block, type BlockOf, type Dir, type ProductItem } from "../document";
import { ImageField } from "../ImageField";
import { docOfLine, lineOfDoc } from "../richtext";
import { Alignment, Amount, Colour, Items, Url, Words } from "./parts";

/** Loaded with the first text that is opened. */
const RichText = lazy(() => import("../RichText"));

export interface BlockFieldsProps<B extends Block = Block> {
  block: B;
  /** `what` names the member, so that writing one word is one step of the history. */
  change: (block: B, what: string) => void;
  dir: Dir;
  lang: string;
  /** Without the words that are written on the canvas itself. */
  bare?: boolean;
}

/** The form of one block. */
export function BlockFields(props: BlockFieldsProps) {
  const { block } = props;
  const change = props.change as (block: Block, what: string) => void;
  const rest = { change, dir: block.dir ?? props.dir, lang: props.lang, bare: props.bare };
  switch (block.type) {
    case "heading": return <Heading {...rest} block={block} />;
    case "text": return <TextFields {...rest} block={block} />;
    case "quote": return <Quote {...rest} block={block} />;
    case "button": case "booking": case "signup": return <Button {...rest} block={block} />;
    case "image": return <ImageFields {...rest} block={block} />;
    case "video": return <Video {...rest} block={block} />;
    case "divider": return <Divider {...rest} block={block} />;
    case "spacer": return <Spacer {...rest} block={block} />;
    case "social": return <Social {...rest} block={block} />;
    case "menu": return <Menu {...rest} block={block} />;
    case "product": return <Product {...rest} block={block} />;
    case "table": return <TableFields {...rest} block={block} />;
    case "code": return <Code {...rest} block={block} />;
    case "footer": return <Footer {...rest} block={block} />;
  }
}

type Props<T extends Block["type"]> = { block: BlockOf<T>; change: (block: Block, what: string) => void; dir: Dir; lang: string; bare?: boolean };

function Heading({ block, change, dir, lang, bare }: Props<"heading">) {
  const { t } = useTranslation("app_content");
  return (
    <Stack gap="xs">
      {!bare && <RichText line label={t("block.heading")} value={docOfLine(block.content)} dir={dir} lang={lang} change={(doc) => change({ ...block, content: lineOfDoc(doc) }, `${block.id} content`)} />}
      <Group gap="sm" align="flex-end">
        <Stack gap={2}>
          <Text size="xs" fw={500}>{t("heading.level")}</Text>
          <SegmentedControl size="xs" aria-label={t("heading.level")} value={String(block.level)} onChange={(level) => change({ ...block, level: Number(level) as 1 | 2 | 3 }, "level")} data={[{ value: "1", label: t("heading.large") }, { value: "2", label: t("heading.middle") }, { value: "3", label: t("heading.small") }]} />
        </Stack>
        <Alignment value={block.align} change={(align) => change({ ...block, align }, "align")} />
        <Colour label={t("colour")} value={block.color} change={(color) => change({ ...block, color }, `${block.id} color`)} />
      </Group>
    </Stack>
  );
}

function TextFields({ block, change, dir, lang, bare }: Props<"text">) {
  const { t } = useTranslation("app_content");
  return (
    <Stack gap="xs">
      {!bare && <RichText label={t("block.text")} value={block.content} dir={dir} lang={lang} change={(content) => change({ ...block, content }, `${block.id} content`)} />}
      <Group gap="sm" align="flex-end">
        <Alignment value={block.align} change={(align) => change({ ...block, align }, "align")} />
        <Colour label={t("colour")} value={block.color} change={(color) => change({ ...block, color }, `${block.id} color`)} />
        <Amount label={t("text.size")} value={block.size} min={12} max={32} change={(size) => change({ ...block, size }, `${block.id} size`)} />
      </Group>
    </Stack>
  );
}

function Quote({ block, change, dir, lang, bare }: Props<"quote">) {
  const { t } = useTranslation("app_content");
  return (
    <Stack gap="xs">
      {!bare && <RichText label={t("block.quote")} value={block.content} dir={dir} lang={lang} change={(content) => change({ ...block, content }, `${block.id} content`)} />}
      <Words lang={lang} label={t("quote.cite")} value={block.cite} change={(cite) => change({ ...block, cite: cite || undefined }, `${block.id} cite`)} />
    </Stack>
  );
}

function Button({ block, change, lang }: Props<"button" | "booking" | "signup">) {
  const { t } = useTranslation("app_content");
  return (
    <Stack gap="xs">
      <Words lang={lang} label={t("button.label")} value={block.label} change={(label) => change({ ...block, label }, `${block.id} label`)} />
      <Url required label={t("button.url")} value={block.url} change={(url) => change({ ...block, url }, `${block.id} url`)} />
      <Group gap="sm" align="flex-end">
        <Stack gap={2}>
          <Text size="xs" fw={500}>{t("button.style")}</Text>
          <SegmentedControl size="xs" aria-label={t("button.style")} value={block.style} onChange={(style) => change({ ...block, style: style === "outline" ? "outline" : "filled" }, "style")} data={[{ value: "filled", label: t("button.filled") }, { value: "outline", label: t("button.outline") }]} />
        </Stack>
        <Alignment value={block.align} change={(align) => change({ ...block, align }, "align")} />
        <Colour label={t("colour")} value={block.color} change={(color) => change({ ...block, color }, `${block.id} color`)} />
      </Group>
      <Checkbox size="xs" label={t("button.wide")} checked={block.wide} onChange={({ currentTarget: { checked } }) => change({ ...block, wide: checked }, "wide")} />
    </Stack>
  );
}

/** What a picture shows, for people who do not see it. */
function AltText({ alt, decorative, change, lang }: { alt: string; decorative?: boolean; change: (alt: string) => void; lang: string }) {
  const { t } = useTranslation("app_content");
  return <TextInput size="xs" dir="auto" lang={lang} required={!decorative} disabled={decorative} label={t("image.alt")} description={t("image.alt.about")} error={!decorative && alt.trim() === "" ? t("image.alt.missing") : undefined} value={alt} onChange={({ currentTarget: { value } }) => change(value)} />;
}

function ImageFields({ block, change, lang }: Props<"image">) {
  const { t } = useTranslation("app_content");
  return (
    <Stack gap="xs">
      <ImageField label={t("block.image")} src={block.src} change={(src) => change({ ...block, src }, `${block.id} src`)} />
      <AltText lang={lang} alt={block.alt} decorative={block.decorative} change={(alt) => change({ ...block, alt }, `${block.id} alt`)} />
      <Checkbox size="xs" label={t("image.decorative")} description={t("image.decorative.about")} checked={block.decorative} onChange={({ currentTarget: { checked } }) => change({ ...block, decorative: checked }, "decorative")} />
      <Url label={t("image.url")} value={block.url ?? ""} change={(url) => change({ ...block, url: url || undefined }, `${block.id} url`)} />
      <Group gap="sm" align="flex-end">
        <Alignment value={block.align} change={(align) => change({ ...block, align }, "align")} />
        <Amount label={t("image.width")} value={block.width} min={8} max={900} change={(width) => change({ ...block, width }, `${block.id} width`)} />
        <Amount label={t("radius")} value={block.radius} min={0} max={200} change={(radius) => change({ ...block, radius }, `${block.id} radius`)} />
      </Group>
    </Stack>
  );
}

function Video({ block, change, lang }: Props<"video">) {
  const { t } = useTranslation("app_content");
  return (
    <Stack gap="xs">
      <Url required label={t("video.url")} value={block.url} change={(url) => change({ ...block, url }, `${block.id} url`)} />
      <ImageField label={t("video.thumbnail")} src={block.thumbnail} change={(thumbnail) => change({ ...block, thumbnail }, `${block.id} thumbnail`)} />
      <AltText lang={lang} alt={block.alt} change={(alt) => change({ ...block, alt }, `${block.id} alt`)} />
      <Words lang={lang} label={t("video.label")} value={block.label} change={(label) => change({ ...block, label: label || undefined }, `${block.id} label`)} />
    </Stack>
  );
}

function Divider({ block, change }: Props<"divider">) {
  const { t } = useTranslation("app_content");
  return (
    <Group gap="sm" align="flex-end">
      <Select size="xs" w={130} label={t("divider.style")} allowDeselect={false} value={block.style} data={(["solid", "dashed", "dotted"] as const).map((value) => ({ value, label: t(`divider.${value}`) }))} onChange={(style) => style && change({ ...block, style: style as typeof block.style }, "style")} />
      <Amount label={t("divider.width")} value={block.width} min={1} max={12} change={(width) => change({ ...block, width }, `${block.id} width`)} />
      <Colour label={t("colour")} value={block.color} change={(color) => change({ ...block, color }, `${block.id} color`)} />
    </Group>
  );
}

function Spacer({ block, change }: Props<"spacer">) {
  const { t } = useTranslation("app_content");
  return <Amount label={t("spacer.height")} value={block.height} min={1} max={200} change={(height) => change({ ...block, height: height ?? 1 }, `${block.id} height`)} />;
}

function Social({ block, change }: Props<"social">) {
  const { t } = useTranslation("app_content");
  return (
    <Stack gap="xs">
      <Items label={t("block.social")} items={block.items} most={14} add={() => ({ network: "website" as const, url: "" })} change={(items) => change({ ...block, items }, `${block.id} items`)}>
        {(item, put) => (
          <>
            <Select size="xs" label={t("social.network")} allowDeselect={false} value={item.network} data={NETWORKS.map((value) => ({ value, label: t(`network.${value}`) }))} onChange={(network) => network && put({ ...item, network: network as typeof item.network })} />
            <Url required label={t("url")} value={item.url} change={(url) => put({ ...item, url })} />
          </>
        )}
      </Items>
      <Alignment value={block.align} change={(align) => change({ ...block, align }, "align")} />
    </Stack>
  );
}

function Menu({ block, change, lang }: Props<"menu">) {
  const { t } = useTranslation("app_content");
  return (
    <Stack gap="xs">
      <Items label={t("block.menu")} items={block.items} most={12} add={() => ({ label: "", url: "" })} change={(items) => change({ ...block, items }, `${block.id} items`)}>
        {(item, put) => <><Words lang={lang} label={t("button.label")} value={item.label} change={(label) => put({ ...item, label })} /><Url required label={t("url")} value={item.url} change={(url) => put({ ...item, url })} /></>}
      </Items>
      <Alignment value={block.align} change={(align) => change({ ...block, align }, "align")} />
    </Stack>
  );
}

function Product({ block, change, lang }: Props<"product">) {
  const { t } = useTranslation("app_content");
  return (
    <Stack gap="xs">
      <Group gap="sm" align="flex-end">
        <Amount label={t("product.columns")} value={block.columns} min={1} max={3} change={(columns) => change({ ...block, columns: Math.min(3, Math.max(1, columns ?? 1)) as 1 | 2 | 3 }, "columns")} />
        <Words lang={lang} label={t("product.label")} value={block.label} change={(label) => change({ ...block, label: label || undefined }, `${block.id} label`)} />
      </Group>
      <Items label={t("block.product")} items={block.items} most={30} add={(): ProductItem => ({ name: "" })} change={(items) => change({ ...block, items }, `${block.id} items`)}>
        {(item, put) => (
          <>
            <Words lang={lang} label={t("product.name")} value={item.name} change={(name) => put({ ...item, name })} />
            <Words lang={lang} label={t("product.text")} value={item.text} change={(text) => put({ ...item, text: text || undefined })} />
            <Group grow gap="xs"><Words label={t("product.price")} value={item.price} change={(price) => put({ ...item, price: price || undefined })} /><Words label={t("product.old_price")} value={item.old_price} change={(old) => put({ ...item, old_price: old || undefined })} /></Group>
            <ImageField label={t("block.image")} src={item.image ?? ""} change={(image) => put({ ...item, image: image || undefined })} />
            <Words lang={lang} label={t("image.alt")} value={item.alt} change={(alt) => put({ ...item, alt: alt || undefined })} />
            <Url label={t("url")} value={item.url ?? ""} change={(url) => put({ ...item, url: url || undefined })} />
          </>
        )}
      </Items>
    </Stack>
  );
}

function TableFields({ block, change, lang }: Props<"table">) {
  const { t } = useTranslation("app_content");
  const text = block.rows.map((row) => row.join(" | ")).join("\n");
  const read = (typed: string) => {
    const rows = typed.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
    const width = Math.min(8, Math.max(...rows.map((row) => row.length)));
    return rows.slice(0, 100).map((row) => Array.from({ length: width }, (_, at) => row[at] ?? ""));
  };
  return (
    <Stack gap="xs">
      <Textarea size="xs" autosize minRows={3} dir="auto" lang={lang} label={t("table.cells")} description={t("table.cells.about")} defaultValue={text} key={block.id} onBlur={({ currentTarget: { value } }) => value !== text && change({ ...block, rows: read(value) }, `${block.id} rows`)} />
      <Checkbox size="xs" label={t("table.header")} checked={block.header} onChange={({ currentTarget: { checked } }) => change({ ...block, header: checked }, "header")} />
      <Alignment value={block.align} change={(align) => change({ ...block, align }, "align")} />
    </Stack>
  );
}

function Code({ block, change }: Props<"code">) {
  const { t } = useTranslation("app_content");
  return <Textarea size="xs" autosize minRows={4} maxRows={20} dir="ltr" spellCheck={false} label={t("block.code")} description={t("code.about")} value={block.html} styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" }, label: { direction: "inherit" } }} onChange={({ currentTarget: { value } }) => change({ ...block, html: value }, `${block.id} html`)} />;
}

function Footer({ block, change, lang }: Props<"footer">) {
  const { t } = useTranslation("app_content");
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">{t("footer.about")}</Text>
      <Textarea size="xs" autosize dir="auto" lang={lang} label={t("footer.text")} description={t("footer.text.about")} value={block.text} onChange={({ currentTarget: { value } }) => change({ ...block, text: value }, `${block.id} text`)} />
      <Group grow gap="xs" align="flex-start">
        <Words lang={lang} label={t("footer.unsubscribe")} value={block.unsubscribe_label} change={(label) => change({ ...block, unsubscribe_label: label.trim() === "" ? undefined : label }, `${block.id} unsubscribe`)} />
        <Words lang={lang} label={t("footer.preferences")} value={block.preferences_label} change={(label) => change({ ...block, preferences_label: label.trim() === "" ? undefined : label }, `${block.id} preferences`)} />
      </Group>
      <Checkbox size="xs" label={t("footer.view_link")} checked={block.view_link} onChange={({ currentTarget: { checked } }) => change({ ...block, view_link: checked }, "view_link")} />
      <Alignment value={block.align} change={(align) => change({ ...block, align }, "align")} />
    </Stack>
  );
}
