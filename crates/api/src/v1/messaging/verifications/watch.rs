//! `GET /v1/verifications/watch`

use calls::verify::watch::{self, Watch};

use crate::v1::prelude::*;

/// When codes to numbers that hardly use any are refused.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerificationWatch {
    /// Codes to numbers that share all but their last three digits that are looked at before anything is said; 0 for
    /// no watch over such blocks.
    pub(super) block_codes: u32,
    /// At least so many of a hundred must have been used.
    pub(super) block_percent: u32,
    /// Codes to one block that may be open at the same time; 0 for any number.
    pub(super) block_open: u32,
    /// Codes to one country that are looked at before anything is said; 0 for no watch over countries.
    pub(super) country_codes: u32,
    /// At least so many of a hundred must have been used.
    pub(super) country_percent: u32,
}

impl From<Watch> for VerificationWatch {
    fn from(watch: Watch) -> Self {
        let Watch { block_codes, block_percent, block_open, country_codes, country_percent } = watch;
        Self { block_codes, block_percent, block_open, country_codes, country_percent }
    }
}

/// The watch over codes that nobody uses (SMS pumping): the last 24 hours count.
#[utoipa::path(get, path = "/v1/verifications/watch", security(("key" = ["routes:read"])),
    responses((status = 200, body = VerificationWatch)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<VerificationWatch>> {
    let ctx = caller.require("routes:read")?;
    Ok(JsonBody(watch::get(&ctx).await?.into()))
}
