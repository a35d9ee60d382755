//! Connects a call with another number, with us in the middle of both (a B2BUA).

use std::sync::Arc;

use billing::balance;
use kernel::{EventId, Phone, Timestamp};

use super::conduct::{Conductor, Over, Pulse, invitation};
use crate::flows::Outcome;
use crate::rtp::{Heard, Media, Order, RATE};
use crate::sip::{Command, Event, LegEvents, LegId};

/// What we pay for the second leg: its price of a minute, and what was set aside under which name.
struct Account {
    id: EventId,
    unit: billing::Micros,
}

impl Conductor {
    /// Calls the number and joins both, until one of them hangs up.
    ///
    /// # Errors
    /// [`Over`] when the first leg is over.
    pub(super) async fn connect(&mut self, to: &str, from: Option<String>, ring: u32) -> Result<Outcome, Over> {
        self.legs += 1;
        let leg_number = self.legs;
        let Some(account) = self.afford(to).await else {
            self.book.note(leg_number, "transfer_refused", None).await;
            return Ok(Outcome::Failed);
        };
        let route = self.voice.choose(self.book.ctx.workspace, to, from.as_deref());
        let opened = self.voice.media().await;
        let (Some((trunk, _place)), Ok((media, mut hearing))) = (route, opened) else {
            self.settle(&account, None).await;
            self.book.note(leg_number, "transfer_refused", Some("no_trunk")).await;
            return Ok(Outcome::Failed);
        };
        let shown = from.or_else(|| trunk.trunk.rules.caller_ids.first().cloned()).unwrap_or_else(|| self.ours.clone());
        let wanted = invitation(&trunk, (&shown, to), &media, &self.voice, ring);
        let Some((leg, mut events)) = self.voice.endpoint_invite(wanted).await else {
            self.settle(&account, None).await;
            return Ok(Outcome::Failed);
        };
        self.book.note(leg_number, "dialled", None).await;
        let answered = match self.ringing(leg, &mut events, &media).await {
            Ok(Some(at)) => at,
            Ok(None) => {
                self.settle(&account, None).await;
                self.book.note(leg_number, "not_answered", None).await;
                return Ok(Outcome::Failed);
            }
            Err(over) => {
                self.drop_leg(leg);
                self.settle(&account, None).await;
                return Err(over);
            }
        };
        self.book.note(leg_number, "answered", None).await;
        self.line.media.join(&media);
        let joined = self.joined(leg, &mut events, (&media, &mut hearing)).await;
        self.line.media.order(Order::Part);
        self.settle(&account, Some(answered)).await;
        self.book.note(leg_number, "ended", None).await;
        joined.map(|()| Outcome::Done)
    }

    fn drop_leg(&self, leg: LegId) {
        if let Some(endpoint) = self.voice.endpoint() {
            endpoint.order(Command::HangUp(leg));
        }
    }

    /// Sets aside what the second leg may cost; `None` when that country may not be called or money is short.
    async fn afford(&self, to: &str) -> Option<Account> {
        let ctx = &self.book.ctx;
        let number = Phone::parse(to, None).ok()?;
        let country = number.country()?;
        let rules = crate::settings::get(ctx).await.ok()?;
        if !rules.countries.contains(&country) {
            return None;
        }
        let unit = super::accept::minute(ctx, &country).await.ok()?;
        let left = (self.until.0 - ctx.now().0).max(0) / Timestamp::SECOND;
        let account = Account { id: ctx.id(), unit };
        let (amount, reference, call) = (unit.times((left as u64).div_ceil(60)), account.id, ctx.clone());
        let reserved = ctx.db.tx(move |tx| balance::reserve(tx, &call, reference.into(), amount)).await;
        reserved.is_ok_and(|covered| covered).then_some(account)
    }

    async fn settle(&self, account: &Account, answered: Option<Timestamp>) {
        let ctx = &self.book.ctx;
        let seconds = answered.map_or(0, |at| (ctx.now().0 - at.0).max(1) / Timestamp::SECOND + 1);
        let mut batch = ctx.batch();
        balance::settle(&mut batch, ctx, account.id.into(), account.unit.times((seconds as u64).div_ceil(60)));
        if let Err(error) = ctx.db.apply(batch).await {
            tracing::warn!(%error, "the second leg of a call was not settled");
        }
    }

    /// Until the second leg is answered (its instant) or not; the first hears it ring.
    async fn ringing(&mut self, leg: LegId, events: &mut LegEvents, media: &Media) -> Result<Option<Timestamp>, Over> {
        let tone = Arc::new(ringback());
        let mut plays = 1u64 << 40;
        self.line.media.order(Order::Play(Arc::clone(&tone), plays));
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Some(Event::Answered { agreed, .. }) => {
                        media.order(Order::Agreed(agreed));
                        self.line.media.order(Order::Hush);
                        return Ok(Some(self.book.ctx.now()));
                    }
                    Some(Event::Ended { .. }) | None => {
                        self.line.media.order(Order::Hush);
                        return Ok(None);
                    }
                    Some(_) => {}
                },
                pulse = self.pulse(None) => match pulse {
                    Ok(Pulse::Heard(Heard::Played(number))) if number == plays => {
                        plays += 1;
                        self.line.media.order(Order::Play(Arc::clone(&tone), plays));
                    }
                    Ok(_) => {}
                    Err(over) => {
                        self.drop_leg(leg);
                        return Err(over);
                    }
                },
            }
        }
    }

    /// Both speak; keys of each are pressed at the other.
    async fn joined(
        &mut self,
        leg: LegId,
        events: &mut LegEvents,
        (media, hearing): (&Media, &mut tokio::sync::mpsc::Receiver<Heard>),
    ) -> Result<(), Over> {
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Some(Event::Media { agreed, .. }) => media.order(Order::Agreed(agreed)),
                    Some(Event::Key { key, .. }) => self.line.media.order(Order::Press(key.to_string())),
                    Some(Event::Ended { .. }) | None => return Ok(()),
                    Some(_) => {}
                },
                heard = hearing.recv() => match heard {
                    Some(Heard::Key(key)) => self.line.media.order(Order::Press(key.to_string())),
                    Some(Heard::Gone) | None => {
                        self.drop_leg(leg);
                        return Ok(());
                    }
                    Some(_) => {}
                },
                pulse = self.pulse(None) => match pulse {
                    Ok(Pulse::Heard(Heard::Key(key))) => media.order(Order::Press(key.to_string())),
                    Ok(_) => {}
                    Err(over) => {
                        self.drop_leg(leg);
                        return Err(over);
                    }
                },
            }
        }
    }
}

/// One second of 425 Hz and four of silence, as most of the world hears it ring.
fn ringback() -> Vec<i16> {
    let at = |n: u32| (std::f64::consts::TAU * 425.0 * f64::from(n) / f64::from(RATE)).sin();
    let mut sound: Vec<i16> = (0..RATE).map(|n| (3000.0 * at(n)) as i16).collect();
    sound.resize(5 * RATE as usize, 0);
    sound
}
