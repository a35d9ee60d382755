import { ActionIcon, Button, Drawer, Group, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { BookOpenText, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { stale } from "@/api/client";
import { useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { DataTable, type Column } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { When } from "@/ui/text";
import { BothInput } from "./BothInput";
import { EMPTY, type Article } from "./shapes";
import { articles, dropArticle, makeArticle, saveArticle } from "./server";

const PATH = "/v1/articles";
const REST = 250;
const FRESH: Article = { id: "", state: "draft", title: EMPTY, text: EMPTY, keywords: [], updated_at: "" };

/** An article is a draft, or it is published. */
const known = ({ state, ...rest }: Omit<Article, "state"> & { state: string }): Article => ({ ...rest, state: state === "published" ? "published" : "draft" });

/** What the assistant may answer by itself, in both languages. */
export default function Articles() {
  const { t, i18n } = useTranslation(["app_chat", "app_shell"]);
  const manages = useMay()("conversations:manage");
  const [q, setQ] = useUrlState("q");
  const [asked] = useDebouncedValue(q, REST);
  const query = useQuery({ ...articles(asked), placeholderData: keepPreviousData });
  const [open, setOpen] = useState<Article | null>(null);
  const titleOf = ({ title }: Article) => (i18n.language === "ar" ? title.ar || title.en : title.en || title.ar);
  const remove = (article: Article) => confirm({
    title: t("delete.name", { name: titleOf(article) }), text: t("articles.delete.text"), button: t("app_shell:delete"), destroys: true,
    act: async () => { await dropArticle(article.id); await stale(PATH); },
  });
  const columns: Array<Column<Article>> = [
    { key: "title", title: t("articles.title"), cell: (article) => <Text fw={600} size="sm"><bdi>{titleOf(article)}</bdi></Text> },
    { key: "state", title: t("state"), cell: ({ state }) => <Status tone={state === "published" ? "good" : "draft"}>{t(`articles.${state}`)}</Status> },
    { key: "languages", title: t("languages"), wideOnly: true, cell: ({ title }) => [title.en && t("english"), title.ar && t("arabic")].filter(Boolean).join(" · ") },
    { key: "at", title: t("updated"), cell: ({ updated_at }) => <When at={updated_at} /> },
    ...(manages ? [{ key: "act", title: t("actions"), cell: (article: Article) => <ActionIcon color="red" aria-label={t("delete.name", { name: titleOf(article) })} onClick={() => remove(article)}><Trash2 aria-hidden size={16} /></ActionIcon> }] : []),
  ];
  return (
    <Section title={t("part.articles")} about={t("articles.about")} actions={manages && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setOpen(FRESH)}>{t("articles.new")}</Button>}>
      <TextInput type="search" dir="auto" label={t("app_shell:search")} value={q} onChange={(event) => setQ(event.currentTarget.value)} maw={360} />
      <Loaded query={query}>
        {({ items }) => <DataTable label={t("part.articles")} columns={columns} rows={items.map(known)} rowKey={({ id }) => id} open={setOpen} empty={<Nothing icon={BookOpenText} title={t("articles.none")} text={t("articles.none.text")} action={manages ? { label: t("articles.new"), act: () => setOpen(FRESH) } : undefined} />} />}
      </Loaded>
      {open && <ArticleForm key={open.id} article={open} readOnly={!manages} close={() => setOpen(null)} />}
    </Section>
  );
}

function ArticleForm({ article, readOnly, close }: { article: Article; readOnly: boolean; close: () => void }) {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const [draft, setDraft] = useState(article);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    setTrouble(null);
    const { state, title, text, keywords } = draft;
    const body = { state, title, text, keywords };
    try {
      if (article.id) await saveArticle(article.id, body);
      else await makeArticle(body);
      await stale(PATH);
      close();
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer opened onClose={close} size="xl" title={<Text fw={600}>{t(article.id ? "articles.edit" : "articles.new")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        <BothInput label={t("articles.title")} value={draft.title} most={200} change={(title) => setDraft({ ...draft, title })} />
        <BothInput label={t("articles.text")} value={draft.text} lines={6} most={20000} change={(text) => setDraft({ ...draft, text })} />
        <TagsInput label={t("articles.keywords")} description={t("articles.keywords.about")} dir="auto" value={draft.keywords} onChange={(keywords) => setDraft({ ...draft, keywords })} maxTags={50} />
        <Switch label={t("articles.publish")} checked={draft.state === "published"} onChange={(event) => setDraft({ ...draft, state: event.currentTarget.checked ? "published" : "draft" })} />
        {!readOnly && <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button loading={busy} disabled={!draft.title.en.trim() && !draft.title.ar.trim()} onClick={() => void save()}>{t("app_shell:save")}</Button></Group>}
      </Stack>
    </Drawer>
  );
}
