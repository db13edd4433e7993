//! The end of an instance: from the signal on no connection is accepted, and every answer says `Connection: close`; idle
//! connections are cut a while later, so that a request that its client had already sent is answered.

use std::{
    future::{Future, pending},
    time::Duration,
};

use tokio::sync::watch;

/// How long idle connections are kept for a request that is on its way.
const KEPT: Duration = Duration::from_secs(1);

/// Whether this instance is leaving. Clones share it.
#[derive(Clone)]
pub struct Leaving(watch::Receiver<bool>);

/// Turns the end of `stop` into [`Leaving`], and passes it on.
pub fn leaving(
    stop: impl Future<Output = ()> + Send + 'static,
) -> (Leaving, impl Future<Output = ()> + Send + 'static) {
    let (tell, told) = watch::channel(false);
    let stop = async move {
        stop.await;
        tell.send_replace(true);
    };
    (Leaving(told), stop)
}

impl Leaving {
    pub fn is_near(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when idle connections are to be cut.
    pub async fn idle_connections_end(self) {
        let mut told = self.0;
        if told.wait_for(|leaving| *leaving).await.is_err() {
            pending::<()>().await;
        }
        tokio::time::sleep(KEPT).await;
    }
}
