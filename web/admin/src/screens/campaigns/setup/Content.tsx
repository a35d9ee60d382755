import { Group, Stack, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Thumbnail } from "@/screens/content/Thumbnail";
import { LanguageName } from "@/ui/Language";
import { contentOf, languagesOf, pieceOf } from "../fields";
import type { Part } from "./part";

/** How the message looks, small; and whether it counts. */
export function Content({ draft, locked }: Part) {
  const { t } = useTranslation("app_campaigns");
  const { fields, change } = draft;
  return (
    <Stack>
      <Group align="flex-start">
        {languagesOf(fields).map((language) => {
          const piece = pieceOf(fields, language);
          return (
            <Stack key={language} gap={4} w={240}>
              {piece.body ? <Thumbnail content={contentOf(piece)} language={language} height={280} /> : <Text size="sm" c="dimmed">{t("content.none")}</Text>}
              <Text size="sm" c="dimmed"><LanguageName code={language} /></Text>
            </Stack>
          );
        })}
      </Group>
      <Switch checked={fields.track} disabled={locked} label={t("track")} description={t("track.about")} onChange={({ currentTarget: { checked } }) => change({ track: checked })} />
    </Stack>
  );
}
