use std::sync::Arc;

use kernel::Timestamp;
use tokio::sync::Semaphore;

use crate::dkim::{KeyError, SignError, Signer};

/// Signs off the event loop. As many at the same time as the machine has cores: more would only make
/// all of them slower, and a permit lives two seconds.
pub(super) struct Signing {
    places: Arc<Semaphore>,
}

impl Default for Signing {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { places: Arc::new(Semaphore::new(cores)) }
    }
}

impl Signing {
    /// The message with its signatures in front.
    pub(super) async fn sign(
        &self,
        signer: &Arc<Signer>,
        message: Vec<u8>,
        at: Timestamp,
    ) -> Result<Vec<u8>, SignError> {
        if !signer.is_costly() {
            return signer.signed(&message, at);
        }
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| KeyError::Library)?;
        let signer = Arc::clone(signer);
        let signed = tokio::task::spawn_blocking(move || {
            let signed = signer.signed(&message, at);
            drop(place);
            signed
        });
        signed.await.map_err(|_| KeyError::Library)?
    }
}
