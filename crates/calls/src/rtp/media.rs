//! The sound of one call: a socket, and a loop with a turn every twenty milliseconds.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Rng, Timestamp};
use parking_lot::Mutex;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

use super::events::{Keys, Pressed, Turn};
use super::jitter::{Jitter, Next};
use super::packet::Packet;
use super::ports::{Ports, Thread};
use super::rtcp::{Counts, goodbye, sender_report};
use super::tones::{Detector, tone};
use super::{FRAME, linear, ulaw, write};
use crate::sip::{Agreed, Codec};

/// A turn.
const TURN: Duration = Duration::from_millis(20);
/// Turns between sender reports.
const REPORT: u64 = 250;
/// Seconds without any packet, after there were some, until the other side counts as gone.
const GONE: i64 = 90;
/// Frames that may wait between two calls that are joined.
const JOINED: usize = 8;
/// Loudness below which a frame is silence, as a mean of squares (about −38 dBm0).
const QUIET: u64 = 90_000;
/// Most things that may wait to be heard by whoever leads the call.
const HEARD: usize = 128;

/// How what the other side says is kept.
#[derive(Debug, Clone, Copy)]
pub struct Recording {
    /// Most turns.
    pub most: u32,
    /// Turns of silence, after something was said, that end it; 0 for never.
    pub silence: u32,
}

/// Why something that was kept ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was as long as it may be.
    Full,
    /// Nobody spoke any more.
    Silence,
    /// It was stopped.
    Stopped,
}

/// What the loop is asked to do.
pub enum Order {
    /// Sound goes there from now on.
    Agreed(Agreed),
    /// Plays samples after what is played already; [`Heard::Played`] tells its end with this number.
    Play(Arc<Vec<i16>>, u64),
    /// Stops what is played; its end is not told.
    Hush,
    /// Presses keys; [`Heard::Sent`] tells when they are sent.
    Press(String),
    /// Keeps what the other side says.
    Record(Recording),
    /// Stops keeping it.
    StopRecording,
    /// Sends what comes from there, and what is heard there.
    Join(mpsc::Sender<Vec<i16>>, mpsc::Receiver<Vec<i16>>),
    /// Ends that.
    Part,
}

/// What happens to a call's sound.
#[derive(Debug)]
pub enum Heard {
    /// A key.
    Key(char),
    /// What was played under this number is over.
    Played(u64),
    /// The keys are sent.
    Sent,
    /// What was kept, in µ-law.
    Recorded(Vec<u8>, Ended),
    /// Nothing comes any more.
    Gone,
}

/// What travelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Packets sent.
    pub sent: u64,
    /// Packets received.
    pub received: u64,
    /// Packets that never came.
    pub lost: u64,
    /// Packets that came too late, twice, or were too many.
    pub dropped: u64,
    /// Interarrival jitter of what came (RFC 3550 section 6.4.1), in microseconds.
    pub jitter: u64,
    /// How late the latest turn of ours began, in microseconds.
    pub late: u64,
}

/// The sound of one call. It ends when this is dropped.
pub struct Media {
    orders: mpsc::UnboundedSender<Order>,
    port: u16,
    stats: Arc<Mutex<Stats>>,
    _thread: Arc<Thread>,
}

