import { useTranslation } from "react-i18next";
import { got, queryClient, stale } from "@/api/client";
import { Dialog } from "@/ui/Dialog";
import { acts } from "./actions";
import { conversation, type Full } from "./api";

/** Says who a visitor is: a contact with this address is found, or made. */
export function LinkContact({ full, close }: { full: Full; close: () => void }) {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const email = full.person.email ?? full.answers.find(({ value }) => /^[^\s@]+@[^\s@]+$/.test(value))?.value ?? "";
  return (
    <Dialog title={t("contact.link")} about={t("contact.link.about")} close={close} button={t("app_shell:save")} initial={{ email, name: full.person.identified ? (full.person.name ?? "") : "" }}
      fields={[{ name: "email", label: t("email"), needed: true, code: true }, { name: "name", label: t("name") }]}
      send={async ({ email, name }) => {
        const answer = await got(acts.contact(full.id, { contact: null, email: email.trim(), ...(name.trim() ? { name: name.trim() } : {}) }));
        queryClient.setQueryData(conversation(full.id).queryKey, answer);
        await stale("/v1/conversations");
      }} />
  );
}
