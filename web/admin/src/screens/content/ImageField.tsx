import { Box, Button, Group, Image, Modal, SimpleGrid, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ImageOff, Images, Upload } from "lucide-react";
import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/problem";
import { stale } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { scaled } from "./resize";
import { upload, useImages, type StoredImage } from "./server";

const TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const LARGEST = 5_000_000;
/** Pictures above this make a message slow on telephones. */
const HEAVY = 500_000;

/** A picture: dropped here, chosen from the device or from the library, or an address. */
export function ImageField({ label, src, change }: { label: string; src: string; change: (src: string, image?: StoredImage) => void }) {
  const { t } = useTranslation("app_content");
  const format = useFormat();
  const file = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [smaller, setSmaller] = useState<{ before: number; after: number } | null>(null);
  const [heavy, setHeavy] = useState<number | null>(null);
  const [library, { open, close }] = useDisclosure(false);
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    setHeavy(null);
    if (!TYPES.includes(chosen.type)) return setTrouble(t("image.wrong_type"));
    setBusy(true);
    const file = await scaled(chosen);
    setBusy(false);
    if (file.size > LARGEST) return setTrouble(t("image.too_large", { size: format.bytes(LARGEST) }));
    setBusy(true);
    setTrouble(null);
    try {
      const image = await upload(file);
      setSmaller(file === chosen ? null : { before: chosen.size, after: file.size });
      change(image.url, image);
      if (image.bytes > HEAVY) setHeavy(image.bytes);
      void stale("/v1/images");
    } catch (error) {
      setTrouble(isProblem(error) ? error.detail : t("image.offline"));
    } finally {
      setBusy(false);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <Stack gap={4} role="group" aria-label={label}>
      <Text size="sm" fw={500}>{label}</Text>
      <Box p="sm" onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}
        style={{ border: `1px dashed ${over ? "var(--mantine-primary-color-filled)" : "var(--mantine-color-default-border)"}`, borderRadius: 8, background: over ? "var(--barid-teal-tint)" : undefined }}>
        <Group gap="sm" wrap="nowrap">
          {src.startsWith("/i/") ? <Image src={src} alt="" w={72} h={56} fit="contain" /> : <ImageOff aria-hidden size={28} opacity={0.6} />}
          <Stack gap={6} style={{ minWidth: 0 }}>
            <Group gap="xs">
              <Button size="xs" variant="default" loading={busy} leftSection={<Upload aria-hidden size={14} />} onClick={() => file.current?.click()}>{t("image.upload")}</Button>
              <Button size="xs" variant="subtle" leftSection={<Images aria-hidden size={14} />} onClick={open}>{t("image.library")}</Button>
            </Group>
            <Text size="xs" c="dimmed">{t("image.drop", { size: format.bytes(LARGEST) })}</Text>
          </Stack>
        </Group>
        <input ref={file} type="file" accept={TYPES.join(",")} hidden aria-label={t("image.upload")} onChange={(event) => { void take(event.currentTarget.files?.[0]); event.currentTarget.value = ""; }} />
      </Box>
      {trouble && <Text size="sm" c="var(--barid-red-text)" role="alert" dir="auto">{trouble}</Text>}
      {smaller && <Text size="sm" c="dimmed" role="status">{t("image.smaller", { before: format.bytes(smaller.before), after: format.bytes(smaller.after) })}</Text>}
      {heavy !== null && <Text size="sm" c="var(--barid-amber-text)" role="status">{t("image.heavy", { size: format.bytes(heavy) })}</Text>}
      <TextInput size="xs" dir="ltr" aria-label={t("image.address")} placeholder={t("image.address")} value={src} onChange={({ currentTarget: { value } }) => change(value.trim())} />
      {library && <Library close={close} choose={(image) => { change(image.url, image); close(); }} />}
    </Stack>
  );
}

function Library({ close, choose }: { close: () => void; choose: (image: StoredImage) => void }) {
  const { t } = useTranslation(["app_content", "app_shell"]);
  const format = useFormat();
  const images = useImages(true);
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600}>{t("image.library")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Loaded query={images}>
        {({ items }) => (items.length === 0 ? <Nothing icon={Images} title={t("image.none")} text={t("image.none.text")} /> : (
          <SimpleGrid cols={{ base: 2, xs: 3, sm: 4 }} spacing="sm">
            {items.map((image) => (
              <UnstyledButton key={image.id} onClick={() => choose(image)} aria-label={t("image.choose", { name: image.name })}>
                <Image src={image.url} alt="" h={100} fit="contain" style={{ border: "1px solid var(--mantine-color-default-border)", borderRadius: 8 }} />
                <Text size="xs" truncate><bdi>{image.name}</bdi></Text>
                <Text size="xs" c="dimmed"><bdi dir="ltr">{format.number(image.width)} × {format.number(image.height)}</bdi> · {format.bytes(image.bytes)}</Text>
              </UnstyledButton>
            ))}
          </SimpleGrid>
        ))}
      </Loaded>
    </Modal>
  );
}
