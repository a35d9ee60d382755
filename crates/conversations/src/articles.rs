//! The knowledge base: articles in English and Arabic, found by their words.

use kernel::{ArticleId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, params};

use crate::model::codes;
use crate::widgets::Words;
use crate::{Error, Result, text};

codes! {
    /// Whether an article is shown.
    ArticleState {
        /// Members only.
        Draft = "draft",
        /// Everybody.
        Published = "published",
    }
}

/// The most articles of a workspace.
const MOST: usize = 2000;

/// What an article is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Whether it is shown.
    pub state: ArticleState,
    /// What it is called.
    pub title: Words,
    /// What it says.
    pub text: Words,
    /// Words under which it is found besides its own.
    #[serde(default)]
    pub keywords: Vec<String>,
}

/// An article.
#[derive(Debug, Clone)]
pub struct Article {
    /// Its id.
    pub id: ArticleId,
    /// What it is.
    pub draft: Draft,
    /// Changed last.
    pub updated_at: Timestamp,
}

impl Article {
    /// Its title in a language.
    pub fn title(&self, language: &str) -> &str {
        self.draft.title.get(language)
    }

    /// Its text in a language.
    pub fn text(&self, language: &str) -> &str {
        self.draft.text.get(language)
    }
}

store::sql! {
    PUT = "INSERT INTO article (workspace, id, state, document, updated_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace, id) DO UPDATE SET state = $3, document = $4, updated_at = $5";
    ONE = "SELECT id, document, updated_at FROM article WHERE workspace = $1 AND id = $2";
    ALL = "SELECT id, document, updated_at FROM article WHERE workspace = $1 ORDER BY id";
    DELETE = "DELETE FROM article WHERE workspace = $1 AND id = $2";
}

fn opened((id, document, updated_at): (ArticleId, String, Timestamp)) -> Result<Article> {
    let draft = serde_json::from_str(&document).map_err(|_| Error::Corrupt("article"))?;
    Ok(Article { id, draft, updated_at })
}

/// One article.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: ArticleId) -> Result<Article> {
    let row: Option<(ArticleId, String, Timestamp)> = ctx.db.get(ONE, params![ctx.workspace, id]).await?;
    row.map(opened).transpose()?.ok_or(Error::NotFound("article"))
}

/// Every article, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Article>> {
    let rows: Vec<(ArticleId, String, Timestamp)> = ctx.db.all(ALL, params![ctx.workspace]).await?;
    rows.into_iter().map(opened).collect()
}

