import { Anchor, Button, Group, Select, Stack, Text } from "@mantine/core";
import { Plus, ScrollText } from "lucide-react";
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useCodes } from "../registers/codes";

const Publish = lazy(() => import("./Publish"));

export interface Edition { id: string; notice: string; language: string; version: number; material: boolean; reconsent: boolean; published_at: string; published_by: string; body?: string }
interface Differences { before: number | null; after: number; segments: Array<{ kind: "same" | "added" | "removed"; text: string }> }

/** The privacy notices: what is in force, every earlier version, and what changed. */
export default function Notices() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const may = useMay()("privacy:write");
  const [open, setOpen] = useUrlState("notice");
  const [writing, setWriting] = useState(false);
  const notices = api.useQuery("get", "/v1/privacy/notices", {});
  const format = useFormat();
  return (
    <Stack gap={0}>
      <Section title={t("notices.title")} about={t("notices.about")} actions={may && !writing && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setWriting(true)}>{t("notices.publish")}</Button>}>
        <Loaded query={notices}>
          {({ items }) => (
            <DataTable label={t("notices.title")} rows={items as Edition[]} rowKey={({ id }) => id} empty={<Nothing icon={ScrollText} title={t("notices.none")} text={t("notices.none_text")} />} columns={[
              { key: "notice", title: t("notices.notice"), cell: ({ notice }) => <Anchor component="button" type="button" size="sm" onClick={() => setOpen(notice)}><bdi>{say("notice", notice)}</bdi></Anchor> },
              { key: "language", title: t("notices.language"), cell: ({ language }) => new Intl.DisplayNames(format.tag, { type: "language" }).of(language) ?? language },
              { key: "version", title: t("notices.version"), numeric: true, cell: ({ version }) => format.number(version) },
              { key: "at", title: t("notices.published"), cell: ({ published_at }) => <Moment at={published_at} /> },
            ]} />
          )}
        </Loaded>
      </Section>
      {writing && <Publish close={() => setWriting(false)} known={(notices.data?.items ?? []) as Edition[]} />}
      {open && <Versions key={open} notice={open} />}
    </Stack>
  );
}

function Versions({ notice }: { notice: string }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  const versions = api.useQuery("get", "/v1/privacy/notices/{notice}", { params: { path: { notice } } });
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Section title={t("notices.versions_of", { name: say("notice", notice) })} about={t("notices.versions_about")}>
      <Loaded query={versions}>
        {({ items }) => {
          const editions = [...(items as Edition[])].reverse();
          const id = chosen ?? editions[0]?.id ?? "";
          const name = ({ version, language, published_at }: Edition) => t("notices.edition", { n: format.number(version), language: new Intl.DisplayNames(format.tag, { type: "language" }).of(language) ?? language, day: format.date(published_at) });
          const edition = editions.find((one) => one.id === id);
          return (
            <>
              <Select label={t("notices.version")} allowDeselect={false} value={id} onChange={setChosen} data={editions.map((one) => ({ value: one.id, label: name(one) }))} />
              {edition?.material && <Group><Status tone="attention">{t(edition.reconsent ? "notices.purposes_changed" : "notices.was_material")}</Status></Group>}
              <Changes id={id} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

const MARK = { same: {}, added: { background: "var(--barid-teal-tint)", textDecoration: "underline" }, removed: { background: "var(--barid-red-tint)", textDecoration: "line-through" } } as const;

function Changes({ id }: { id: string }) {
  const { t } = useTranslation("app_registers");
  const format = useFormat();
  const differences = api.useQuery("get", "/v1/privacy/notice-versions/{id}/differences", { params: { path: { id } } });
  return (
    <Loaded query={differences}>
      {(data) => {
        const { before, segments } = data as unknown as Differences;
        const whole = before === null;
        return (
          <>
            <Text size="sm" c="dimmed">{whole ? t("notices.first") : t("notices.since", { n: format.number(before) })}</Text>
            <Text component="div" size="sm" dir="auto" tabIndex={0} role="region" aria-label={t("notices.text")} style={{ whiteSpace: "pre-wrap", maxHeight: 480, overflowY: "auto" }}>
              {segments.map(({ kind, text }, place) => {
                const Tag = whole || kind === "same" ? "span" : kind === "added" ? "ins" : "del";
                return <Tag key={place} style={whole ? undefined : MARK[kind]}>{text}</Tag>;
              })}
            </Text>
            <Text size="xs" c="dimmed"><Ltr>{id}</Ltr></Text>
          </>
        );
      }}
    </Loaded>
  );
}
