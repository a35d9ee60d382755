import { Button, Card, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { LanguageName } from "@/ui/Language";
import { designOf, summary, type Body } from "@/screens/content/document";
import type { Conflict } from "./draft";
import { flat, type MessageFields } from "./fields";

type Side = "mine" | "theirs";

/** What both sides made of the same fields, one below the other; nothing is lost without being chosen. `keeps` tells that
 *  a message that is given up stays among its earlier states. */
export function ConflictDialog({ conflict, mine, keeps = false, resolve }: { conflict: Conflict; mine: MessageFields; keeps?: boolean; resolve: (choice: Record<string, Side>) => void }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const [choice, setChoice] = useState<Record<string, Side>>(() => Object.fromEntries(conflict.names.map((name) => [name, "mine" as const])));
  const own = flat(mine);
  return (
    <Modal opened onClose={() => {}} withCloseButton={false} closeOnEscape={false} size="lg" title={<Text fw={600}>{t("conflict.title")}</Text>}>
      <Stack>
        <Text size="sm">{t(conflict.by ? "conflict.text_by" : "conflict.text", { who: conflict.by ?? "", when: conflict.at ? format.relative(conflict.at) : "" })}</Text>
        {conflict.names.map((name) => (
          <Card key={name} padding="sm">
            <Radio.Group label={<FieldName name={name} />} value={choice[name]} onChange={(side) => setChoice({ ...choice, [name]: side === "theirs" ? "theirs" : "mine" })}>
              <Stack gap="xs" mt="xs">
                <Radio value="mine" label={<Choice who={t("conflict.mine")} value={own[name]} />} />
                <Radio value="theirs" label={<Choice who={conflict.by ?? t("conflict.theirs")} value={conflict.theirs[name]} />} />
              </Stack>
            </Radio.Group>
          </Card>
        ))}
        {keeps && conflict.names.some((name) => isBody(own[name]) && designOf(own[name])) && <Text size="sm" c="dimmed">{t("conflict.kept")}</Text>}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => resolve(Object.fromEntries(conflict.names.map((name) => [name, "theirs"])))}>{t("conflict.all_theirs")}</Button>
          <Button onClick={() => resolve(choice)}>{t("conflict.go")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const NAMED = ["name", "topic", "segment", "purpose", "from_name", "from_email", "reply_to", "reason", "track", "prospecting", "language", "subject", "preheader", "text", "body", "originator", "shorten", "validity"] as const;
type Named = (typeof NAMED)[number];

/** A field by the name it has on the page, with its language when it is one of several. */
export function FieldName({ name }: { name: string }) {
  const { t } = useTranslation("app_campaigns");
  const [first = "", second] = name.split("/");
  const own = (second ?? first) as Named;
  const label = NAMED.includes(own) ? t(`field.${own}`) : own;
  return <Text component="span" fw={600}>{label}{second && <> (<LanguageName code={first} />)</>}</Text>;
}

function Choice({ who, value }: { who: string; value: unknown }) {
  return <Stack gap={0}><Text size="xs" c="dimmed"><bdi>{who}</bdi></Text><Shown value={value} /></Stack>;
}

const isBody = (value: unknown): value is Body => typeof value === "object" && value !== null && ("design" in value || "mjml" in value || "html" in value);

function Shown({ value }: { value: unknown }) {
  const { t } = useTranslation(["app_campaigns", "app_shell"]);
  if (value === null || value === undefined || value === "") return <Text size="sm" c="dimmed">{t("conflict.empty")}</Text>;
  if (typeof value === "boolean") return <Text size="sm">{value ? t("app_shell:yes") : t("app_shell:no")}</Text>;
  if (!isBody(value)) return <Text size="sm" dir="auto" style={{ overflowWrap: "anywhere" }}>{typeof value === "object" ? Object.values(value).filter(Boolean).join(" · ") : String(value)}</Text>;
  const design = designOf(value);
  const lines = design
    ? design.rows.flatMap(({ cols }) => cols.flat().map(summary)).filter(Boolean)
    : ["mjml" in value ? value.mjml : "html" in value ? value.html : ""];
  return <Text size="sm" component="div" dir="auto" mah={160} tabIndex={0} style={{ overflow: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{lines.join("\n").slice(0, 4000)}</Text>;
}
