//! Connections: how many one address and all together may open, and what becomes of one whose client does not read.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use rstest::rstest;

use crate::{embedded::until, support::TestApp};

fn connect(app: &TestApp) -> TcpStream {
    let connection = TcpStream::connect(app.service().issuer.url().trim_start_matches("http://")).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    connection
}

const ALIVE: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n";

/// What a connection answers to one request, up to where it stays silent or ends.
fn answer(mut connection: &TcpStream) -> String {
    // Who is one too many may be cut off while sending.
    connection.write_all(ALIVE).ok();
    let mut part = [0; 8192];
    let read = connection.read(&mut part).unwrap_or(0);
    String::from_utf8_lossy(&part[..read]).into_owned()
}

#[rstest]
#[case::of_one_address(0, 2, "429", "connections_of_address")]
#[case::in_all(2, 0, "503", "connections_taken")]
fn a_connection_too_many_is_answered_and_closed(
    #[case] connections: usize,
    #[case] of_address: usize,
    #[case] status: &str,
    #[case] code: &str,
) {
    let app = TestApp::start_with(|config| {
        (config.edge.connections, config.edge.address_connections) = (connections, of_address);
    });
    let open = [connect(&app), connect(&app)];
    for connection in &open {
        assert!(answer(connection).starts_with("HTTP/1.1 200"));
    }
    let mut third = connect(&app);
    let refused = answer(&third);
    assert!(refused.starts_with(&format!("HTTP/1.1 {status}")) && refused.contains(code), "{refused}");
    assert!(refused.contains("Connection: close") && refused.contains("Retry-After: 1"), "{refused}");
    assert!(matches!(third.read(&mut [0; 16]), Ok(0) | Err(_)), "it is closed");
    drop(open);
    until("there is room again", || answer(&connect(&app)).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_trusted_proxy_opens_as_many_as_all_may() {
    let app = TestApp::start_with(|config| {
        config.edge.address_connections = 1;
        config.edge.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    });
    let open: Vec<TcpStream> = (0..5).map(|_| connect(&app)).collect();
    assert!(open.iter().all(|connection| answer(connection).starts_with("HTTP/1.1 200")));
}

#[rstest]
#[case("/openapi.json")]
#[case("/docs/swagger-ui-bundle.js")]
#[case("/problems")]
fn who_does_not_read_is_cut_off(#[case] path: &str) {
    let app = TestApp::start_with(|config| config.request_seconds = 1);
    let connection = connect(&app);
    let request = format!("GET {path} HTTP/1.1\r\nHost: here\r\n\r\n");
    connection.set_nonblocking(true).unwrap();
    until("the connection is cut off", || match (&connection).write(request.as_bytes()) {
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
        Ok(_) => connection.take_error().unwrap().is_some(),
    });
    app.anon().get("/problems").ok();
}

#[test]
fn a_long_answer_comes_whole() {
    let app = TestApp::start_with(|config| config.request_seconds = 1);
    let whole = app.anon().get("/openapi.json").ok().text();
    let mut connection = connect(&app);
    connection.write_all(b"GET /openapi.json HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").unwrap();
    let (mut read, mut part) = (Vec::new(), [0; 1024]);
    loop {
        match connection.read(&mut part).unwrap() {
            0 => break,
            some => read.extend_from_slice(&part[..some]),
        }
    }
    let text = String::from_utf8(read).unwrap();
    assert_eq!(text.split_once("\r\n\r\n").unwrap().1, whole);
}
