//! Leads one call through its flow.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use kernel::Timestamp;
use tokio::sync::{Notify, mpsc};

use super::record::{Book, End};
use super::service::{LiveTrunk, Voice};
use crate::flows::{Flow, Gather, Machine, Outcome, Prompt, Wish};
use crate::rtp::{Heard, Media, Order, RATE, Recording, read_wav};
use crate::sip::{Command, Credentials, Ended, Event, Fate, Invitation, LegEvents, LegId, Local, NameAddr, Uri};

/// Largest file that is fetched to be played.
const LARGEST: usize = 10_000_000;
/// Largest flow that is fetched.
const LARGEST_FLOW: usize = 256 * 1024;
/// How long the signalling may take to end a call before it is given up.
const GOODBYE: Duration = Duration::from_secs(40);
/// Turns of a second.
const TURNS: u32 = 50;

/// Signalling and sound of one leg.
pub(super) struct Line {
    pub(super) leg: LegId,
    pub(super) events: LegEvents,
    pub(super) media: Media,
    pub(super) hearing: mpsc::Receiver<Heard>,
}

/// Why leading a call ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Over(pub(super) Ended);

/// What happened while waiting.
#[derive(Debug)]
pub(super) enum Pulse {
    Heard(Heard),
    Quiet,
}

/// Leads one call.
pub(super) struct Conductor {
    pub(super) voice: Voice,
    pub(super) book: Book,
    pub(super) line: Line,
    hang_up: Arc<Notify>,
    longest: u32,
    /// Our number in this call.
    pub(super) ours: String,
    pub(super) until: Timestamp,
    played: u64,
    /// Keys that were pressed and not asked for yet.
    typed: VecDeque<char>,
    pub(super) legs: u32,
}

/// Our INVITE over a trunk.
pub(super) fn invitation(
    trunk: &LiveTrunk,
    (from, to): (&str, &str),
    media: &Media,
    voice: &Voice,
    ring: u32,
) -> Invitation {
    let domain = trunk.access.domain();
    let port = (trunk.access.port != 5060 && trunk.access.domain.is_empty()).then_some(trunk.access.port);
    let credentials = (!trunk.access.user.is_empty())
        .then(|| Credentials { user: trunk.access.user.clone(), password: trunk.access.password.clone() });
    let caller = Uri::sip(Some(from), domain, None);
    Invitation {
        peer: trunk.peer,
        to: Uri::sip(Some(to), domain, port),
        from: NameAddr::new(caller.clone()),
        asserted: Some(caller),
        contact_user: trunk.contact_user(),
        credentials,
        media: local(trunk, media, voice),
        ring_for: i64::from(ring) * Timestamp::SECOND,
    }
}

/// Our side of the sound on a trunk.
pub(super) fn local(trunk: &LiveTrunk, media: &Media, voice: &Voice) -> Local {
    let ip = voice.endpoint().map_or(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), crate::sip::Endpoint::public);
    Local { ip, port: media.port(), codecs: trunk.trunk.rules.codecs() }
}

impl Conductor {
    pub(super) fn new(
        voice: Voice,
        book: Book,
        line: Line,
        (hang_up, longest, ours): (Arc<Notify>, u32, String),
    ) -> Self {
        let until = book.ctx.now().plus_seconds(i64::from(longest) + 180);
        Self { voice, book, line, hang_up, longest, ours, until, played: 0, typed: VecDeque::new(), legs: 0 }
    }

    fn order(&self, command: Command) {
        if let Some(endpoint) = self.voice.endpoint() {
            endpoint.order(command);
        }
    }

    /// A call of ours, from the INVITE to the end.
    pub(super) async fn outbound(mut self, flow: Flow, variables: BTreeMap<String, String>) {
        let mut rang = false;
        let ended = loop {
            tokio::select! {
                event = self.line.events.recv() => match event {
                    Some(Event::Progress { status, .. }) if !rang && status > 100 => {
                        rang = true;
                        self.book.ringing().await;
                    }
                    Some(Event::Answered { agreed, .. }) => {
                        self.line.media.order(Order::Agreed(agreed));
                        break None;
                    }
                    Some(Event::Ended { ended, .. }) => break Some(ended),
                    Some(_) => {}
                    None => break Some(Ended { fate: Fate::Unreachable, status: None }),
                },
                () = self.hang_up.notified() => self.order(Command::HangUp(self.line.leg)),
            }
        };
        match ended {
            Some(ended) => self.finish(ended, None).await,
            None => self.answered(flow, variables).await,
        }
    }

