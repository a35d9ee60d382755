//! Words become sound: espeak-ng as a program of its own (it is under the GPL and never linked).

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Semaphore;

use crate::rtp::{RATE, read_wav};

/// How long the program may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most octets of a WAV file that it writes: five minutes at its rate.
const LARGEST: u64 = 300 * 22_050 * 2 + 1024;
/// Programs at the same time.
const TOGETHER: usize = 2;
/// Most samples that are kept: sixteen megabytes.
const KEPT: usize = 8_000_000;

/// Why words are not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    /// The program is not there.
    #[error("the voice program does not start")]
    Missing,
    /// It took too long, or wrote no sound.
    #[error("the voice program did not make a sound in time")]
    Failed,
}

#[derive(Default)]
struct Cache {
    sounds: BTreeMap<(String, String), Arc<Vec<i16>>>,
    order: std::collections::VecDeque<(String, String)>,
    samples: usize,
}

/// Makes sound from words. Cheap to clone.
#[derive(Clone)]
pub struct Speech {
    program: String,
    running: Arc<Semaphore>,
    cache: Arc<Mutex<Cache>>,
}

impl Speech {
    /// With the program of this name.
    pub fn new(program: impl Into<String>) -> Self {
        Self { program: program.into(), running: Arc::new(Semaphore::new(TOGETHER)), cache: Arc::default() }
    }

    /// The sound of words in a language. `keep` says whether others will say the same: words about one
    /// person are not kept.
    ///
    /// # Errors
    /// [`SpeechError`].
    pub async fn say(&self, text: &str, language: &str, keep: bool) -> Result<Arc<Vec<i16>>, SpeechError> {
        let name = (language.to_owned(), text.to_owned());
        if let Some(known) = self.cache.lock().sounds.get(&name) {
            return Ok(Arc::clone(known));
        }
        let _place = self.running.acquire().await.map_err(|_| SpeechError::Failed)?;
        let child = start(&self.program, language)?;
        let child = Arc::new(Mutex::new(child));
        let (writing, words) = (Arc::clone(&child), text.to_owned());
        let work = tokio::task::spawn_blocking(move || converse(&writing, &words));
        let made = tokio::time::timeout(PATIENCE, work).await;
        if made.is_err() {
            let _ = child.lock().kill();
        }
        let sound = Arc::new(made.map_err(|_| SpeechError::Failed)?.map_err(|_| SpeechError::Failed)??);
        if sound.len() < RATE as usize / 50 {
            return Err(SpeechError::Failed);
        }
        if keep {
            self.cache.lock().keep(name, &sound);
        }
        Ok(sound)
    }
}

impl Cache {
    fn keep(&mut self, name: (String, String), sound: &Arc<Vec<i16>>) {
        if sound.len() > KEPT / 4 || self.sounds.contains_key(&name) {
            return;
        }
        self.samples += sound.len();
        self.order.push_back(name.clone());
        self.sounds.insert(name, Arc::clone(sound));
        while self.samples > KEPT {
            let Some(oldest) = self.order.pop_front() else { return };
            self.samples -= self.sounds.remove(&oldest).map_or(0, |sound| sound.len());
        }
    }
}

fn start(program: &str, language: &str) -> Result<Child, SpeechError> {
    let voice = if language == "ar" { "ar" } else { "en-gb" };
    Command::new(program)
        .args(["-v", voice, "-s", "150", "--stdin", "--stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| SpeechError::Missing)
}

/// Writes the words and reads the sound. The lock is not held while that takes, so that the program can
/// be ended.
fn converse(child: &Mutex<Child>, text: &str) -> Result<Vec<i16>, SpeechError> {
    let (input, output) = {
        let mut child = child.lock();
        (child.stdin.take(), child.stdout.take())
    };
    let (Some(mut input), Some(output)) = (input, output) else { return Err(SpeechError::Failed) };
    input.write_all(text.as_bytes()).map_err(|_| SpeechError::Failed)?;
    drop(input);
    let mut octets = Vec::new();
    output.take(LARGEST).read_to_end(&mut octets).map_err(|_| SpeechError::Failed)?;
    let mut child = child.lock();
    let _ = child.kill();
    let _ = child.wait();
    drop(child);
    read_wav(&octets).map_err(|_| SpeechError::Failed)
}