impl Media {
    /// Opens a socket and starts the loop. What happens comes over the channel.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn open(
        ports: &Ports,
        ip: IpAddr,
        (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>),
    ) -> io::Result<(Self, mpsc::Receiver<Heard>)> {
        let ((socket, control), thread) = ports.open(ip).await?;
        let port = socket.local_addr()?.port();
        let mut random = [0; 10];
        rng.fill(&mut random);
        let word = |at: usize| u32::from_be_bytes([random[at], random[at + 1], random[at + 2], random[at + 3]]);
        let (orders, taken) = mpsc::unbounded_channel();
        let (heard, hearing) = mpsc::channel(HEARD);
        let stats: Arc<Mutex<Stats>> = Arc::default();
        let running = Running {
            socket,
            control,
            clock,
            heard,
            stats: Arc::clone(&stats),
            agreed: None,
            remote: None,
            source: word(0),
            timestamp: word(4),
            sequence: u16::from_be_bytes([random[8], random[9]]),
            counts: Counts::default(),
            spurt: true,
            turns: 0,
            playing: VecDeque::new(),
            keys: Keys::default(),
            pressing: false,
            jitter: Jitter::default(),
            stream: None,
            pending: VecDeque::new(),
            last: Vec::new(),
            pressed: Pressed::default(),
            events: false,
            detector: Detector::default(),
            recording: None,
            joined: None,
            arrival: None,
            last_packet: None,
        };
        thread.handle.spawn(running.run(taken));
        Ok((Self { orders, port, stats, _thread: thread }, hearing))
    }

    /// The port that descriptions say.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Asks for something.
    pub fn order(&self, order: Order) {
        let _ = self.orders.send(order);
    }

    /// What travelled so far.
    pub fn stats(&self) -> Stats {
        *self.stats.lock()
    }

    /// Joins the sound of two calls.
    pub fn join(&self, other: &Self) {
        let (to_other, from_us) = mpsc::channel(JOINED);
        let (to_us, from_other) = mpsc::channel(JOINED);
        self.order(Order::Join(to_other, from_other));
        other.order(Order::Join(to_us, from_us));
    }
}

struct Kept {
    sound: Vec<u8>,
    plan: Recording,
    turns: u32,
    quiet: u32,
    spoken: bool,
}

struct Running {
    socket: UdpSocket,
    control: Option<UdpSocket>,
    clock: Arc<dyn Clock>,
    heard: mpsc::Sender<Heard>,
    stats: Arc<Mutex<Stats>>,
    agreed: Option<Agreed>,
    /// Where the sound really comes from: behind address translation it is not what was described.
    remote: Option<SocketAddr>,
    source: u32,
    timestamp: u32,
    sequence: u16,
    counts: Counts,
    spurt: bool,
    turns: u64,
    playing: VecDeque<(Arc<Vec<i16>>, usize, u64)>,
    keys: Keys,
    pressing: bool,
    jitter: Jitter<(Codec, Vec<u8>)>,
    stream: Option<u32>,
    /// Decoded and not heard: packets may hold more or less than a frame.
    pending: VecDeque<i16>,
    last: Vec<i16>,
    pressed: Pressed,
    /// The other side sends keys as packets, so tones are not looked for.
    events: bool,
    detector: Detector,
    recording: Option<Kept>,
    joined: Option<(mpsc::Sender<Vec<i16>>, mpsc::Receiver<Vec<i16>>)>,
    /// Transit of the packet before, for jitter.
    arrival: Option<i64>,
    last_packet: Option<Timestamp>,
}

