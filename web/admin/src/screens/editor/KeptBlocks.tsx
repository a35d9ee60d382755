import { ActionIcon, Box, Button, Card, Group, Modal, SimpleGrid, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { LibraryBig, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import type { Design, Row } from "@/screens/content/document";
import { Thumbnail } from "@/screens/content/Thumbnail";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told, undoable } from "@/ui/notify";
import { When } from "@/ui/text";
import { holdsFooter } from "./arrange";
import { branded, brandOf, documentOf, forgetPiece, keepPiece, readPiece, sampleOf, usePiece, usePieces, type Kept } from "./pieces";

interface KeptBlocksProps {
  design: Design;
  /** The row that is chosen: it can be kept. */
  row: Row | null;
  insert: (rows: Row[]) => void;
  dress: (design: Design) => void;
  isLocked: (row: Row) => boolean;
  close: () => void;
}

/** Rows to be used again, and the looks of the brand. */
export function KeptBlocks({ design, row, insert, dress, isLocked, close }: KeptBlocksProps) {
  const { t } = useTranslation(["app_content", "app_shell"]);
  const may = useMay()("templates:write");
  const take = async (id: string, act: (found: Design) => void) => {
    try {
      act(await readPiece(id));
      close();
    } catch (error) {
      refused(error);
    }
  };
  return (
    <Modal opened onClose={close} size="xl" title={<Text fw={600} component="span">{t("kept")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack gap="lg">
        <Shelf kind="brand" title={t("kept.brands")} about={t("kept.brands.about")} none={t("kept.brands.none")} take={(id) => void take(id, (brand) => dress(branded(design, brand, isLocked)))} keep={may ? { label: t("kept.brand.keep"), design: brandOf(design) } : null} />
        <Shelf kind="block" title={t("kept.blocks")} about={t("kept.blocks.about")} none={t("kept.blocks.none")} take={(id) => void take(id, (found) => insert(found.rows.filter((one) => !holdsFooter(one))))}
          keep={may && row && !holdsFooter(row) ? { label: t("kept.block.keep"), design: documentOf(design, [{ ...row, locked: undefined }]) } : null} />
      </Stack>
    </Modal>
  );
}

interface ShelfProps {
  kind: Kept["kind"];
  title: string;
  about: string;
  none: string;
  take: (id: string) => void;
  keep: { label: string; design: Design } | null;
}

function Shelf({ kind, title, about, none, take, keep }: ShelfProps) {
  const { t } = useTranslation("app_content");
  const pieces = usePieces(kind);
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (!keep || name.trim() === "") return;
    setBusy(true);
    try {
      await keepPiece(kind, name, keep.design);
      setName("");
      told(t("kept.done"));
    } catch (error) {
      refused(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Text fw={600} component="h3" m={0}>{title}</Text>
      <Text size="sm" c="dimmed">{about}</Text>
      {keep && (
        <form onSubmit={(event) => { event.preventDefault(); void save(); }}>
          <Group align="flex-end" gap="xs">
            <TextInput size="xs" style={{ flex: 1 }} dir="auto" maxLength={200} label={t("kept.name")} value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} />
            <Button size="xs" type="submit" variant="light" loading={busy} disabled={name.trim() === ""}>{keep.label}</Button>
          </Group>
        </form>
      )}
      <Loaded query={pieces} lines={2}>
        {({ items }) => (items.length === 0 ? <Nothing icon={LibraryBig} title={none} text={t("kept.none.text")} /> : (
          <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="sm">{items.map((piece) => <Tile key={piece.id} piece={piece} take={() => take(piece.id)} />)}</SimpleGrid>
        ))}
      </Loaded>
    </Stack>
  );
}

function Tile({ piece, take }: { piece: Kept; take: () => void }) {
  const { t } = useTranslation("app_content");
  const may = useMay()("templates:write");
  const found = usePiece(piece.id);
  const forget = async () => {
    const design = await readPiece(piece.id);
    await forgetPiece(piece.id);
    undoable(t("kept.forgotten", { name: piece.name }), () => void keepPiece(piece.kind, piece.name, design).catch(refused));
  };
  return (
    <Card padding={0}>
      <UnstyledButton w="100%" onClick={take} aria-label={t("kept.take", { name: piece.name })}>
        {found.data ? <Thumbnail content={{ subject: piece.name, design: piece.kind === "brand" ? sampleOf(found.data, piece.name) : found.data }} language={found.data.lang} height={120} /> : <Box h={120} />}
        <Text size="sm" fw={600} truncate px="xs" pt="xs"><bdi>{piece.name}</bdi></Text>
      </UnstyledButton>
      <Text size="xs" c="dimmed" px="xs" pb="xs"><When at={piece.created_at} /></Text>
      {may && <ActionIcon size="sm" color="red" aria-label={t("kept.forget", { name: piece.name })} onClick={() => void forget().catch(refused)} style={{ position: "absolute", insetBlockEnd: 6, insetInlineEnd: 6 }}><Trash2 aria-hidden size={14} /></ActionIcon>}
    </Card>
  );
}
