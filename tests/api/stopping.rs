//! The service told to stop while clients keep connections to it, and what strangers make it log.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    process::Stdio,
};

use rustix::process::Signal;

use crate::embedded::{Home, until};

const REQUEST: &[u8] = b"GET /problems/not_found HTTP/1.1\r\nHost: here\r\n\r\n";

/// The answer to one request, if there is one.
fn ask(connection: &mut TcpStream) -> Option<String> {
    connection.write_all(REQUEST).ok()?;
    let (mut read, mut part) = (String::new(), [0; 4096]);
    while !read.ends_with('}') {
        match connection.read(&mut part) {
            Ok(some) if some > 0 => read.push_str(std::str::from_utf8(&part[..some]).expect("text")),
            _ => return None,
        }
    }
    Some(read)
}

fn says_close(answer: &str) -> bool {
    answer.to_lowercase().contains("connection: close")
}

#[test]
fn who_keeps_a_connection_is_answered_once_more_and_told_to_go() {
    let home = Home::new();
    let mut service = home.serve();
    let address = service.url.trim_start_matches("http://").to_owned();
    let mut kept: Vec<TcpStream> = (0..16).map(|_| TcpStream::connect(&address).unwrap()).collect();
    for connection in &mut kept {
        assert!(!says_close(&ask(connection).expect("an answer")), "before the signal a connection is kept");
    }
    service.signal(Signal::TERM);
    until("nobody new is let in", || TcpStream::connect(&address).is_err());
    for connection in &mut kept {
        let answer = ask(connection).expect("an answer after the signal");
        assert!(answer.starts_with("HTTP/1.1 200") && says_close(&answer), "{answer}");
        assert_eq!(connection.read(&mut [0; 16]).unwrap_or(0), 0, "then it is closed");
    }
    assert!(service.ends(), "it ends well");
}

#[test]
fn an_idle_connection_does_not_hold_up_the_end() {
    let home = Home::new();
    let mut service = home.serve();
    let mut idle = TcpStream::connect(service.url.trim_start_matches("http://")).unwrap();
    ask(&mut idle).expect("an answer");
    service.signal(Signal::TERM);
    assert_eq!(idle.read(&mut [0; 16]).unwrap_or(0), 0, "it is cut");
    assert!(service.ends(), "it ends well");
}

#[test]
fn unreadable_requests_are_not_logged_as_errors() {
    let home = Home::new();
    let mut serve = home.command(&["serve", "--bind", "127.0.0.1:0"]);
    serve.stderr(Stdio::piped()).env("RUST_LOG", "info");
    let mut service = Home::start(serve);
    let (address, mut stderr) = (service.url.trim_start_matches("http://").to_owned(), service.stderr());
    for sent in
        ["\u{16}\u{3}\u{1}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET \u{e9} HTTP/1.1\r\n\r\n", "G\0T / HTTP/1.1\r\n\r\n"]
    {
        let mut connection = TcpStream::connect(&address).unwrap();
        connection.write_all(sent.as_bytes()).unwrap();
        connection.shutdown(Shutdown::Write).unwrap();
        connection.read_to_end(&mut Vec::new()).ok();
    }
    service.signal(Signal::TERM);
    assert!(service.ends(), "it ends well");
    let mut logged = String::new();
    stderr.read_to_string(&mut logged).unwrap();
    assert!(!logged.contains("ERROR"), "{logged}");
}
