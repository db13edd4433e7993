//! What an attacker could learn from the time that an answer takes. A measurement, not a judgement: run it by
//! `cargo test --test api -- --ignored --nocapture how_long`, with nothing else running.

use std::time::Instant;

use chrono::TimeDelta;

use super::log_in;
use crate::support::TestApp;

#[test]
#[ignore = "measures; run with --ignored --nocapture"]
fn how_long_an_unknown_user_and_a_wrong_password_take() {
    let app = TestApp::start();
    let username = app.agency().username;
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    for try_ in 0..510 {
        // Beyond the window of guesses each time.
        app.clock.advance(TimeDelta::minutes(11));
        for (name, times) in [(username.as_str(), &mut wrong), ("nobody", &mut unknown)] {
            let started = Instant::now();
            log_in(&app, name, "không phải mật khẩu").problem(401, "login_failed");
            // The first ones warm up.
            if try_ >= 10 {
                times.push(started.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    let tell = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        let variance = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / times.len() as f64;
        (mean, variance, times[times.len() / 2])
    };
    let ((wrong_mean, wrong_variance, wrong_median), (mean, variance, median)) = (tell(&mut wrong), tell(&mut unknown));
    let t = (wrong_mean - mean) / ((wrong_variance + variance) / 500.0).sqrt();
    println!("wrong password: median {wrong_median:.2} ms, mean {wrong_mean:.2} ms");
    println!("unknown user: median {median:.2} ms, mean {mean:.2} ms; Welch's t {t:.2}");
}