/// Makes an article, or changes one.
///
/// # Errors
/// Texts that are too long, [`Error::NotFound`], too many articles.
pub async fn put(ctx: &Ctx, id: Option<ArticleId>, draft: &Draft) -> Result<Article> {
    draft.title.check("title", 400)?;
    draft.text.check("text", 64 * 1024)?;
    if draft.title.is_empty() || draft.text.is_empty() {
        return Err(Error::field("title", "an article has a title and a text, in one language at least"));
    }
    if draft.keywords.len() > 50 {
        return Err(Error::field("keywords", "an article has at most 50 keywords"));
    }
    for word in &draft.keywords {
        text::line("keywords", word, 100)?;
    }
    let id = match id {
        Some(id) => get(ctx, id).await?.id,
        None if list(ctx).await?.len() >= MOST => return Err(Error::State("a workspace has at most 2000 articles")),
        None => ctx.id(),
    };
    let document = serde_json::to_string(draft).map_err(|_| Error::Corrupt("article"))?;
    let mut batch = ctx.batch();
    batch.push(PUT, params![ctx.workspace, id, draft.state, document, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "article.updated", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Deletes an article.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(ctx: &Ctx, id: ArticleId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(DELETE, params![ctx.workspace, id]);
    accounts::audit::record(&mut batch, ctx, "article.deleted", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Words that say nothing about what is asked.
const EMPTY: [&str; 44] = [
    "the", "a", "an", "is", "are", "do", "does", "i", "you", "my", "your", "to", "of", "in", "on", "for", "and", "or",
    "how", "what", "can", "me", "it", "we", "في", "من", "على", "عن", "الى", "هل", "ما", "هو", "هي", "كيف", "ان", "او",
    "مع", "هذا", "هذه", "لي", "انا", "متى", "اين", "كم",
];

/// The words of a text, folded, without those that say nothing. The Arabic article and single-letter prefixes that
/// are written together with it are taken off, so that «الشحن» finds «شحن».
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let folded = kernel::fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .filter(|word| !EMPTY.iter().any(|empty| kernel::fold(empty) == **word))
        .map(|word| {
            let bare = ["وال", "بال", "فال", "كال", "ال"]
                .iter()
                .find_map(|prefix| word.strip_prefix(prefix).filter(|rest| rest.chars().count() >= 3));
            bare.unwrap_or(word).to_owned()
        })
        .collect()
}

/// How well an article answers: the share of the question's words that stand in it, titles and keywords thrice.
fn score(article: &Article, question: &[String]) -> f64 {
    let draft = &article.draft;
    let of = |text: &str| tokens(text);
    let mut heads = of(&draft.title.en);
    heads.extend(of(&draft.title.ar));
    heads.extend(draft.keywords.iter().flat_map(|word| of(word)));
    let mut body = of(&draft.text.en);
    body.extend(of(&draft.text.ar));
    let has = |words: &[String], token: &String| {
        words.iter().any(|word| word == token || token.chars().count() >= 4 && word.starts_with(token.as_str()))
    };
    let points: f64 = question
        .iter()
        .map(|token| match (has(&heads, token), has(&body, token)) {
            (true, _) => 3.0,
            (false, true) => 1.0,
            _ => 0.0,
        })
        .sum();
    points / question.len() as f64
}

/// The least score that is an answer.
const ENOUGH: f64 = 0.9;

/// The articles that answer a question best, the best first; none when none does.
///
/// # Errors
/// When the store fails.
pub async fn search(ctx: &Ctx, question: &str, language: &str, most: usize) -> Result<Vec<Article>> {
    let mut words = tokens(&question.chars().take(1000).collect::<String>());
    words.dedup();
    words.truncate(40);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let all = list(ctx).await?;
    let published = all.into_iter().filter(|article| article.draft.state == ArticleState::Published);
    let mut scored: Vec<(f64, Article)> =
        published.map(|article| (score(&article, &words), article)).filter(|(score, _)| *score >= ENOUGH).collect();
    let speaks = |article: &Article| {
        let own = if language.starts_with("ar") { &article.draft.text.ar } else { &article.draft.text.en };
        !own.trim().is_empty()
    };
    scored.sort_by(|(a, first), (b, second)| {
        b.total_cmp(a).then_with(|| speaks(second).cmp(&speaks(first))).then_with(|| first.id.cmp(&second.id))
    });
    Ok(scored.into_iter().take(most).map(|(_, article)| article).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_question_find_the_article() {
        let article = Article {
            id: ArticleId([1; 16]),
            draft: Draft {
                state: ArticleState::Published,
                title: Words { en: "Delivery times".into(), ar: "مدة الشحن والتوصيل".into() },
                text: Words {
                    en: "Orders leave within two days.".into(), ar: "تُشحن الطلبات خلال يومين.".into()
                },
                keywords: vec!["shipping".into()],
            },
            updated_at: Timestamp(0),
        };
        let found = |question: &str| score(&article, &tokens(question)) >= ENOUGH;
        assert!(found("How long does delivery take?"));
        assert!(found("shipping"));
        assert!(found("كم مدّة شحن الطلب؟"));
        assert!(!found("Can I pay by card?"));
        assert!(!found("هل يمكن الدفع نقدا"));
    }
}
