//! Clients' connections: counted while they are open, bounded for one address and in total, and cut when a client does
//! not take what it is sent.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use ipnet::IpNet;
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Sleep,
};

use super::{
    address::network,
    unread::{in_place_of, raw},
};
use crate::{config::Edge, http::Error};

/// What the system keeps of an answer that its client has not taken. It bounds the memory of a connection, and its
/// space comes free in steps that are small enough to see a slow client from one that does not read.
const UNTAKEN: usize = 128 * 1024;

/// The open connections of this instance.
pub struct Connections {
    most: usize,
    most_of_address: usize,
    /// Proxies: many clients share their addresses.
    trusted: Vec<IpNet>,
    /// How long a client may take nothing of its answer.
    patience: Duration,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A counted connection, until it is dropped.
struct Place {
    connections: Arc<Connections>,
    /// None for a proxy.
    address: Option<IpAddr>,
}

impl Connections {
    pub fn of(edge: &Edge, patience: Duration) -> Arc<Self> {
        Arc::new(Self {
            most: edge.connections,
            most_of_address: edge.address_connections,
            trusted: edge.trusted_proxies.clone(),
            patience,
            open: Mutex::default(),
        })
    }

    /// Takes a new connection. One that is too many gets its answer at once, and is closed.
    pub fn accept(self: &Arc<Self>, stream: TcpStream) -> io::Result<(Connection, Option<SocketAddr>)> {
        let peer = stream.peer_addr()?;
        let socket = SockRef::from(&stream);
        socket.set_tcp_nodelay(true)?;
        socket.set_send_buffer_size(UNTAKEN)?;
        match self.enter(peer.ip().to_canonical()) {
            Ok(place) => {
                let connection =
                    Connection { stream, patience: self.patience, stuck: None, instead: Vec::new(), _place: place };
                Ok((connection, Some(peer)))
            }
            Err(refused) => {
                metrics::counter!("http_connections_refused_total", "code" => refused.code()).increment(1);
                // The runtime does not know yet that the new connection can be written to.
                socket.send(&raw(&refused, "Retry-After: 1\r\n")).ok();
                Err(io::ErrorKind::ConnectionRefused.into())
            }
        }
    }

    fn enter(self: &Arc<Self>, peer: IpAddr) -> Result<Place, Error> {
        let address = (!self.trusted.iter().any(|net| net.contains(&peer))).then(|| network(peer));
        let mut open = self.open();
        if is_full(open.total, self.most) {
            return Err(Error::of("connections_taken").with("retry_after", 1));
        }
        if let Some(address) = address {
            let of_address = open.by_address.entry(address).or_default();
            if is_full(*of_address, self.most_of_address) {
                return Err(Error::of("connections_of_address")
                    .with("most", self.most_of_address)
                    .with("retry_after", 1));
            }
            *of_address += 1;
        }
        open.total += 1;
        Ok(Place { connections: self.clone(), address })
    }

    /// A poisoned lock still holds a whole state.
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 0 is no bound.
fn is_full(open: usize, most: usize) -> bool {
    most > 0 && open >= most
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        open.total -= 1;
        if let Some(address) = self.address
            && let Some(of_address) = open.by_address.get_mut(&address)
        {
            *of_address -= 1;
            if *of_address == 0 {
                open.by_address.remove(&address);
            }
        }
    }
}

/// An accepted connection.
pub struct Connection {
    stream: TcpStream,
    patience: Duration,
    /// Set while the client takes nothing of what it is sent.
    stuck: Option<Pin<Box<Sleep>>>,
    /// What is left of a problem that is sent in place of a bare answer.
    instead: Vec<u8>,
    _place: Place,
}

impl Connection {
    fn write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(cx, bytes) {
            Poll::Pending => self.wait(cx),
            done => {
                self.stuck = None;
                done
            }
        }
    }

    /// The client takes nothing: it is waited for a while, then the connection fails.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let patience = self.patience;
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        ready!(stuck.as_mut().poll(cx));
        // What is left is thrown away with the connection, also by the system.
        SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)).ok();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.instead.is_empty() {
            match in_place_of(buf) {
                Some(problem) => this.instead = problem,
                None => return this.write(cx, buf),
            }
        }
        while !this.instead.is_empty() {
            let left = std::mem::take(&mut this.instead);
            let written = this.write(cx, &left);
            let taken = if let Poll::Ready(Ok(taken)) = written { taken } else { 0 };
            this.instead = left[taken..].to_vec();
            if taken == 0 {
                return written;
            }
        }
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