    /// A call that came in and is accepted: waits until the other side knows it, then leads it.
    pub(super) async fn inbound(mut self, flow: Flow, variables: BTreeMap<String, String>) {
        let ended = loop {
            match self.line.events.recv().await {
                Some(Event::Answered { agreed, .. }) => {
                    self.line.media.order(Order::Agreed(agreed));
                    break None;
                }
                Some(Event::Ended { ended, .. }) => break Some(ended),
                Some(_) => {}
                None => break Some(Ended { fate: Fate::Unreachable, status: None }),
            }
        };
        match ended {
            Some(ended) => self.finish(ended, None).await,
            None => self.answered(flow, variables).await,
        }
    }

    async fn answered(mut self, flow: Flow, variables: BTreeMap<String, String>) {
        let at = self.book.ctx.now();
        self.until = at.plus_seconds(i64::from(self.longest));
        self.book.answered(at).await;
        let mut machine = Machine::new(flow, variables);
        let mut outcome = Outcome::Done;
        let ended = loop {
            let wish = machine.next(outcome);
            if wish == Wish::HangUp {
                break self.goodbye().await;
            }
            self.book.note(0, "step", Some(name(&wish))).await;
            match self.grant(wish, &machine).await {
                Ok(became) => outcome = became,
                Err(Over(ended)) => break ended,
            }
        };
        self.finish(ended, Some(at)).await;
    }

    /// Hangs up and waits for the signalling to say so.
    async fn goodbye(&mut self) -> Ended {
        self.order(Command::HangUp(self.line.leg));
        let over = async {
            while let Some(event) = self.line.events.recv().await {
                if let Event::Ended { ended, .. } = event {
                    return ended;
                }
            }
            Ended { fate: Fate::HungUp, status: None }
        };
        tokio::time::timeout(GOODBYE, over).await.unwrap_or(Ended { fate: Fate::HungUp, status: None })
    }

    async fn finish(&mut self, ended: Ended, answered: Option<Timestamp>) {
        self.book.ended(End::of(ended, answered.is_some()), answered).await;
        self.voice.leave(self.book.call);
        let stats = self.line.media.stats();
        tracing::debug!(call = %self.book.call, ?stats, "a call is over");
    }

    /// Waits for something, for so long at most.
    ///
    /// # Errors
    /// [`Over`] when the call is.
    pub(super) async fn pulse(&mut self, limit: Option<Duration>) -> Result<Pulse, Over> {
        let left = Duration::from_micros((self.until.0 - self.book.ctx.now().0).max(0) as u64);
        let patience = limit.map_or(left, |limit| limit.min(left));
        loop {
            tokio::select! {
                biased;
                event = self.line.events.recv() => match event {
                    Some(Event::Ended { ended, .. }) => return Err(Over(ended)),
                    Some(Event::Media { agreed, .. }) => {
                        self.line.media.order(Order::Agreed(agreed));
                    }
                    Some(Event::Key { key, .. }) => return Ok(Pulse::Heard(Heard::Key(key))),
                    Some(_) => {}
                    None => return Err(Over(Ended { fate: Fate::Unreachable, status: None })),
                },
                () = self.hang_up.notified() => return Err(Over(self.goodbye().await)),
                heard = self.line.hearing.recv() => match heard {
                    Some(Heard::Gone) => {
                        self.goodbye().await;
                        return Err(Over(Ended { fate: Fate::Unreachable, status: None }));
                    }
                    Some(heard) => return Ok(Pulse::Heard(heard)),
                    None => return Err(Over(self.goodbye().await)),
                },
                () = tokio::time::sleep(patience) => {
                    if self.book.ctx.now() >= self.until {
                        self.book.note(0, "longest_reached", None).await;
                        return Err(Over(self.goodbye().await));
                    }
                    return Ok(Pulse::Quiet);
                }
            }
        }
    }

