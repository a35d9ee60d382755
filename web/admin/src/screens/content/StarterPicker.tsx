import { Box, Button, Card, Group, Modal, SimpleGrid, Stack, Text, UnstyledButton } from "@mantine/core";
import { CodeXml, FilePlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Loaded } from "@/ui/Loaded";
import { BLANK, blankDesign } from "./blank";
import type { Body } from "./document";
import { Thumbnail } from "./Thumbnail";
import { useStarters } from "./server";

/** Where to begin: a design in the message's language, or code of one's own. */
export function StarterPicker({ language, choose, close }: { language: string; choose: (body: Body) => void; close: () => void }) {
  const { t } = useTranslation(["app_content", "app_shell"]);
  const starters = useStarters();
  return (
    <Modal opened onClose={close} size="xl" title={<Text fw={600}>{t("begin")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        <Loaded query={starters}>
          {({ items }) => {
            const fitting = items.filter((starter) => starter.language === (language.startsWith("ar") ? "ar" : "en"));
            return (
              <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="sm">
                {fitting.map(({ id, name, description, design, language: lang, subject }) => (
                  <Card key={id} padding={0}>
                    <UnstyledButton w="100%" onClick={() => choose({ design })} aria-label={t("begin.with", { name })} aria-describedby={`about-${id}`}>
                      <Thumbnail content={{ subject, design }} language={lang} height={190} />
                      <Text fw={600} dir="auto" px="sm" pt="sm">{name}</Text>
                    </UnstyledButton>
                    <Box px="sm" pb="sm"><Text id={`about-${id}`} size="xs" c="dimmed" lineClamp={2} dir="auto">{description}</Text></Box>
                  </Card>
                ))}
              </SimpleGrid>
            );
          }}
        </Loaded>
        <Group>
          <Button variant="default" leftSection={<FilePlus aria-hidden size={16} />} onClick={() => choose({ design: blankDesign(language) })}>{t("begin.empty")}</Button>
          <Button variant="default" leftSection={<CodeXml aria-hidden size={16} />} onClick={() => choose({ mjml: BLANK.mjml })}>{t("begin.mjml")}</Button>
          <Button variant="default" leftSection={<CodeXml aria-hidden size={16} />} onClick={() => choose({ html: BLANK.html })}>{t("begin.html")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
