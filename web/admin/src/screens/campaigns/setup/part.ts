import type { Campaign, CampaignDraft } from "../server";

/** What each section of the set-up is given. */
export interface Part {
  draft: CampaignDraft;
  campaign: Campaign;
  /** Nothing may be changed. */
  locked: boolean;
  /** What the server refused, by its names of fields. */
  errors: Record<string, string>;
}
