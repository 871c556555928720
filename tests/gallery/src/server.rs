//! The server: HTTP/1.1, one thread per connection, persistent connections.

use std::io::{self, BufReader};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::connections::{Connections, Counters};
use crate::content::Content;
use crate::markup::CATEGORY;
use crate::options::Options;
use crate::picture::Picture;
use crate::request::Request;
use crate::response::Response;
use crate::response_writer::ResponseWriter;
use crate::throttle::Throttle;

/// Back-off after a failed `accept`, for example when no file descriptor is free.
const BACK_OFF: Duration = Duration::from_millis(10);

/// A running gallery. Dropping it closes its connections and waits for its threads.
#[derive(Debug)]
pub struct Gallery {
    address: SocketAddr,
    server: Arc<Server>,
    acceptor: Option<JoinHandle<()>>,
}

impl Gallery {
    /// Starts a gallery on 127.0.0.1.
    ///
    /// # Errors
    /// Returns an error if an option is out of range, the port is in use or no thread can be started.
    pub fn start(options: &Options) -> io::Result<Self> {
        options.validate()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        let address = listener.local_addr()?;
        let server = Arc::new(Server {
            content: Content::new(options),
            connections: Connections::new(options.min_concurrent),
            throttle: Throttle::new(options.bandwidth),
            options: options.clone(),
        });
        let acceptor = thread::Builder::new().name("gallery".to_owned()).spawn({
            let server = Arc::clone(&server);
            move || server.accept_connections(&listener)
        })?;
        Ok(Self { address, server, acceptor: Some(acceptor) })
    }

    /// Returns the URL of the first page. The host is an IP address, so that clients need no name lookup.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}{CATEGORY}", self.address)
    }

    /// Returns the pictures of the first page, in the order of the page.
    #[must_use]
    pub fn first_page(&self) -> &[Picture] {
        self.server.content.first_page()
    }

    /// Returns the pictures of all pages, in the order of the pages.
    #[must_use]
    pub fn pictures(&self) -> &[Picture] {
        &self.server.content.pictures
    }

    /// Returns what clients have asked so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.server.connections.counters()
    }

    /// Blocks until `condition` is true for the counters.
    pub fn wait_until(&self, condition: impl Fn(&Counters) -> bool) {
        self.server.connections.wait_until(condition);
    }

    /// Closes the gallery as dropping it does, and returns the final counters.
    #[must_use]
    pub fn close(mut self) -> Counters {
        self.shut_down();
        self.counters()
    }

    fn shut_down(&mut self) {
        let Some(acceptor) = self.acceptor.take() else { return };
        self.server.connections.close();
        // A connection wakes the acceptor, which then sees that the gallery is closed. If this one fails, the acceptor
        // sleeps until another client connects, which may be never.
        if TcpStream::connect(self.address).is_ok() {
            let _ = acceptor.join();
        }
    }
}

impl Drop for Gallery {
    fn drop(&mut self) {
        self.shut_down();
    }
}

/// What the threads of a gallery share.
#[derive(Debug)]
struct Server {
    content: Content,
    connections: Connections,
    throttle: Throttle,
    options: Options,
}

impl Server {
    /// Accepts connections, one thread each, until shutdown; then waits for these threads.
    fn accept_connections(&self, listener: &TcpListener) {
        thread::scope(|scope| {
            for stream in listener.incoming() {
                if self.connections.is_closed() {
                    break;
                }
                let Ok(stream) = stream else {
                    thread::sleep(BACK_OFF);
                    continue;
                };
                // If no thread can be started, the connection is closed.
                let _ = thread::Builder::new().spawn_scoped(scope, move || self.handle_connection(&stream));
            }
        });
    }

    /// Serves one connection. Errors are ignored: a client may disconnect at any time.
    fn handle_connection(&self, stream: &TcpStream) {
        let Ok(_open) = self.connections.open(stream) else { return };
        let _ = self.serve_requests(stream);
    }

    fn serve_requests(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        let mut writer = ResponseWriter::new(stream, &self.throttle, &self.connections);
        let mut delay = self.options.connect + self.options.latency;
        while let Some(request) = Request::read(&mut reader)? {
            let sent_whole = self.respond(&request, delay, &mut writer)?;
            delay = self.options.latency;
            if !sent_whole || !request.keep_alive {
                break;
            }
        }
        stream.shutdown(Shutdown::Both)
    }

    /// Sends the response to `request` after `delay`. Returns whether it was sent whole.
    fn respond(
        &self,
        request: &Request,
        delay: Duration,
        writer: &mut ResponseWriter<'_>,
    ) -> io::Result<bool> {
        let is_picture = self.content.is_picture(&request.path);
        let in_flight = self.connections.begin_request(is_picture);
        let deadline = Instant::now() + delay;
        if is_picture {
            self.connections.rendezvous();
        }
        self.connections.sleep_until(deadline);
        let response = if self.options.require_user_agent && !request.has_user_agent {
            Response::error(403)
        } else {
            self.content.response(&request.path)
        };
        writer.send(&response, in_flight)
    }
}
