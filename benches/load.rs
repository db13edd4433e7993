//! The bench's load: sends prepared requests over some connections at once, reads every answer and says how fast and how
//! late they came. One blocking thread a connection: service, Postgres and load share the cores, and this costs least.
//!
//! `load ADDRESS CONNECTIONS SECONDS GROUP FILE`: the file holds requests, each after a line with its length in bytes. A
//! group of requests stays on one connection, in its order. With 0 seconds each request is sent once, else all of them
//! again and again. Prints one line of JSON. An answer outside 2xx is counted as failed, and the first one is shown.

use std::{
    env, fs,
    io::{Read, Write},
    net::TcpStream,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

/// What one connection saw.
#[derive(Default)]
struct Seen {
    micros: Vec<u32>,
    failed: Vec<String>,
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [address, connections, seconds, group, file] = &arguments[..] else {
        panic!("load ADDRESS CONNECTIONS SECONDS GROUP FILE")
    };
    let number = |text: &String| text.parse::<f64>().expect("a number");
    let (connections, group) = (number(connections) as usize, number(group) as usize);
    let file = fs::read(file).expect("the file of requests");
    let requests = read(&file);
    let begin = Barrier::new(connections + 1);
    let (seen, took) = thread::scope(|scope| {
        let own = |of: usize| requests.chunks(group).skip(of).step_by(connections).flatten().collect::<Vec<_>>();
        let threads: Vec<_> = (0..connections)
            .map(|of| (own(of), &begin))
            .map(|(own, begin)| scope.spawn(move || send(address, &own, number(seconds), begin)))
            .collect();
        begin.wait();
        let begun = Instant::now();
        let seen: Vec<Seen> = threads.into_iter().map(|thread| thread.join().expect("a connection")).collect();
        (seen, begun.elapsed())
    });
    let mut micros: Vec<u32> = seen.iter().flat_map(|seen| seen.micros.iter().copied()).collect();
    micros.sort_unstable();
    let failed: Vec<&String> = seen.iter().flat_map(|seen| &seen.failed).collect();
    let at = |share: f64| micros.get((micros.len() as f64 * share) as usize).copied().unwrap_or_default();
    println!(
        r#"{{"requests": {}, "seconds": {:.4}, "p50": {}, "p99": {}, "failed": {}, "first_failed": {:?}}}"#,
        micros.len(),
        took.as_secs_f64(),
        at(0.5),
        at(0.99),
        failed.len(),
        failed.first().map_or("", |answer| answer.as_str())
    );
}

fn read(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut requests = Vec::new();
    while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
        let length: usize = std::str::from_utf8(&bytes[..end]).expect("a length").parse().expect("a length");
        let (request, rest) = bytes[end + 1..].split_at(length);
        requests.push(request);
        bytes = rest;
    }
    requests
}

fn send(address: &str, requests: &[&&[u8]], seconds: f64, begin: &Barrier) -> Seen {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let (mut seen, mut buffer) = (Seen::default(), Vec::new());
    begin.wait();
    let until = Instant::now() + Duration::from_secs_f64(seconds);
    loop {
        for request in requests {
            let begun = Instant::now();
            stream.write_all(request).expect("a request sent");
            let answer = receive(&mut stream, &mut buffer);
            seen.micros.push(begun.elapsed().as_micros() as u32);
            if !answer.starts_with("HTTP/1.1 2") {
                seen.failed.push(answer);
            }
            if seconds > 0.0 && Instant::now() >= until {
                return seen;
            }
        }
        if seconds == 0.0 || requests.is_empty() {
            return seen;
        }
    }
}

/// One answer, read to its end; its beginning, where it is no success.
fn receive(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> String {
    buffer.clear();
    let mut whole = usize::MAX;
    let mut part = [0; 64 * 1024];
    while buffer.len() < whole {
        let read = stream.read(&mut part).expect("an answer");
        assert!(read > 0, "the connection was closed: {}", String::from_utf8_lossy(buffer));
        buffer.extend_from_slice(&part[..read]);
        if whole == usize::MAX
            && let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n")
        {
            whole = end + 4 + length(&String::from_utf8_lossy(&buffer[..end]));
        }
    }
    let shown = if buffer.starts_with(b"HTTP/1.1 2") { 10 } else { 600 };
    String::from_utf8_lossy(&buffer[..shown.min(buffer.len())]).into_owned()
}

/// Of the body, as the head says.
fn length(head: &str) -> usize {
    let mut named = head.lines().filter_map(|line| line.split_once(':'));
    let length = named.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    length.map_or(0, |(_, value)| value.trim().parse().expect("a length"))
}
