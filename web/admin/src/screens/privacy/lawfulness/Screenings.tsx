import { Button, FileInput, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { ListX, Upload } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { instantOf } from "@/ui/Dialog";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { Moment } from "@/ui/text";
import { useWord } from "@/ui/words";
import { useCodes, useCountries } from "../registers/codes";
import { CHANNELS } from "./Approvals";

/** National opt-out lists: kept as keyed hashes that name nobody. */
export default function Screenings() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const word = useWord();
  const format = useFormat();
  const countries = useCountries();
  const may = useMay()("privacy:write");
  const [adding, setAdding] = useState(false);
  const lists = api.useQuery("get", "/v1/privacy/screenings", {});
  const remove = (id: string, list: string, entries: number) =>
    confirm({
      title: t("screenings.remove"), text: t("screenings.remove_text", { list, n: format.number(entries) }), button: t("screenings.remove"), destroys: true,
      act: async () => {
        const { error } = await fetchClient.DELETE("/v1/privacy/screenings/{id}", { params: { path: { id } } });
        if (error) throw error;
        await stale("/v1/privacy");
      },
    });
  return (
    <Section title={t("screenings.title")} about={t("screenings.about")} actions={may && <Button leftSection={<Upload aria-hidden size={16} />} onClick={() => setAdding(true)}>{t("screenings.add")}</Button>}>
      <Loaded query={lists}>
        {({ items }) => (
          <DataTable label={t("screenings.title")} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={ListX} title={t("screenings.none")} text={t("screenings.none_text")} />} columns={[
            { key: "list", title: t("screenings.list"), cell: ({ list, country, channel }) => <><bdi>{list}</bdi><Text size="xs" c="dimmed"><bdi>{countries([country])}</bdi> · {word("channel", channel)}</Text></> },
            { key: "state", title: t("state"), cell: ({ state, expires_at }) => <Status tone={state !== "ready" ? "busy" : new Date(expires_at) < new Date() ? "bad" : "good"}>{state === "ready" && new Date(expires_at) < new Date() ? say("state", "expired") : say("state", state)}</Status> },
            { key: "entries", title: t("screenings.entries"), numeric: true, cell: ({ entries }) => format.number(entries) },
            { key: "dated", title: t("screenings.dated"), cell: ({ dated_at }) => format.date(dated_at) },
            { key: "until", title: t("assessments.until"), cell: ({ expires_at }) => <Moment at={expires_at} /> },
            { key: "act", title: "", cell: ({ id, list, entries }) => may && <Button size="compact-sm" variant="subtle" color="red" onClick={() => remove(id, list, entries)}>{t("screenings.remove")}</Button> },
          ]} />
        )}
      </Loaded>
      {adding && <Add close={() => setAdding(false)} />}
    </Section>
  );
}

function Add({ close }: { close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const word = useWord();
  const format = useFormat();
  const [file, setFile] = useState<File | null>(null);
  const form = useServerForm({ initialValues: { country: "", channel: "email", list: "", source: "", dated: "" } });
  const submit = form.send(async ({ country, channel, list, source, dated }) => {
    const { data, error } = await fetchClient.POST("/v1/privacy/screenings", {
      params: { query: { country: country.trim().toUpperCase(), channel, list, source, dated: instantOf(dated) ?? "" } },
      body: (await file?.text()) ?? "", bodySerializer: (text) => text, headers: { "content-type": "text/plain" },
    });
    if (error) throw error;
    await stale("/v1/privacy");
    told(t("screenings.added", { n: format.number(data.entries), bad: format.number(data.unreadable ?? 0) }));
    close();
  });
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600} component="span">{t("screenings.add")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Text size="sm" c="dimmed">{t("screenings.add_about")}</Text>
          <FileInput label={t("screenings.file")} placeholder={t("screenings.choose")} accept=".txt,.csv,text/plain" value={file} onChange={setFile} required />
          <TextInput label={t("approvals.country")} description={t("approvals.country_note")} dir="ltr" required {...form.getInputProps("country")} />
          <Select label={t("approvals.channel")} allowDeselect={false} data={CHANNELS.map((value) => ({ value, label: word("channel", value) }))} {...form.getInputProps("channel")} />
          <TextInput label={t("screenings.list")} dir="auto" required {...form.getInputProps("list")} />
          <TextInput label={t("screenings.source")} dir="auto" required {...form.getInputProps("source")} />
          <TextInput label={t("screenings.dated")} type="date" required {...form.getInputProps("dated")} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy} disabled={!file || !form.values.country || !form.values.list || !form.values.dated}>{t("screenings.add")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