impl Running {
    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut octets = vec![0; 2048];
        let mut turn = tokio::time::interval(TURN);
        // After a delay the turns that were missed are made up for, so that the schedule stays absolute.
        turn.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut begun: Option<Timestamp> = None;
        loop {
            tokio::select! {
                biased;
                at = turn.tick() => {
                    let _ = at;
                    let now = self.clock.now();
                    let first = *begun.get_or_insert(now);
                    let planned = first.plus_micros(self.turns as i64 * TURN.as_micros() as i64);
                    let late = (now.0 - planned.0).max(0) as u64;
                    self.turn(now, late).await;
                }
                order = orders.recv() => match order {
                    Some(order) => self.order(order),
                    None => break,
                },
                received = self.socket.recv_from(&mut octets) => {
                    if let Ok((length, from)) = received {
                        self.received(from, &octets[..length]);
                    }
                }
            }
        }
        if let (Some(control), Some(to)) = (&self.control, self.control_address()) {
            let report = goodbye(self.clock.now(), self.source, self.timestamp, self.counts);
            let _ = control.send_to(&report, to).await;
        }
    }

    fn order(&mut self, order: Order) {
        match order {
            Order::Agreed(agreed) => {
                if self.agreed.is_none_or(|before| before.remote != agreed.remote) {
                    self.remote = None;
                    self.spurt = true;
                }
                self.events |= agreed.events.is_some();
                self.agreed = Some(agreed);
            }
            Order::Play(samples, number) => self.playing.push_back((samples, 0, number)),
            Order::Hush => self.playing.clear(),
            Order::Press(keys) => {
                self.keys.press(&keys);
                self.pressing = true;
            }
            Order::Record(plan) => {
                self.recording = Some(Kept { sound: Vec::new(), plan, turns: 0, quiet: 0, spoken: false });
            }
            Order::StopRecording => self.recorded(Ended::Stopped),
            Order::Join(to, from) => self.joined = Some((to, from)),
            Order::Part => self.joined = None,
        }
    }

    /// Told in its turn; when nobody reads for long, it is lost rather than holding up the sound.
    fn tell(&self, heard: Heard) {
        let _ = self.heard.try_send(heard);
    }

    fn recorded(&mut self, ended: Ended) {
        if let Some(kept) = self.recording.take() {
            self.tell(Heard::Recorded(kept.sound, ended));
        }
    }

    fn received(&mut self, from: SocketAddr, octets: &[u8]) {
        let Some(agreed) = self.agreed else { return };
        let Some(packet) = Packet::parse(octets) else { return };
        // The first address that sends is believed; one that was described, always. Nobody else.
        if from != agreed.remote && self.remote.is_some_and(|known| known != from) {
            return;
        }
        let key = agreed.events == Some(packet.kind);
        let codec = match packet.kind {
            0 => Codec::Pcmu,
            8 => Codec::Pcma,
            _ if key => agreed.codec,
            _ => return,
        };
        self.remote = Some(from);
        let now = self.clock.now();
        self.last_packet = Some(now);
        if self.stream != Some(packet.source) {
            self.stream = Some(packet.source);
            self.jitter.reset();
            self.arrival = None;
        }
        if key {
            if let Some(pressed) = self.pressed.take(packet.timestamp, packet.payload) {
                self.tell(Heard::Key(pressed));
            }
            return;
        }
        let transit = now.0 - i64::from(packet.timestamp) * 125;
        let mut stats = self.stats.lock();
        stats.received += 1;
        if let Some(before) = self.arrival.replace(transit) {
            // A new talk-spurt may jump; what jumps by a second is no jitter.
            let difference = (transit - before).unsigned_abs();
            if difference < 1_000_000 {
                stats.jitter = (stats.jitter * 15 + difference) / 16;
            }
        }
        drop(stats);
        self.jitter.push(packet.sequence, (codec, packet.payload.to_vec()));
    }

    async fn turn(&mut self, now: Timestamp, late: u64) {
        self.turns += 1;
        self.hear(now);
        self.speak().await;
        if self.turns.is_multiple_of(REPORT)
            && let (Some(control), Some(to)) = (&self.control, self.control_address())
        {
            let report = sender_report(now, self.source, self.timestamp, self.counts);
            let _ = control.send_to(&report, to).await;
        }
        let mut stats = self.stats.lock();
        stats.late = stats.late.max(late);
        (stats.lost, stats.dropped) = (self.jitter.lost, self.jitter.dropped);
    }

    fn control_address(&self) -> Option<SocketAddr> {
        let agreed = self.agreed.filter(|agreed| agreed.send)?;
        let at = self.remote.unwrap_or(agreed.remote);
        Some(SocketAddr::new(at.ip(), at.port().checked_add(1)?))
    }

    /// One frame of what the other side says.
    fn hear(&mut self, now: Timestamp) {
        while self.pending.len() < FRAME {
            match self.jitter.pop() {
                Next::Packet((codec, octets)) => {
                    let samples = linear(codec, &octets);
                    self.pending.extend(&samples);
                    self.last = samples;
                }
                Next::Lost => {
                    // What was heard last, half as loud: gaps of one frame are hardly noticed then.
                    self.last.iter_mut().for_each(|sample| *sample /= 2);
                    if self.last.is_empty() {
                        self.last = vec![0; FRAME];
                    }
                    self.pending.extend(&self.last);
                }
                Next::Empty => break,
            }
        }
        let listening = self.agreed.is_some_and(|agreed| agreed.receive);
        let frame: Vec<i16> = if self.pending.len() >= FRAME && listening {
            self.pending.drain(..FRAME).collect()
        } else {
            vec![0; FRAME]
        };
        if !self.events {
            for key in self.detector.take(&frame) {
                self.tell(Heard::Key(key));
            }
        }
        if let Some((to, _)) = &self.joined {
            let _ = to.try_send(frame.clone());
        }
        self.keep(&frame);
        let silent = self.last_packet.is_some_and(|last| now >= last.plus_seconds(GONE));
        if silent && listening {
            self.last_packet = None;
            self.tell(Heard::Gone);
        }
    }

    fn keep(&mut self, frame: &[i16]) {
        let Some(kept) = &mut self.recording else { return };
        kept.sound.extend(frame.iter().map(|sample| ulaw(*sample)));
        kept.turns += 1;
        let loudness: u64 = frame.iter().map(|sample| (i64::from(*sample) * i64::from(*sample)) as u64).sum();
        if loudness / FRAME as u64 > QUIET {
            (kept.spoken, kept.quiet) = (true, 0);
        } else {
            kept.quiet += 1;
        }
        let plan = kept.plan;
        if kept.turns >= plan.most {
            self.recorded(Ended::Full);
        } else if plan.silence > 0 && kept.quiet >= plan.silence {
            // Silence before the first word counts too: nobody wants to say anything.
            self.recorded(Ended::Silence);
        }
    }

    /// One frame of what we say.
    async fn speak(&mut self) {
        let timestamp = self.timestamp;
        self.timestamp = self.timestamp.wrapping_add(FRAME as u32);
        let Some(agreed) = self.agreed else { return };
        let turn = self.keys.turn(timestamp);
        if self.pressing && self.keys.is_idle() {
            self.pressing = false;
            self.tell(Heard::Sent);
        }
        match (turn, agreed.events) {
            (Turn::Key { event, timestamp, first, .. }, Some(kind)) => {
                self.send(agreed, (kind, first, timestamp), &event.octets()).await;
                return;
            }
            (Turn::Key { event, key, .. }, None) => {
                let at = usize::from(event.duration) - FRAME;
                let sound = tone(key, at + FRAME, 6000.0);
                self.sound(agreed, timestamp, &sound[at..]).await;
                return;
            }
            (Turn::Silence, _) => {
                self.sound(agreed, timestamp, &[0; FRAME]).await;
                return;
            }
            (Turn::Sound, _) => {}
        }
        let frame = self.frame();
        self.sound(agreed, timestamp, &frame).await;
    }

    /// What is said now: what is played, or what a joined call says, or silence.
    fn frame(&mut self) -> Vec<i16> {
        let mut frame = Vec::with_capacity(FRAME);
        while frame.len() < FRAME {
            let Some((samples, at, number)) = self.playing.front_mut() else { break };
            let end = (*at + FRAME - frame.len()).min(samples.len());
            frame.extend_from_slice(&samples[*at..end]);
            *at = end;
            if end == samples.len() {
                let number = *number;
                self.playing.pop_front();
                self.tell(Heard::Played(number));
            }
        }
        if frame.is_empty()
            && let Some((_, from)) = &mut self.joined
        {
            // More than three frames waiting is delay that nobody wants.
            while from.len() > 3 {
                let _ = from.try_recv();
            }
            frame = from.try_recv().unwrap_or_default();
        }
        frame.resize(FRAME, 0);
        frame
    }

    async fn sound(&mut self, agreed: Agreed, timestamp: u32, samples: &[i16]) {
        let payload = write(agreed.codec, samples);
        let first = std::mem::take(&mut self.spurt);
        self.send(agreed, (agreed.codec.payload(), first, timestamp), &payload).await;
    }

    async fn send(&mut self, agreed: Agreed, (kind, marker, timestamp): (u8, bool, u32), payload: &[u8]) {
        if !agreed.send {
            self.spurt = true;
            return;
        }
        let sequence = self.sequence;
        self.sequence = self.sequence.wrapping_add(1);
        let packet = Packet { marker, kind, sequence, timestamp, source: self.source, payload };
        let to = self.remote.unwrap_or(agreed.remote);
        if self.socket.send_to(&packet.octets(), to).await.is_ok() {
            self.counts.packets = self.counts.packets.wrapping_add(1);
            self.counts.octets = self.counts.octets.wrapping_add(payload.len() as u32);
            self.stats.lock().sent += 1;
        }
    }
}
