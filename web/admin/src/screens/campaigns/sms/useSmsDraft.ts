import { useMemo } from "react";
import { fetchClient } from "@/api/client";
import { remember, type Campaign } from "../server";
import { useDraft } from "../useDraft";
import { smsFieldsOf, smsPatchOf, type SmsFields } from "./shapes";

/** What one is writing about a campaign by SMS; saves itself. */
export function useSmsDraft(campaign: Campaign) {
  const { id, revision } = campaign;
  const fields = useMemo(() => smsFieldsOf(campaign), [campaign]);
  return useDraft<SmsFields>({
    key: `barid.draft.${id}`, fields, revision,
    save: async (base, mine, at) => {
      const { data, error } = await fetchClient.PATCH("/v1/campaigns/{id}", { params: { path: { id } }, body: { ...smsPatchOf(base, mine), revision: at } });
      if (error) throw error;
      if (!data) throw new TypeError("no answer");
      remember(data);
      return data.revision;
    },
    read: (current) => smsFieldsOf(current as Campaign),
  });
}

export type SmsDraft = ReturnType<typeof useSmsDraft>;
