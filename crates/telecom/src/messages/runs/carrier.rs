//! The channel of texts, as whoever runs campaigns sees it.

use kernel::{DeliveryId, Problem, RawId};
use outbound::texts::{Quote, Terms, Text, TextFigures, Texts, Weight, Words};
use outbound::{Counts, Run};
use privacy::vocabulary::BasisKind;
use store::{BoxFuture, Ctx};

use super::super::accept::{NewMessage, accept as accept_one};
use super::super::service::Sms;
use super::{accept, figures, quote};
use crate::sms::Originator;
use crate::{Error, Result};

impl Texts for Sms {
    fn quote<'a>(
        &'a self,
        ctx: &'a Ctx,
        terms: &'a Terms,
        texts: &'a [Text],
    ) -> BoxFuture<'a, Result<Vec<Quote>, Problem>> {
        Box::pin(async move { Ok(quote::quote(self, ctx, terms, texts).await?) })
    }

    fn weigh(&self, terms: &Terms, words: &Words) -> Result<Weight, Problem> {
        Ok(quote::weigh(self, terms, words)?)
    }

    fn originates<'a>(&'a self, ctx: &'a Ctx, from: Option<&'a str>) -> BoxFuture<'a, Result<bool, Problem>> {
        Box::pin(async move { Ok(quote::originates(ctx, from).await?) })
    }

    fn accept<'a>(
        &'a self,
        ctx: &'a Ctx,
        run: &'a Run,
        terms: &'a Terms,
        texts: Vec<Text>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move { Ok(accept::accept(self, ctx, run, terms, texts).await?) })
    }

    fn counts<'a>(&'a self, ctx: &'a Ctx, source: RawId) -> BoxFuture<'a, Result<Counts, Problem>> {
        Box::pin(async move { Ok(figures::counts(ctx, source).await?) })
    }

    fn figures<'a>(&'a self, ctx: &'a Ctx, source: RawId) -> BoxFuture<'a, Result<TextFigures, Problem>> {
        Box::pin(async move { Ok(figures::figures(ctx, source).await?) })
    }

    fn try_out<'a>(&'a self, ctx: &'a Ctx, terms: &'a Terms, text: Text) -> BoxFuture<'a, Result<DeliveryId, Problem>> {
        Box::pin(async move {
            let words = text.says.map_err(|reason| Error::field("text", reason))?;
            let new = NewMessage {
                from: terms.from.as_deref().map(str::parse::<Originator>).transpose().map_err(Error::from)?,
                basis: Some(BasisKind::SubjectRequest),
                shorten: terms.shorten,
                ..NewMessage::new(text.phone, words.text)
            };
            Ok(accept_one(self, ctx, new).await?.id)
        })
    }
}
