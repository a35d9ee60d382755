use kernel::CampaignId;
use outbound::Outbound;
use store::Ctx;

use crate::Result;
use crate::lifecycle::{create, get};
use crate::model::Campaign;

/// The most characters of a name.
const MAX_NAME: usize = 200;

/// Makes a draft of a campaign that is there, whatever its state.
///
/// # Errors
/// As [`create`]; [`crate::Error::NotFound`].
pub async fn duplicate(ctx: &Ctx, outbound: &Outbound, id: CampaignId, name: Option<String>) -> Result<Campaign> {
    let mut draft = get(ctx, id).await?.draft;
    draft.name = name.unwrap_or_else(|| counted(&draft.name));
    create(ctx, outbound, draft).await
}

/// `News` becomes `News (2)`, and that one `News (3)`: the same in every language.
fn counted(name: &str) -> String {
    let numbered = name.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    let (stem, number) = match numbered.and_then(|(stem, number)| Some((stem, number.parse::<u32>().ok()?))) {
        Some((stem, number)) => (stem, number.saturating_add(1)),
        None => (name, 2),
    };
    let suffix = format!(" ({number})");
    let stem: String = stem.chars().take(MAX_NAME - suffix.chars().count()).collect();
    stem + &suffix
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn copies_are_counted() {
        assert_eq!(counted("News"), "News (2)");
        assert_eq!(counted("أخبار (9)"), "أخبار (10)");
        assert_eq!(counted("News (old)"), "News (old) (2)");
        assert_eq!(counted(&"x".repeat(200)).chars().count(), 200);
    }
}
