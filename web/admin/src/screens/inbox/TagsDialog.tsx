import { Button, Group, Modal, Stack, TagsInput, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { act, acts } from "./actions";

/** The tags of the open thread; those of the audience are offered, others may be typed. */
export function TagsDialog({ id, tags, close }: { id: string; tags: string[]; close: () => void }) {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const [chosen, setChosen] = useState(tags);
  const [busy, setBusy] = useState(false);
  const known = api.useQuery("get", "/v1/tags", {}, { staleTime: 60_000 });
  const save = async () => {
    setBusy(true);
    if (await act(acts.tags(id, { tags: chosen }))) close();
    setBusy(false);
  };
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("tags")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        <TagsInput data-autofocus label={t("tags")} description={t("tags.about")} value={chosen} onChange={setChosen} data={(known.data?.items ?? []).map(({ name }) => name)} maxTags={20} dir="auto" clearable />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button loading={busy} onClick={() => void save()}>{t("app_shell:save")}</Button></Group>
      </Stack>
    </Modal>
  );
}