    async fn grant(&mut self, wish: Wish, machine: &Machine) -> Result<Outcome, Over> {
        match wish {
            Wish::Hear { prompt, repeat, keys } => {
                for _ in 0..repeat {
                    match self.hear(&prompt, machine.language(), &keys).await? {
                        Outcome::Done => {}
                        other => return Ok(other),
                    }
                }
                Ok(Outcome::Done)
            }
            Wish::Wait { seconds, keys } => self.wait(Duration::from_secs(seconds.into()), &keys).await,
            Wish::Ask(gather) => self.ask(&gather, machine.language()).await,
            Wish::Record { announcement, max_seconds, silence_seconds, terminator } => {
                let plan =
                    Recording { most: u32::from(max_seconds) * TURNS, silence: u32::from(silence_seconds) * TURNS };
                self.record(&announcement, machine.language(), (plan, terminator)).await
            }
            Wish::Connect { to, from, ring_seconds } => self.connect(&to, from, ring_seconds.into()).await,
            Wish::Fetch(url) => Ok(self.fetch(&url, machine).await),
            Wish::Press(keys) => {
                self.line.media.order(Order::Press(keys));
                loop {
                    if let Pulse::Heard(Heard::Sent) = self.pulse(None).await? {
                        return Ok(Outcome::Done);
                    }
                }
            }
            Wish::HangUp => Ok(Outcome::Done),
        }
    }

    /// Lets something be heard; a key of these ends it. Other keys are kept for who asks next.
    async fn hear(&mut self, prompt: &Prompt, language: &str, keys: &[char]) -> Result<Outcome, Over> {
        let Some(sound) = self.sound(prompt, language).await else {
            self.book.note(0, "not_heard", prompt.media.as_ref().map(|_| "media")).await;
            return Ok(Outcome::Failed);
        };
        self.played += 1;
        let number = self.played;
        self.line.media.order(Order::Play(sound, number));
        loop {
            match self.pulse(None).await? {
                Pulse::Heard(Heard::Played(of)) if of == number => return Ok(Outcome::Done),
                Pulse::Heard(Heard::Key(key)) if keys.contains(&key) => {
                    self.line.media.order(Order::Hush);
                    return Ok(Outcome::Key(key));
                }
                Pulse::Heard(Heard::Key(key)) if self.typed.len() < 64 => self.typed.push_back(key),
                Pulse::Heard(_) | Pulse::Quiet => {}
            }
        }
    }

    async fn wait(&mut self, time: Duration, keys: &[char]) -> Result<Outcome, Over> {
        let until = self.book.ctx.now().plus_micros(time.as_micros() as i64);
        loop {
            let left = (until.0 - self.book.ctx.now().0).max(0);
            match self.pulse(Some(Duration::from_micros(left as u64))).await? {
                Pulse::Heard(Heard::Key(key)) if keys.contains(&key) => return Ok(Outcome::Key(key)),
                Pulse::Quiet => return Ok(Outcome::Done),
                Pulse::Heard(_) => {}
            }
        }
    }

    async fn ask(&mut self, gather: &Gather, language: &str) -> Result<Outcome, Over> {
        const ALL: [char; 12] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'];
        let mut entered = String::new();
        let mut first = self.typed.pop_front();
        let said = gather.prompt.text.is_some() || gather.prompt.media.is_some();
        if first.is_none()
            && said
            && let Outcome::Key(key) = self.hear(&gather.prompt, language, &ALL).await?
        {
            first = Some(key);
        }
        loop {
            let key = match first.take().or_else(|| self.typed.pop_front()) {
                Some(key) => Some(key),
                None => match self.pulse(Some(Duration::from_secs(gather.timeout.into()))).await? {
                    Pulse::Heard(Heard::Key(key)) => Some(key),
                    Pulse::Heard(_) => continue,
                    Pulse::Quiet => None,
                },
            };
            let Some(key) = key else { break };
            if Some(key) == gather.terminator {
                break;
            }
            entered.push(key);
            if entered.len() >= usize::from(gather.max) {
                break;
            }
        }
        self.book.note(0, "entered", None).await;
        Ok(Outcome::Keys(entered))
    }

