//! A site of pictures on this machine, so that the lesson needs no network and its runs can be compared.
//!
//! It serves what the site of the Python original serves: a category with pages of twenty pictures, a detail page for
//! each picture, and the pictures, about 600 kB of JPEG each. Every request waits [`Options::latency`] before its
//! answer, as it would on the way to a real site; a new connection takes [`Options::connect`] more, and all answers
//! share [`Options::bandwidth`]. [`Counters`] tell what was asked of it: a test can assert how often somebody connected,
//! or how many requests were under way at once, without measuring any time. [`process`] opens a gallery in a process of
//! its own.
//!
//! ```
//! use gallery::{Gallery, Options};
//!
//! let gallery = Gallery::start(&Options::default())?;
//! assert!(gallery.url().starts_with("http://127.0.0.1:"));
//! assert_eq!(gallery.pictures().len(), 20);
//! assert_eq!(gallery.counters().requests, 0);
//! # std::io::Result::Ok(())
//! ```

mod body;
mod connections;
mod content;
mod fault;
mod jpeg;
mod markup;
mod options;
mod picture;
mod process;
mod request;
mod response;
mod response_writer;
mod server;
mod throttle;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use serde::{Deserialize, Serialize};

pub use fault::{Fault, Resource};
pub use options::Options;
pub use picture::Picture;
pub use process::{ARGUMENT, GalleryProcess, serve};
use server::Server;

/// What was asked of a gallery so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Connections accepted.
    pub connections: usize,
    /// Requests received.
    pub requests: usize,
    /// Requests for pictures among them.
    pub picture_requests: usize,
    /// Bytes of bodies sent, of those that were sent whole.
    pub bytes: usize,
    /// The most requests that were under way at the same time: received, and not yet answered to the last bytes.
    pub peak: usize,
}

/// A running gallery. Dropped, it closes its connections and ends its threads.
#[derive(Debug)]
pub struct Gallery {
    address: SocketAddr,
    server: Arc<Server>,
    acceptor: Option<JoinHandle<()>>,
}

impl Gallery {
    /// Opens a gallery on 127.0.0.1, at a port that the system chooses.
    ///
    /// # Errors
    /// When no gallery can be like that, or no port can be had.
    pub fn start(options: &Options) -> io::Result<Self> {
        options.check()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let server = Arc::new(Server::new(options));
        let acceptor = thread::Builder::new().name("gallery".to_owned()).spawn({
            let server = Arc::clone(&server);
            move || server.serve(&listener)
        })?;
        Ok(Self { address, server, acceptor: Some(acceptor) })
    }

    /// The address of its first page. The host is a number, so that nobody has to look up a name.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, markup::CATEGORY)
    }

    /// The pictures of its first page, in the page's order.
    #[must_use]
    pub fn pictures(&self) -> &[Picture] {
        self.server.content.first_page()
    }

    /// The pictures of all its pages, in the pages' order.
    #[must_use]
    pub fn all_pictures(&self) -> &[Picture] {
        self.server.content.pictures()
    }

    /// What was asked of it so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.server.connections.counters()
    }

    /// Waits until what was asked of it fulfils `condition`.
    pub fn wait_until(&self, condition: impl Fn(&Counters) -> bool) {
        self.server.connections.wait_until(condition);
    }
}

impl Drop for Gallery {
    fn drop(&mut self) {
        self.server.close();
        // The acceptor's thread waits for somebody to come in; this one finds the server closed.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}