    async fn record(
        &mut self,
        announcement: &Prompt,
        language: &str,
        (plan, terminator): (Recording, Option<char>),
    ) -> Result<Outcome, Over> {
        // Nobody is recorded who was not told.
        if self.hear(announcement, language, &[]).await? != Outcome::Done {
            return Ok(Outcome::Failed);
        }
        self.typed.clear();
        self.played += 1;
        self.line.media.order(Order::Play(Arc::new(beep()), self.played));
        self.line.media.order(Order::Record(plan));
        loop {
            match self.pulse(None).await {
                Ok(Pulse::Heard(Heard::Recorded(sound, ended))) => {
                    self.book.recorded(&sound, ended).await;
                    return Ok(Outcome::Done);
                }
                Ok(Pulse::Heard(Heard::Key(key))) if Some(key) == terminator => {
                    self.line.media.order(Order::StopRecording);
                }
                Ok(_) => {}
                Err(over) => {
                    // They hung up after they spoke: what they said is kept.
                    self.line.media.order(Order::StopRecording);
                    let rest = tokio::time::timeout(Duration::from_secs(1), async {
                        while let Some(heard) = self.line.hearing.recv().await {
                            if let Heard::Recorded(sound, ended) = heard {
                                return Some((sound, ended));
                            }
                        }
                        None
                    });
                    if let Ok(Some((sound, ended))) = rest.await {
                        self.book.recorded(&sound, ended).await;
                    }
                    return Err(over);
                }
            }
        }
    }

    /// The sound of words or of a file.
    pub(super) async fn sound(&self, prompt: &Prompt, language: &str) -> Option<Arc<Vec<i16>>> {
        if let Some(url) = &prompt.media {
            let octets = self.get(url, &[], LARGEST).await?;
            let read = tokio::task::spawn_blocking(move || read_wav(&octets));
            return read.await.ok()?.ok().map(Arc::new);
        }
        let language = prompt.language.as_deref().unwrap_or(language);
        let text = prompt.text.as_deref()?;
        // Digits in words are about somebody more often than not.
        let keep = !text.chars().any(char::is_numeric);
        match self.voice.speech().say(text, language, keep).await {
            Ok(sound) => Some(sound),
            Err(error) => {
                tracing::warn!(%error, "words in a call were not said");
                None
            }
        }
    }

    async fn fetch(&self, url: &str, machine: &Machine) -> Outcome {
        let known = machine.variables().iter();
        let told: Vec<(&str, &str)> = known
            .filter(|(name, _)| name.starts_with("call.") || name.starts_with("keys.") || name.starts_with("transfer."))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let flow = self.get(url, &told, LARGEST_FLOW).await;
        let flow = flow.and_then(|octets| serde_json::from_slice(&octets).ok()).and_then(|json| Flow::read(&json).ok());
        if let Some(flow) = flow {
            return Outcome::Fetched(Box::new(flow));
        }
        self.book.note(0, "not_fetched", None).await;
        Outcome::Failed
    }

    /// A GET through the guard, bounded.
    async fn get(&self, url: &str, query: &[(&str, &str)], most: usize) -> Option<Vec<u8>> {
        let client = self.voice.client();
        let mut url = client.check(url).ok()?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let response = client.client().get(url).send().await.ok()?;
        if !response.status().is_success() {
            return None;
        }
        let (mut parts, mut octets) = (response.bytes_stream(), Vec::new());
        while let Some(part) = parts.next().await {
            octets.extend_from_slice(&part.ok()?);
            if octets.len() > most {
                return None;
            }
        }
        Some(octets)
    }
}

/// What is heard before a recording begins.
fn beep() -> Vec<i16> {
    let at = |n: u32| (std::f64::consts::TAU * 1000.0 * f64::from(n) / f64::from(RATE)).sin();
    (0..RATE / 5).map(|n| (6000.0 * at(n)) as i16).collect()
}

const fn name(wish: &Wish) -> &'static str {
    match wish {
        Wish::Hear { prompt, .. } if prompt.media.is_some() => "play",
        Wish::Hear { .. } => "say",
        Wish::Wait { .. } => "pause",
        Wish::Ask(_) => "gather",
        Wish::Record { .. } => "record",
        Wish::Connect { .. } => "transfer",
        Wish::Fetch(_) => "fetch",
        Wish::Press(_) => "send_keys",
        Wish::HangUp => "hangup",
    }
}
